/** The page around a report: one file, no script, nothing fetched. */
import { html, Markup, type Piece } from "./html.ts";
import { ink, line, soft, vermilion } from "./palette.ts";

/** Of pictures light and dark change places, and hues stay. On paper everything is as it is on a light screen. */
const darkScheme = new Markup(`
@media screen and (prefers-color-scheme: dark) {
  :root { color-scheme: dark; --paper: #11161c; --ink: #e4e8ec; --soft: #9ba6b2; --line: #2e3740; --panel: #1a2129;
    --bad: #ff9d5c; }
  figure svg { color: ${ink}; filter: invert(0.92) hue-rotate(180deg); }
}
`);

const style = new Markup(`
:root { color-scheme: light; --paper: #fff; --ink: ${ink}; --soft: ${soft}; --line: ${line}; --panel: #f6f7f9;
  --bad: ${vermilion}; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1008px; padding: 32px 24px 48px; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; }
h1 { font-size: 26px; line-height: 1.2; margin: 0 0 16px; font-weight: 650; overflow-wrap: anywhere; }
h2 { font-size: 18px; font-weight: 650; margin: 40px 0 12px; padding-top: 12px; border-top: 1px solid var(--line); }
p { margin: 8px 0; max-width: 70ch; overflow-wrap: anywhere; }
small, p.note { color: var(--soft); font-size: 13px; font-weight: 400; }
.facts { display: flex; flex-wrap: wrap; gap: 16px 44px; margin: 0; }
.facts dt { color: var(--soft); font-size: 13px; }
.facts dd { margin: 0; font-size: 26px; line-height: 1.25; font-weight: 600; font-variant-numeric: tabular-nums; }
.facts dd small { display: block; font-size: 12.5px; }
.facts dd:has(small) { line-height: 1.4; }
figure { margin: 0 0 8px; min-width: 0; }
figcaption { font-size: 14px; font-weight: 600; margin-bottom: 2px; }
figcaption small { margin-left: 6px; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 8px 20px; }
.triple { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 280px), 1fr)); gap: 8px 12px;
  margin-top: 12px; }
.wide { overflow-x: auto; }
.wide svg { min-width: 560px; }
.stack svg { display: block; min-width: 640px; }
a.save { color: var(--soft); font-size: 11px; font-weight: 400; text-decoration: none; float: right; }
a.save:hover { text-decoration: underline; }
@media (max-width: 640px) { body { padding: 20px 14px 32px; } h2 { margin-top: 28px; } .facts { gap: 10px 26px; } }
svg { font-family: inherit; font-size: 11.5px; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 4px; padding: 12px 16px; overflow-x: auto;
  font: 12.5px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; tab-size: 2; }
footer { margin-top: 24px; color: var(--soft); font-size: 13px; }
@media print {
  body { max-width: none; padding: 0; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  h2 { break-after: avoid; }
  figure, .pair, .triple { break-inside: avoid; }
  pre { white-space: pre-wrap; }
  .pair { grid-template-columns: repeat(2, 1fr); }
  .triple { grid-template-columns: repeat(3, 1fr); }
  .wide { overflow: visible; }
  .wide svg, .stack svg { min-width: 0; }
  a.save { display: none; }
}
`);

/** @param own styles of this page */
export function page(title: string, body: Markup, own?: Markup): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}${darkScheme}${own}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

export function section(title: string, ...content: readonly Piece[]): Markup {
  return html`<section><h2>${title}</h2>
${content}
</section>`;
}

/** A number that a reader looks for first, in a list `facts`. */
export function fact(name: string, value: string, detail?: string): Markup {
  const small = detail === undefined ? undefined : html`<dd><small>${detail}</small></dd>`;
  return html`<div><dt>${name}</dt><dd>${value}</dd>${small}</div>`;
}
