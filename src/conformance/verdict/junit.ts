/** Verdicts as JUnit XML, for CI systems. */
import { html, Markup } from "../../report/html.ts";
import { countsOf, propertiesOf, type RunReport } from "./runReport.ts";
import type { Verdict, VerdictStatus } from "./verdict.ts";

export function junitXml({ about, verdicts, cases, unfinished }: RunReport): string {
  const { fail = 0, error = 0, unsupported = 0, expected = 0 } = countsOf(verdicts);
  const seconds = verdicts.reduce((sum, verdict) => sum + verdict.seconds, 0).toFixed(3);
  const counts = html`name="${about.command}" tests="${verdicts.length}" failures="${fail}" errors="${error}"`;
  const state = unfinished === undefined ? {} : { unfinished, judged: `${verdicts.length} of ${cases}` };
  const properties = [...propertiesOf(about), ...Object.entries(state)].map(
    ([name, value]) => html`<property name="${name}" value="${value}"/>\n`,
  );
  return html`<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${counts} time="${seconds}">
<testsuite ${counts} skipped="${unsupported + expected}" time="${seconds}" timestamp="${about.date.slice(0, 19)}" hostname="${about.host}">
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
