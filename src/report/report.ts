/** A training run as one HTML file that a browser shows without anything else. */

import { loadCanvas } from "./canvas.ts";
import { confusionMatrix } from "./confusionMatrix.ts";
import { activity, learningCurves } from "./epochs.ts";
import { answer, count, percent, significant, span } from "./format.ts";
import { html, type Markup, type Piece } from "./html.ts";
import { page } from "./page.ts";
import type { ReportData, ReportPart } from "./reportData.ts";
import { spikeCounts } from "./spikeCounts.ts";
import { readoutBars, trialPanels } from "./trialPanels.ts";

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

/** The numbers that a reader looks for first. */
function headline(data: ReportData): Markup {
  const { title, history, seconds, selected, parts } = data;
  const epochs = history.at(-1)!.epoch;
  const time = seconds === undefined ? undefined : fact("Time", span(seconds));
  return html`<header>
<h1>${title}</h1>
<dl class="facts">
${[...parts].reverse().map(accuracy)}
${fact("Epochs", count(epochs), `epoch ${selected.epoch} chosen by ${selected.of === "train" ? "training" : "validation"} accuracy`)}
${time}
</dl>
</header>`;
}

function accuracy({ name, score }: ReportPart): Markup {
  const right = Math.round(score.accuracy * score.trials);
  const detail = `${count(right)} of ${count(score.trials)} trials, loss ${significant(score.loss)}`;
  return fact(`${name[0]!.toUpperCase()}${name.slice(1)} accuracy`, percent(score.accuracy), detail);
}

function fact(name: string, value: string, detail?: string): Markup {
  const small = detail === undefined ? undefined : html`<dd><small>${detail}</small></dd>`;
  return html`<div><dt>${name}</dt><dd>${value}</dd>${small}</div>`;
}
