/** One quantity over the epochs, the selected one marked. */
import type { PlotOptions } from "@observablehq/plot";
import type { Canvas } from "./canvas.ts";
import { chart } from "./canvas.ts";
import { type EndLabel, endLabels } from "./endLabels.ts";
import { significant } from "./format.ts";
import type { Markup } from "./html.ts";
import { line, soft } from "./palette.ts";

/** A line; epochs without a value are left out. */
export interface Series {
  readonly name?: string;
  readonly color: string;
  readonly values: readonly { readonly epoch: number; readonly value: number }[];
}

export interface EpochChart {
  readonly description: string;
  readonly series: readonly Series[];
  readonly selected: number;
  readonly epochs: readonly [first: number, last: number];
  readonly width: number;
  readonly height: number;
  /** Room for names of lines. */
  readonly marginRight?: number;
  readonly y: NonNullable<PlotOptions["y"]>;
  /** A value to compare with. */
  readonly reference?: { readonly name: string; readonly value: number };
}

export function epochChart(canvas: Canvas, shown: EpochChart): Markup {
  const { plot } = canvas;
  const { series, selected, reference, epochs } = shown;
  const few = epochs[1] - epochs[0] < 12;
  const lines = series.flatMap(({ values, color }) => [
    plot.line(values, { x: "epoch", y: "value", stroke: color, strokeWidth: 1.8 }),
    plot.dot(values, {
      ...{ x: "epoch", y: "value", fill: color, r: few ? 2.5 : 3.5 },
      filter: ({ epoch }: Series["values"][number]) => few || epoch === selected,
    }),
  ]);
  return chart(canvas, shown.description, {
    ...{ width: shown.width, height: shown.height, marginLeft: 48, marginTop: 22, marginBottom: 34 },
    marginRight: shown.marginRight ?? 16,
    x: { domain: xDomain(epochs), label: "epoch", labelArrow: "none", labelAnchor: "center" },
    y: { label: null, ...shown.y },
    marks: [
      plot.gridY({ stroke: line, strokeOpacity: 1 }),
      plot.ruleX([selected], { stroke: soft, strokeDasharray: "3,3" }),
      plot.text([selected], {
        ...{ x: selected, text: () => `epoch ${selected}`, frameAnchor: "top", dy: -14, fill: soft },
      }),
      reference && plot.ruleY([reference.value], { stroke: soft, strokeDasharray: "1,3" }),
      ...lines,
      plot.axisX({ ticks: wholeTicks(epochs, shown.width / 60), tickFormat: String, label: "epoch" }),
      endLabels(endsOf(shown)),
    ],
  });
}

function endsOf({ series, reference }: EpochChart): EndLabel[] {
  const ends = series.flatMap(({ name, color, values }) => {
    const end = values.at(-1);
    return name !== undefined && end ? [{ text: name, y: end.value, color }] : [];
  });
  return reference ? [...ends, { text: reference.name, y: reference.value, color: soft }] : ends;
}

/** A single epoch stands in the middle. */
function xDomain([first, last]: EpochChart["epochs"]): [number, number] {
  return first === last ? [first - 1, last + 1] : [first, last];
}

/** At most so many epochs, at multiples of 1, 2 or 5 · 10ᵏ, and the first. */
function wholeTicks([first, last]: EpochChart["epochs"], most: number): number[] {
  let step = 1;
  for (let k = 0; (last - first) / step > most; k++) step *= k % 3 === 1 ? 2.5 : 2;
  const ticks: number[] = [];
  for (let tick = Math.ceil(first / step) * step; tick <= last; tick += step) ticks.push(tick);
  return ticks[0]! - first > step / 2 || ticks.length === 0 ? [first, ...ticks] : ticks;
}

/** Logarithmic where values span a decade and are positive; else linear from 0. */
export function scaleFor(values: readonly number[]): EpochChart["y"] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (least > 0 && most / least >= 10) {
    return { type: "log", domain: [least, most], nice: true, tickFormat: decadesOnly(most / least) };
  }
  return {
    domain: [Math.min(0, least), Math.max(most, 0) || 1],
    ...{ nice: true, ticks: 5, tickFormat: (value: number) => significant(value) },
  };
}

/** Labels of a logarithmic axis: 1, 2 and 5 of a decade, or only 1 where there are many decades. */
function decadesOnly(ratio: number): (value: number) => string {
  const leading = ratio < 200 ? ["1", "2", "5"] : ["1"];
  return (value) => (leading.includes(value.toExponential(0)[0]!) ? significant(value) : "");
}
