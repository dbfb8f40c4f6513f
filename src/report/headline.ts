/** The numbers that a reader looks for first. */
import type { ReportData, ReportPart } from "./data.ts";
import { count, percent, significant, span } from "./format.ts";
import { html, type Markup } from "./html.ts";

export function headline(data: ReportData): Markup {
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
