/**
 * What a part looks like in a table: shades of blue within what is granted, of orange beyond it, each a few powers of ten
 * wide, and a sign that says the same without colour.
 */
import { html, Markup } from "../../report/html.ts";
import { isWrong, type Part, type PartStatus, shareOf } from "./verdict.ts";

interface Shade {
  /** Its class in the page's style. */
  readonly name: string;
  readonly sign: string;
}

/** Largest power of ten of error over granted, and its shade; from the lowest. */
const within = [
  [-4, "a0"],
  [-2, "a1"],
  [-1, "a2"],
  [Number.POSITIVE_INFINITY, "a3"],
] as const;
const beyond = [
  [1, "b0"],
  [3, "b1"],
  [Number.POSITIVE_INFINITY, "b2"],
] as const;

const signs: Readonly<Record<Exclude<PartStatus, "pass" | "fail">, Shade>> = {
  missing: { name: "x", sign: "M" },
  extra: { name: "x", sign: "X" },
  malformed: { name: "x", sign: "F" },
  not_finite: { name: "x", sign: "N" },
  undecidable: { name: "o", sign: "?" },
  skipped: { name: "s", sign: "s" },
  unjudged: { name: "u", sign: "·" },
};

/** What the signs mean, for the legend. */
export const signTexts: readonly (readonly [Shade, string])[] = [
  [{ name: "x", sign: "!" }, "other spikes"],
  [signs.missing, "missing"],
  [signs.extra, "one too many"],
  [signs.malformed, "of another form"],
  [signs.not_finite, "NaN or infinite"],
  [signs.undecidable, "open: rounding may decide it either way"],
  [signs.skipped, "skipped, since the spikes differ"],
  [signs.unjudged, "not delivered, and not asked for"],
];

export function shadeOf(part: Part): Shade {
  const { status } = part;
  if (status !== "pass" && status !== "fail") return signs[status];
  const share = shareOf(part);
  if (!isWrong(part)) return shaded(within, Math.min(share ?? 0, 1));
  return share !== undefined && share > 1 ? shaded(beyond, share) : { name: "x", sign: "!" };
}

function shaded(steps: readonly (readonly [number, string])[], share: number): Shade {
  const power = Math.log10(share);
  const [, name] = steps.find(([most]) => power <= most)!;
  return { name, sign: powerSign(power) };
}

/** The next power of ten above the share; `=` for nothing. */
function powerSign(power: number): string {
  if (power === Number.NEGATIVE_INFINITY) return "=";
  if (power === Number.POSITIVE_INFINITY) return "∞";
  const whole = Math.ceil(power);
  return whole > 0 ? `+${whole}` : whole < 0 ? `−${-whole}` : "0";
}

/** The scale from the least to the most, with the bounds of each shade. */
export function scaleLegend(): Markup {
  const bounds = ["≤ 10⁻⁴", "≤ 10⁻²", "≤ 0.1", "≤ 1", "≤ 10", "≤ 1000", "> 1000"];
  const names = [...within, ...beyond].map(([, name]) => name);
  return html`${names.map((name, k) => html`<span class="swatch ${name}">${bounds[k]}</span>`)}`;
}

/** For both schemes. */
export const shadeStyle = new Markup(`
:root { --a0: #eef5fa; --a1: #cde2f0; --a2: #98c5e2; --a3: #5ba4d3; --b0: #fdd0a2; --b1: #f28e4b; --b2: #b8450b;
  --x: #7f2704; --o: #f5e27a; --on-light: #1f2328; --on-dark: #fff; --on-within: #1f2328; }
@media screen and (prefers-color-scheme: dark) {
  :root { --a0: #182633; --a1: #1c3d57; --a2: #1f587f; --a3: #246a9a; --b0: #f7c193; --b1: #ef8a45; --b2: #e0662e;
    --x: #ffb199; --o: #d9c04f; --on-dark: #11161c; --on-within: #e4e8ec; }
}
.a0 { background: var(--a0); } .a1 { background: var(--a1); } .a2 { background: var(--a2); } .a3 { background: var(--a3); }
.a0, .a1, .a2, .a3 { color: var(--on-within); }
.b0 { background: var(--b0); } .b1 { background: var(--b1); } .b2 { background: var(--b2); }
.b0, .b1 { color: var(--on-light); }
.b2 { color: var(--on-dark); }
.x { background: var(--x); color: var(--on-dark); font-weight: 700; }
.o { background: var(--o); color: var(--on-light); }
.s, .u { color: var(--soft); }
.swatch { display: inline-block; min-width: 26px; padding: 1px 7px; text-align: center; font-size: 12px; }
`);
