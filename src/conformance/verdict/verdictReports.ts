/** Verdicts for others to show: one HTML file with nothing fetched, and JUnit XML for CI systems. */
import { html, Markup } from "../../report/html.ts";
import { page } from "../../report/page.ts";
import { line, soft, vermilion } from "../../report/palette.ts";
import { classReasons } from "./classes.ts";
import { countsOf, type RunAbout, type RunReport } from "./runReport.ts";
import { isBad, type Part, type Verdict, type VerdictStatus } from "./verdict.ts";

const style = new Markup(`<style>
table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
th { text-align: left; font-weight: 600; border-bottom: 1px solid ${line}; padding: 4px 10px 4px 0; }
td { border-bottom: 1px solid ${line}; padding: 4px 10px 4px 0; vertical-align: top; overflow-wrap: anywhere; }
td.number { font-variant-numeric: tabular-nums; white-space: nowrap; text-align: right; }
.bad { color: ${vermilion}; font-weight: 600; }
summary { cursor: pointer; }
details td, details th { font-size: 12.5px; }
.quiet { color: ${soft}; }
</style>`);

const words: Readonly<Record<VerdictStatus, string>> = {
  pass: "pass",
  refused: "refused",
  fail: "fail",
  undecidable: "open",
  error: "error",
  unsupported: "unsupported",
  expected: "expected to fail",
};

export function verdictPage({ about, verdicts, cases, unfinished }: RunReport): string {
  const bad = verdicts.filter(isBad);
  const title = `Conformance: ${about.command}`;
  const body = html`${style}<h1>${title}</h1>
${unfinished === undefined ? undefined : html`<p class="bad">Unfinished, ${verdicts.length} of ${cases} cases: ${unfinished}</p>`}
<dl class="facts">${Object.entries(countsOf(verdicts)).map(fact)}</dl>
<p class="note">Class ${about.class}: ${classReasons[about.class]}.</p>
<p class="note">${Object.entries(propertiesOf(about)).map(([name, value]) => html`${name}: ${value}<br>`)}</p>
${bad.length > 0 ? html`<h2>What is wrong</h2>${bad.map(detailed)}` : undefined}
<h2>All cases</h2>
<table><tr><th>case</th><th>verdict</th><th>there to catch</th><th>seconds</th></tr>${verdicts.map(row)}</table>`;
  return page(title, body).text;
}

function fact([status, count]: [string, number]): Markup {
  return html`<div><dt>${words[status as VerdictStatus]}</dt><dd>${count}</dd></div>`;
}

/** What was asked, by name. */
function propertiesOf(about: RunAbout): Record<string, string> {
  return Object.fromEntries(
    Object.entries(about).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

function row(verdict: Verdict): Markup {
  const { case: name, group, status, message, catches, seconds } = verdict;
  const state = isBad(verdict) ? html`<span class="bad">${words[status]}</span>` : words[status];
  const note = ["undecidable", "unsupported", "expected"].includes(status)
    ? html`<br><span class="quiet">${message}</span>`
    : undefined;
  return html`<tr><td>${group}/${name}</td><td>${state}${note}</td><td class="quiet">${catches}</td><td class="number">${seconds.toFixed(2)}</td></tr>`;
}

function detailed({ case: name, group, message, catches, parts }: Verdict): Markup {
  const table =
    parts.length > 0
      ? html`<details><summary>${parts.length} parts</summary><table><tr><th>part</th><th>status</th><th>error</th><th>granted</th><th></th></tr>${parts.map(partRow)}</table></details>`
      : undefined;
  return html`<h3>${group}/${name}</h3><p><span class="bad">${message}</span></p><p class="note">There to catch: ${catches}.</p>${table}`;
}

function partRow({ name, status, error, tolerance, message }: Part): Markup {
  const number = (value: number | undefined) => (value === undefined ? "" : value.toExponential(2));
  return html`<tr><td>${name}</td><td>${status}</td><td class="number">${number(error)}</td><td class="number">${number(tolerance)}</td><td>${message}</td></tr>`;
}

export function junitXml({ about, verdicts, cases, unfinished }: RunReport): string {
  const { fail = 0, error = 0, unsupported = 0, expected = 0 } = countsOf(verdicts);
  const seconds = verdicts.reduce((sum, verdict) => sum + verdict.seconds, 0).toFixed(3);
  const counts = html`name="${about.command}" tests="${verdicts.length}" failures="${fail}" errors="${error}" skipped="${unsupported + expected}" time="${seconds}"`;
  const state = unfinished === undefined ? {} : { unfinished, judged: `${verdicts.length} of ${cases}` };
  const properties = Object.entries({ ...propertiesOf(about), ...state }).map(
    ([name, value]) => html`<property name="${name}" value="${value}"/>\n`,
  );
  return html`<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${counts}>
<testsuite ${counts} timestamp="${about.date.slice(0, 19)}" hostname="${about.host}">
<properties>
${properties}</properties>
${verdicts.map(testcase)}</testsuite>
</testsuites>
`.text;
}

const elements: Readonly<Record<VerdictStatus, string | undefined>> = {
  pass: undefined,
  refused: undefined,
  fail: "failure",
  undecidable: "system-out",
  error: "error",
  unsupported: "skipped",
  expected: "skipped",
};

function testcase(verdict: Verdict): Markup {
  const { case: name, group, status, message, seconds } = verdict;
  const about = html`classname="${group}" name="${name}" time="${seconds.toFixed(3)}"`;
  const element = elements[status];
  if (element === undefined) return html`<testcase ${about}/>\n`;
  const tag = new Markup(element);
  // Only what went wrong has a message of its own in the schema.
  const attribute = status === "undecidable" ? undefined : html` message="${message}"`;
  return html`<testcase ${about}><${tag}${attribute}>${details(verdict)}</${tag}></testcase>\n`;
}

function details({ class: className, catches, message, parts }: Verdict): string {
  const lines = parts.flatMap((part) =>
    part.message === undefined ? [] : [`${part.name}: ${part.message}`],
  );
  return [message, `class ${className}; there to catch: ${catches}`, ...lines].join("\n");
}
