/** Verdicts as a page: one HTML file, nothing fetched, no script. */
import { html, Markup } from "../../report/html.ts";
import { page } from "../../report/page.ts";
import { classReasons } from "./classes.ts";
import { countsOf, propertiesOf, type RunAbout, type RunReport } from "./runReport.ts";
import { shadeStyle } from "./shades.ts";
import { tableStyle } from "./tableStyle.ts";
import { isBad, isWrong, type Part, type Verdict, type VerdictStatus } from "./verdict.ts";
import { anchorOf, statusWords, verdictGrid } from "./verdictGrid.ts";

export function verdictPage({ about, verdicts, cases, unfinished }: RunReport): string {
  const bad = verdicts.filter(isBad);
  const title = `Conformance: ${about.command}`;
  const body = html`<h1>${title}</h1>
${unfinished === undefined ? undefined : html`<p class="banner">Unfinished, ${verdicts.length} of ${cases} cases: ${unfinished}</p>`}
<dl class="facts">${Object.entries(countsOf(verdicts)).map(fact)}</dl>
<h2>What was asked</h2>
<table class="asked">${askedRows(about)}</table>
${verdicts.length > 0 ? html`<h2>Cases and parts</h2>${verdictGrid(verdicts)}` : undefined}
${bad.length > 0 ? html`<h2>What is wrong</h2>${bad.map((verdict) => detailed(verdict, anchorOf(verdicts, verdict)))}` : undefined}
<h2>What the cases are there to catch</h2>
<table><tr><th>case</th><th>verdict</th><th>there to catch</th><th>seconds</th></tr>${verdicts.map(row)}</table>`;
  return page(title, body, new Markup(`${shadeStyle.text}${tableStyle.text}`)).text;
}

function fact([status, count]: [string, number]): Markup {
  return html`<div><dt>${statusWords[status as VerdictStatus]}</dt><dd>${count}</dd></div>`;
}

const labels: Readonly<Record<keyof RunAbout, string>> = {
  command: "backend",
  class: "class",
  convention: "convention",
  switches: "switches",
  dt: "time step, ms",
  precision: "precision",
  rtol: "relative error granted besides",
  tensors: "tensors looked at, and required",
  require: "tensors required",
  expected: "list of expected failures",
  suite: "suite",
  suite_version: "suite's version",
  version: "goldspike",
  date: "date",
  host: "host",
};

function askedRows(about: RunAbout): Markup[] {
  return [...propertiesOf(about)].map(([name, value]) => {
    const text = name === "class" ? html`${value}: ${classReasons[about.class]}` : value;
    return html`<tr><th scope="row">${labels[name]}</th><td>${text}</td></tr>\n`;
  });
}

function row(verdict: Verdict): Markup {
  const { case: name, group, status, message, catches, seconds } = verdict;
  const word = statusWords[status];
  const state = isBad(verdict) ? html`<span class="bad">${word}</span>` : word;
  const isTold = ["undecidable", "unsupported", "expected"].includes(status);
  const note = isTold ? html`<br><span class="quiet">${message}</span>` : undefined;
  return html`<tr><td>${group}/${name}</td><td>${state}${note}</td><td class="quiet">${catches}</td><td class="number">${seconds.toFixed(2)}</td></tr>
`;
}

/** Rows of one case; a batch of hundreds of trials has parts by the thousand. */
const mostRows = 40;

function detailed({ case: name, group, message, catches, parts }: Verdict, anchor: string): Markup {
  const wrong = parts.filter(isWrong);
  const others = countsByStatus(parts.filter((part) => !isWrong(part)));
  const left = wrong.length > mostRows ? [`${wrong.length - mostRows} more wrong`] : [];
  const rest = [...left, ...others].join(", ");
  const table =
    wrong.length === 0
      ? undefined
      : html`<table class="parts"><tr><th>part</th><th>status</th><th>error</th><th>granted</th><th></th></tr>${wrong.slice(0, mostRows).map(partRow)}</table>`;
  return html`<h3 id="${anchor}">${group}/${name}</h3><p class="bad">${message}</p><p class="note">There to catch: ${catches}.</p>${table}
${rest === "" ? undefined : html`<p class="note">Other parts: ${rest}.</p>`}`;
}

function countsByStatus(parts: readonly Part[]): string[] {
  const words = parts.map(({ status }) => status.replaceAll("_", " "));
  return [...new Set(words)].map((word) => `${words.filter((other) => other === word).length} ${word}`);
}

function partRow({ name, status, error, tolerance, message }: Part): Markup {
  const number = (value: number | undefined) => (value === undefined ? "" : value.toExponential(2));
  return html`<tr><td>${name}</td><td>${status.replaceAll("_", " ")}</td><td class="number">${number(error)}</td><td class="number">${number(tolerance)}</td><td>${message}</td></tr>
`;
}
