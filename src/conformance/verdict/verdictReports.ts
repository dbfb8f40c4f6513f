/** Verdicts for others to show: one HTML file with nothing fetched, and JUnit XML for CI systems. */
import { html, Markup } from "../../report/html.ts";
import { page } from "../../report/page.ts";
import { line, soft, vermilion } from "../../report/palette.ts";
import { classReasons } from "./classes.ts";
import { countOf, isBad, type Part, type Verdict, type VerdictStatus } from "./verdict.ts";

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
};

/** @param command that was judged */
export function verdictPage(verdicts: readonly Verdict[], command: string): string {
  const [first] = verdicts;
  const bad = verdicts.filter(isBad);
  const title = `Conformance: ${command}`;
  const body = html`${style}<h1>${title}</h1>
<dl class="facts">${(Object.keys(words) as VerdictStatus[]).map((status) => fact(verdicts, status))}</dl>
<p class="note">Class ${first?.class}: ${first && classReasons[first.class]}.</p>
${bad.length > 0 ? html`<h2>What is wrong</h2>${bad.map(detailed)}` : undefined}
<h2>All cases</h2>
<table><tr><th>case</th><th>verdict</th><th>there to catch</th><th>seconds</th></tr>${verdicts.map(row)}</table>`;
  return page(title, body).text;
}

function fact(verdicts: readonly Verdict[], status: VerdictStatus): Markup | undefined {
  const count = countOf(verdicts, status);
  if (count === 0 && status !== "pass") return undefined;
  return html`<div><dt>${words[status]}</dt><dd>${count}</dd></div>`;
}

function row(verdict: Verdict): Markup {
  const { case: name, group, status, message, catches, seconds } = verdict;
  const state = isBad(verdict) ? html`<span class="bad">${words[status]}</span>` : words[status];
  const note =
    status === "undecidable" || status === "unsupported"
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

export function junitXml(verdicts: readonly Verdict[], name: string): string {
  const count = (status: VerdictStatus) => countOf(verdicts, status);
  const seconds = verdicts.reduce((sum, verdict) => sum + verdict.seconds, 0).toFixed(3);
  const about = html`name="${name}" tests="${verdicts.length}" failures="${count("fail")}" errors="${count("error")}" skipped="${count("unsupported")}" time="${seconds}"`;
  return html`<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${about}>
<testsuite ${about}>
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
