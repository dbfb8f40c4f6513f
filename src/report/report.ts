/** A training run as one HTML file that a browser shows without anything else. */
import { answer } from "./answer.ts";
import { loadCanvas } from "./canvas.ts";
import { confusionMatrix } from "./confusionMatrix.ts";
import type { ReportData } from "./data.ts";
import { activity, learningCurves } from "./epochs.ts";
import { headline } from "./headline.ts";
import { html, type Markup, type Piece } from "./html.ts";
import { page } from "./page.ts";
import { readoutBars } from "./readoutBars.ts";
import { spikeCounts } from "./spikeCounts.ts";
import { trialPanels } from "./trialPanels.ts";

export async function reportHtml(data: ReportData): Promise<string> {
  const canvas = await loadCanvas();
  const { classes, trial, parts } = data;
  const last = parts.at(-1)!.name;
  return page(
    data.title,
    html`${headline(data)}
<main>
${section("Learning", learningCurves(canvas, data), activity(canvas, data))}
${section(`Confusion of classes, ${last} part`, confusionMatrix(canvas, data))}
${section(`Spikes of hidden neurons, ${last} part`, spikeCounts(canvas, data.spikeCounts))}
${section("One trial", about(data), trialPanels(canvas, trial, classes), readoutBars(canvas, trial, classes))}
${section("Settings", html`<pre>${data.settings}</pre>`)}
</main>
<footer>goldspike ${data.version}</footer>`,
  ).text;
}

function section(title: string, ...content: readonly Piece[]): Markup {
  return html`<section><h2>${title}</h2>
${content}
</section>`;
}

function about({ trial, classes }: ReportData): Markup {
  const { source, index, label, predicted } = trial;
  const verdict =
    label === predicted
      ? "predicted right"
      : `${predicted < 0 ? "" : "predicted "}${answer(predicted, classes)}`;
  return html`<p>Trial ${index} of ${source}: ${classes[label]}, ${verdict}.</p>`;
}
