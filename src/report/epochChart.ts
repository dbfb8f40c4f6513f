/** One quantity over the epochs, the selected one marked. */
import type { RenderFunction } from "@observablehq/plot";
import type { Axis } from "./axis.ts";
import { type Canvas, chart, draw, mark } from "./canvas.ts";
import { type EndLabel, endLabels } from "./endLabels.ts";
import { widthOf } from "./format.ts";
import type { Markup } from "./html.ts";
import { multiples, niceStep } from "./nice.ts";
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
  readonly y: Axis;
  /** A value to compare with. */
  readonly reference?: { readonly name: string; readonly value: number };
}

export function epochChart(canvas: Canvas, shown: EpochChart): Markup {
  const { plot } = canvas;
  const { series, selected, reference, epochs, y } = shown;
  const few = epochs[1] - epochs[0] < 12;
  const lines = series.flatMap(({ values, color }) => [
    plot.line(values, { x: "epoch", y: "value", stroke: color, strokeWidth: 1.8 }),
    plot.dot(values, {
      ...{ x: "epoch", y: "value", fill: color, r: few ? 2.5 : 3.5 },
      filter: ({ epoch }: Series["values"][number]) => few || epoch === selected,
    }),
  ]);
  return chart(canvas, shown.description, {
    ...{ width: shown.width, height: shown.height, marginLeft: 56, marginTop: 22, marginBottom: 34 },
    marginRight: shown.marginRight ?? 16,
    x: { domain: xDomain(epochs) },
    y: { type: y.type, domain: [...y.domain] },
    marks: [
      plot.gridY(y.ticks, { stroke: line, strokeOpacity: 1 }),
      plot.axisY(y.ticks, { text: y.format, tickSize: 0, label: null }),
      plot.ruleX([selected], { stroke: soft, strokeDasharray: "3,3" }),
      selectedLabel(selected),
      reference && plot.ruleY([reference.value], { stroke: soft, strokeDasharray: "1,3" }),
      ...lines,
      plot.axisX({
        ...{ ticks: wholeTicks(epochs, shown.width / 60), tickFormat: String },
        ...{ label: "epoch", labelArrow: "none", labelAnchor: "center" },
      }),
      endLabels(endsOf(shown)),
    ],
  });
}

/** Above the frame, and no farther left or right: there are the axis's numbers and the picture's edge. */
function selectedLabel(selected: number): RenderFunction {
  return mark((group, { x }, { width, marginLeft, marginRight, marginTop }) => {
    const text = `epoch ${selected}`;
    const half = widthOf(text) / 2;
    const [least, most] = [marginLeft + half, width - marginRight - half];
    const middle = Math.min(Math.max(Number(x!(selected)), least), most).toFixed(1);
    draw(group, "text", { x: middle, y: marginTop - 10, "text-anchor": "middle", fill: soft }, text);
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

/** At most so many epochs, round numbers, and the first. */
function wholeTicks([first, last]: EpochChart["epochs"], most: number): number[] {
  const step = niceStep(Math.max(1, (last - first) / most));
  const ticks = multiples(step, first, last);
  return (ticks[0] ?? Infinity) - first > step / 2 ? [first, ...ticks] : ticks;
}
