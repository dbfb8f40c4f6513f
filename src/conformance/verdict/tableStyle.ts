/** How tables of verdicts look, on the page of a run and on that of several. */
import { Markup } from "../../report/html.ts";

export const tableStyle = new Markup(`
body { max-width: 1240px; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
th { text-align: left; font-weight: 600; border-bottom: 1px solid var(--line); padding: 4px 10px 4px 0; }
td { border-bottom: 1px solid var(--line); padding: 4px 10px 4px 0; vertical-align: top; overflow-wrap: anywhere; }
td.number { font-variant-numeric: tabular-nums; white-space: nowrap; text-align: right; }
h3 { font-size: 15px; margin: 24px 0 4px; scroll-margin-top: 12px; overflow-wrap: anywhere; }
h3:target { outline: 2px solid var(--bad); outline-offset: 4px; }
a { color: inherit; }
.bad { color: var(--bad); font-weight: 600; }
.banner { background: var(--o); color: var(--on-light); padding: 8px 12px; font-weight: 600; max-width: none; }
.quiet { color: var(--soft); }
.asked { width: auto; }
.asked th { color: var(--soft); font-weight: 400; padding-right: 28px; white-space: nowrap; vertical-align: top; }
.parts { font-size: 12.5px; }
.grid { overflow-x: auto; }
.grid table { width: auto; font-size: 12px; line-height: 1.3; border-collapse: separate; border-spacing: 1px; }
.grid th, .grid td { border: 0; padding: 2px 4px; white-space: nowrap; }
.grid thead th { vertical-align: bottom; }
.grid .kind span { writing-mode: vertical-rl; transform: rotate(180deg); font-weight: 400; }
.grid td { min-width: 26px; text-align: center; font-variant-numeric: tabular-nums; }
.grid tbody th { font-weight: 400; position: sticky; left: 0; background: var(--paper); }
.grid .group { font-weight: 650; padding-top: 10px; }
.grid td:nth-child(2) { text-align: left; padding-right: 10px; }
.grid td a { display: block; text-decoration: none; }
.grid td a:hover, .grid td a:focus { text-decoration: underline; }
.grid .said { text-align: left; color: var(--soft); white-space: normal; }
p.legend { max-width: 100ch; font-size: 13px; color: var(--soft); }
.sign { white-space: nowrap; margin-right: 10px; }
@media print { .grid { overflow: visible; } .grid tbody th { position: static; } }
`);
