/** Cases × kinds of parts, each cell in the colour of the worst part of its kind: where a backend is wrong, at a glance. */
import { html, type Markup } from "../../report/html.ts";
import { inUsualOrder, kindOf } from "./partKinds.ts";
import { scaleLegend, shadeOf, signTexts } from "./shades.ts";
import { isBad, isWrong, type Part, type Verdict, type VerdictStatus, worstOf } from "./verdict.ts";

export const statusWords: Readonly<Record<VerdictStatus, string>> = {
  pass: "pass",
  refused: "refused",
  fail: "fail",
  undecidable: "open",
  error: "error",
  unsupported: "unsupported",
  expected: "expected to fail",
};

/** Where the details of a case that is wrong are. */
export function anchorOf(verdicts: readonly Verdict[], verdict: Verdict): string {
  return `case${verdicts.indexOf(verdict)}`;
}

/** A table, a row a case and a column a kind, with its legend. */
export function verdictGrid(verdicts: readonly Verdict[]): Markup {
  const kinds = inUsualOrder(verdicts.flatMap(({ parts }) => parts.map(({ name }) => kindOf(name))));
  const groups = [...new Set(verdicts.map(({ group }) => group))];
  const bodies = groups.map((group) => {
    const rows = verdicts
      .filter((verdict) => verdict.group === group)
      .map((verdict) => row(verdict, kinds, anchorOf(verdicts, verdict)));
    return html`<tbody><tr><th class="group" colspan="${kinds.length + 2}" scope="rowgroup">${group}</th></tr>
${rows}</tbody>
`;
  });
  return html`<div class="grid"><table><thead><tr><th>case</th><th>verdict</th>${kinds.map(columnHead)}</tr></thead>
${bodies}</table></div>
${legend()}`;
}

function columnHead(kind: string): Markup {
  const short = kind.replace(/\.\*$/, "").replace(/^.*\./s, "");
  return html`<th class="kind" scope="col" title="${kind}"><span>${short}</span></th>`;
}

function row(verdict: Verdict, kinds: readonly string[], anchor: string): Markup {
  const { case: name, status, message, parts } = verdict;
  const bad = isBad(verdict);
  const title = bad ? html`<a href="#${anchor}">${name}</a>` : name;
  const state = bad
    ? html`<td class="bad">${statusWords[status]}</td>`
    : html`<td>${statusWords[status]}</td>`;
  const cells =
    parts.length > 0
      ? worstByKind(parts, kinds).map((worst) => cell(worst, bad ? anchor : undefined))
      : html`<td class="said" colspan="${Math.max(kinds.length, 1)}">${shortened(message)}</td>`;
  return html`<tr><th scope="row">${title}</th>${state}${cells}</tr>
`;
}

function worstByKind(parts: readonly Part[], kinds: readonly string[]): (Part | undefined)[] {
  const own = new Map<string, Part[]>(kinds.map((kind) => [kind, []]));
  for (const part of parts) own.get(kindOf(part.name))!.push(part);
  return kinds.map((kind) => worstOf(own.get(kind)!));
}

function cell(worst: Part | undefined, anchor: string | undefined): Markup {
  if (!worst) return html`<td></td>`;
  const { name, sign } = shadeOf(worst);
  const content = anchor !== undefined && isWrong(worst) ? html`<a href="#${anchor}">${sign}</a>` : sign;
  return html`<td class="${name}" title="${titleOf(worst)}">${content}</td>`;
}

function titleOf({ name, status, error, tolerance }: Part): string {
  if (error === undefined || tolerance === undefined) return `${name}: ${status.replaceAll("_", " ")}`;
  return `${name}: ${error.toExponential(1)} of ${tolerance.toExponential(1)}`;
}

const longest = 120;

/** In full among the details, or in the table of all cases. */
function shortened(message: string): string {
  return message.length > longest ? `${message.slice(0, longest)}…` : message;
}

function legend(): Markup {
  const signs = signTexts.map(
    ([{ name, sign }, text]) =>
      html`<span class="sign"><span class="swatch ${name}">${sign}</span> ${text}</span> `,
  );
  return html`<p class="legend">Error over what is granted: ${scaleLegend()}</p>
<p class="legend">A cell has the worst part of its kind, and the power of ten that this comes to at most: −3 is a
thousandth of what is granted, +2 a hundred times as much, = no difference at all. ${signs}</p>`;
}
