/** A training run as one HTML file that a browser shows without anything else. */

import { wilsonInterval } from "../training/confidence.ts";
import { loadCanvas } from "./canvas.ts";
import { confusionMatrix } from "./confusionMatrix.ts";
import { activity, learningCurves } from "./epochs.ts";
import { answer, count, percent, significant, span } from "./format.ts";
import { html, type Markup } from "./html.ts";
import { fact, page, section } from "./page.ts";
import type { ReportData, ReportPart, ReportTrial } from "./reportData.ts";
import { spikeCounts } from "./spikeCounts.ts";
import { readoutBars, trialPanels } from "./trialPanels.ts";

export async function reportHtml(data: ReportData): Promise<string> {
  const canvas = await loadCanvas();
  const { classes, trials, parts } = data;
  const last = parts.at(-1)!.name;
  return page(
    data.title,
    html`${headline(data)}
<main>
${section("Learning", learningCurves(canvas, data), activity(canvas, data))}
${section(`Confusion of classes, ${last} part`, confusionMatrix(canvas, data))}
${section(`Spikes of hidden neurons, ${last} part`, spikeCounts(canvas, data.spikeCounts))}
${trials.map((trial) => section(trialTitle(trial), about(trial, classes), trialPanels(canvas, trial, classes), readoutBars(canvas, trial, classes)))}
${section("Settings", html`<pre>${data.settings}</pre>`)}
</main>
<footer>goldspike ${data.version}, ${data.date.slice(0, 16).replace("T", " ")} UTC, seed ${data.seed}, on ${data.host}</footer>`,
  ).text;
}

function trialTitle({ label, predicted }: ReportTrial): string {
  return label === predicted ? "A trial that was understood" : "A trial that was not";
}

function about({ source, index, label, predicted }: ReportTrial, classes: readonly string[]): Markup {
  const verdict =
    label === predicted
      ? "predicted right"
      : `${predicted < 0 ? "" : "predicted "}${answer(predicted, classes)}`;
  return html`<p>Trial ${index} of ${source}: ${classes[label]}, ${verdict}.</p>`;
}

/** The numbers that a reader looks for first. */
function headline(data: ReportData): Markup {
  const { title, history, seconds, selected, parts, parameters } = data;
  const epochs = history.at(-1)!.epoch;
  const learned = history.find(({ epoch }) => epoch === selected.epoch)?.train;
  const time = seconds === undefined ? undefined : fact("Time", span(seconds));
  return html`<header>
<h1>${title}</h1>
<dl class="facts">
${[...parts].reverse().map(accuracy)}
${learned && fact("Training accuracy", percent(learned.accuracy), `in epoch ${selected.epoch}, loss ${significant(learned.loss)}`)}
${baseline(data)}
${fact("Parameters", count(parameters))}
${fact("Epochs", count(epochs), `epoch ${selected.epoch} chosen by ${selected.of === "train" ? "training" : "validation"} accuracy`)}
${time}
</dl>
</header>`;
}

function accuracy({ name, score }: ReportPart): Markup {
  const right = Math.round(score.accuracy * score.trials);
  const detail = `${count(right)} of ${count(score.trials)} trials, loss ${significant(score.loss)}`;
  const { low, high } = wilsonInterval(score.accuracy, score.trials);
  const value = `${(100 * score.accuracy).toFixed(1)} ± ${(50 * (high - low)).toFixed(1)} %`;
  return fact(
    `${name[0]!.toUpperCase()}${name.slice(1)} accuracy`,
    value,
    `n = ${count(score.trials)}: ${detail}`,
  );
}

/** What the accuracy has to be better than: a guess, and what counting spikes tells. */
function baseline({ parts, classes, linear }: ReportData): Markup {
  const counts = new Uint32Array(classes.length);
  for (const { label } of parts.at(-1)!.outcomes) counts[label]!++;
  const most = Math.max(...counts) / parts.at(-1)!.outcomes.length;
  const guess = `the most frequent class alone ${percent(most)}`;
  return linear === undefined
    ? fact("Baseline", percent(most), "the most frequent class alone")
    : fact("Baseline", percent(linear), `linear on spike counts; ${guess}`);
}
