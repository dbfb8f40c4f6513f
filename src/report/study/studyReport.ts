/** A study as one HTML file: what each axis does, two axes at a time, the best combinations, and how they learned. */
import { loadCanvas } from "../canvas.ts";
import { count, percent, significant, span } from "../format.ts";
import { html, Markup } from "../html.ts";
import { fact, page, section } from "../page.ts";
import { axisEffects } from "./axisEffects.ts";
import { axisMap } from "./axisMap.ts";
import { studyCurves } from "./studyCurves.ts";
import type { Accuracy, Combined, StudyData } from "./studyData.ts";

/** Rows of the table of the best. */
const mostRows = 20;

const style = new Markup(`
table { border-collapse: collapse; font-size: 13.5px; font-variant-numeric: tabular-nums; }
th, td { white-space: nowrap; padding: 4px 14px 4px 0; text-align: left; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 500; }
td.number, th.number { text-align: right; }
p.failed { color: var(--bad); }
`);

export async function studyHtml(data: StudyData): Promise<string> {
  const canvas = await loadCanvas();
  const isEmpty = data.combinations.length === 0;
  return page(
    data.title,
    html`${headline(data)}
<main>
${isEmpty ? html`<p>No point has come to its end yet.</p>` : undefined}
${isEmpty || data.axes.length === 0 ? undefined : section("What each setting does", axisEffects(canvas, data))}
${data.axes.length < 2 || isEmpty ? undefined : section("Two settings at a time", axisMap(canvas, data))}
${isEmpty ? undefined : section("The best", best(data))}
${data.curves.length === 0 ? undefined : section("How the best learned", studyCurves(canvas, data))}
${data.failures.length === 0 ? undefined : section("What has failed", data.failures.map(failed))}
${section("Study", html`<pre>${data.settings}</pre>`)}
</main>
<footer>goldspike ${data.version}, ${data.date.slice(0, 16).replace("T", " ")} UTC</footer>`,
    style,
  ).text;
}

function headline({ title, points, combinations, part, seconds }: StudyData): Markup {
  const best = combinations[0];
  const missing = points.all - points.finished - points.failed;
  const rest = [
    ...(points.failed > 0 ? [`${count(points.failed)} failed`] : []),
    ...(missing > 0 ? [`${count(missing)} to come`] : []),
  ];
  const name = `Best ${part} accuracy`;
  return html`<header>
<h1>${title}</h1>
<dl class="facts">
${best && fact(name, accuracyText(best.accuracy, best.runs), `${best.runs > 1 ? `mean ± deviation of ${best.runs} runs` : "one run"}, 95 % interval ${intervalText(best.accuracy)}`)}
${fact("Points", `${count(points.finished)} of ${count(points.all)}`, rest.length > 0 ? rest.join(", ") : "all finished")}
${fact("Time", span(seconds), "of all runs together")}
</dl>
</header>`;
}

function accuracyText({ mean, deviation }: Accuracy, runs: number): string {
  return runs > 1 ? `${(100 * mean).toFixed(1)} ± ${(100 * deviation).toFixed(1)} %` : percent(mean);
}

function intervalText({ interval: { low, high } }: Accuracy): string {
  return `${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)} %`;
}

function best({ axes, part, combinations }: StudyData): Markup {
  const shown = combinations.slice(0, mostRows);
  const more = combinations.length - shown.length;
  const heading = html`<tr>${axes.map(({ name }) => html`<th>${name}</th>`)}${part === "validation" ? html`<th class="number">validation</th>` : undefined}${combinations.some(({ test }) => test) ? html`<th class="number">test</th>` : undefined}<th class="number">mean recall</th><th class="number">runs</th><th class="number">epochs</th><th class="number">s a run</th></tr>`;
  const row = ({ settings, accuracy, test, recall, runs, epochs, seconds }: Combined) =>
    html`<tr>${axes.map(({ name }) => html`<td>${settings[name]}</td>`)}${part === "validation" ? accuracyCell(accuracy, runs) : undefined}${test && accuracyCell(test, runs)}${number(percent(recall))}${number(count(runs))}${number(significant(epochs))}${number(significant(seconds))}</tr>
`;
  return html`<div class="wide"><table>
${heading}
${shown.map(row)}</table></div>
${more > 0 ? html`<p class="note">and ${count(more)} more, in table.csv</p>` : undefined}`;
}

function accuracyCell(accuracy: Accuracy, runs: number): Markup {
  return html`<td class="number">${accuracyText(accuracy, runs)} <small>${intervalText(accuracy)}</small></td>`;
}

function number(text: string): Markup {
  return html`<td class="number">${text}</td>`;
}

function failed({ name, line }: StudyData["failures"][number]): Markup {
  return html`<p class="failed">${name}: ${line}</p>`;
}
