/** Verdicts as JUnit XML, which CI systems show. */
import { html, Markup } from "../../report/html.ts";
import { countOf, type Verdict, type VerdictStatus } from "./verdict.ts";

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
