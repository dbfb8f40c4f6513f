/** Kept runs as a page: what has changed from each to the next, and a table with a column a run and a row a case. */
import { html, Markup } from "../../report/html.ts";
import { page } from "../../report/page.ts";
import { countsOf } from "../verdict/runReport.ts";
import { scaleLegend, shadeOf, shadeStyle } from "../verdict/shades.ts";
import { tableStyle } from "../verdict/tableStyle.ts";
import { isBad, type VerdictStatus, worstOf } from "../verdict/verdict.ts";
import { statusWords } from "../verdict/verdictGrid.ts";
import type { Difference } from "./changes.ts";
import { changeText, dateText } from "./historyText.ts";
import type { KeptRun, KeptVerdict } from "./keptRuns.ts";

const style = new Markup(`${shadeStyle.text}${tableStyle.text}
.grid td:nth-child(2) { text-align: center; padding-right: 4px; }
.grid td.changed { outline: 2px solid var(--ink); outline-offset: -2px; }
`);

/** @param differences of each run from the one before it, the first run's left out */
export function historyPage(runs: readonly KeptRun[], differences: readonly Difference[]): string {
  const body = html`<h1>Conformance, ${runs.length} ${runs.length === 1 ? "run" : "runs"}</h1>
<table><tr><th>run</th><th>date</th><th>class</th><th>backend</th><th>host</th><th>verdicts</th></tr>${runs.map(runRow)}</table>
${differences.map((difference, k) => changed(difference, k + 2))}
<h2>Cases and runs</h2>
${grid(runs, differences)}
<p class="legend">A cell has the colour of the worst part of its case, by error over what is granted: ${scaleLegend()}
A frame: the verdict is another than that of the run before.</p>`;
  return page("Conformance over time", body, style).text;
}

function runRow({ about, verdicts, cases, unfinished, source }: KeptRun, k: number): Markup {
  const counts = Object.entries(countsOf([...verdicts.values()]));
  const words = counts.map(([status, count]) => `${count} ${statusWords[status as VerdictStatus]}`);
  const cut =
    unfinished === undefined
      ? undefined
      : html`<br><span class="bad">unfinished, ${verdicts.size} of ${cases} cases: ${unfinished}</span>`;
  return html`<tr><td>${k + 1}</td><td>${dateText(about.date)}<br><span class="quiet">${source}</span></td><td>${about.class}</td><td>${about.command}</td><td>${about.host}</td><td>${words.join(", ")}${cut}</td></tr>
`;
}

function changed({ asked, changes, unreached }: Difference, number: number): Markup {
  const rows = changes.map(
    (change) => html`<tr><td>${change.name}</td><td>${changeText(change)}</td></tr>
`,
  );
  return html`<h2>From ${number - 1} to ${number}</h2>
${asked.length === 0 ? undefined : html`<p class="banner">Asked otherwise: ${asked.join("; ")}</p>`}
${unreached === 0 ? undefined : html`<p class="note">Not reached: ${unreached}.</p>`}
${rows.length === 0 ? html`<p>No case has changed.</p>` : html`<table>${rows}</table>`}`;
}

function grid(runs: readonly KeptRun[], differences: readonly Difference[]): Markup {
  const names = [...new Set(runs.flatMap(({ verdicts }) => [...verdicts.keys()]))];
  const others = differences.map(
    ({ changes }) => new Set(changes.filter(({ kind }) => kind === "verdict").map(({ name }) => name)),
  );
  const rows = names.map((name) => {
    const cells = runs.map(({ verdicts }, k) => cell(verdicts.get(name), others[k - 1]?.has(name) ?? false));
    return html`<tr><th scope="row">${name}</th>${cells}</tr>
`;
  });
  const heads = runs.map(
    ({ about }, k) => html`<th scope="col" title="${dateText(about.date)}">${k + 1}</th>`,
  );
  return html`<div class="grid"><table><thead><tr><th>case</th>${heads}</tr></thead><tbody>
${rows}</tbody></table></div>`;
}

function cell(verdict: KeptVerdict | undefined, isChanged: boolean): Markup {
  if (!verdict) return html`<td></td>`;
  const { status, message, parts } = verdict;
  const worst = worstOf(parts);
  const shade = worst ? shadeOf(worst).name : isBad(verdict) ? "x" : "s";
  return html`<td class="${shade}${isChanged ? " changed" : ""}" title="${message}">${statusWords[status]}</td>`;
}
