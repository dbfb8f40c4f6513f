/** The output over time: voltages as lines, or spikes, a row a class. */
import type { Markish } from "@observablehq/plot";
import { type Canvas, draw, mark } from "./canvas.ts";
import { answer, count, short, tick, widthOf } from "./format.ts";
import { endLabels, raster } from "./marks.ts";
import { blue, companions, ink, line, soft, vermilion } from "./palette.ts";
import type { OutputTraces, ReportTrial } from "./reportData.ts";

/** Characters of a name beside a panel. */
export const longestName = 16;

/** What one panel of a trial holds; all have the same axis of time. */
export interface Panel {
  readonly description: string;
  readonly height: number;
  readonly y: object;
  readonly marks: readonly Markish[];
  /** Whether the time is written below. */
  readonly axis?: true;
}

type Traces<Kind> = Extract<OutputTraces, { kind: Kind }>;

/** The label's line on top, then the prediction's; the others in colours of their own where that can be told apart. */
export function voltagePanel(
  { plot }: Canvas,
  { label, predicted }: ReportTrial,
  classes: readonly string[],
  { times, values }: Traces<"voltages">,
): Panel {
  const few = classes.length <= companions.length;
  const named = (k: number) => k === label || k === predicted;
  const order = values.map((_, k) => k).sort((a, b) => rank(a) - rank(b));
  function rank(k: number): number {
    return k === label ? 2 : k === predicted ? 1 : 0;
  }
  const color = (k: number) =>
    k === label ? blue : k === predicted ? vermilion : few ? companions[k]! : "#b9bfc7";
  const lines = order.map((k) =>
    plot.line(values[k]!, {
      ...{ x: (_: number, n: number) => times[n], y: (value: number) => value },
      ...{ stroke: color(k), strokeWidth: named(k) ? 2.6 : 1.1, title: () => classes[k] },
    }),
  );
  const ends = order
    .filter((k) => few || named(k))
    .map((k) => ({
      ...{ text: nameWithRole(k, label, predicted, classes) },
      ...{ y: values[k]!.at(-1)!, color: color(k), bold: named(k) },
    }));
  return {
    description: `Output voltages of ${classes.length} classes over time; label ${classes[label]}, predicted ${answer(predicted, classes)}`,
    ...{ height: 230, y: { nice: true, ticks: 5, tickFormat: tick } },
    marks: [
      plot.gridY({ stroke: line, strokeOpacity: 1, ticks: 5 }),
      plot.ruleY([0], { stroke: soft }),
      ...lines,
      caption(plot, "output voltage"),
      endLabels(ends),
    ],
  };
}

/** On the panel itself, where lines have not yet begun to part. */
function caption(plot: Canvas["plot"], text: string): Markish {
  return plot.text([text], {
    ...{ frameAnchor: "top-left", textAnchor: "start", dx: 8, dy: 8, fontWeight: 600 },
    ...{ stroke: "white", strokeWidth: 4, fill: ink },
  });
}

/** A row a class. */
export function spikePanel(
  { label, predicted }: ReportTrial,
  classes: readonly string[],
  { spikes }: Traces<"spikes">,
): Panel {
  const color = (k: number) => (k === label ? blue : k === predicted ? vermilion : ink);
  const height = Math.max(60, 14 * classes.length);
  const names = mark((group, _scales, { width, marginRight, marginTop }) => {
    classes.forEach((_, k) => {
      const at = {
        x: width - marginRight + 10,
        y: marginTop + (height * (k + 0.5)) / classes.length,
        dy: "0.32em",
      };
      const weight = k === label || k === predicted ? 600 : 400;
      const style = { "text-anchor": "start", fill: color(k), "font-weight": weight };
      draw(group, "text", { ...at, ...style }, nameWithRole(k, label, predicted, classes));
    });
  });
  return {
    description: `Spikes of the output: ${count(spikes.times.length)}; label ${classes[label]}, predicted ${answer(predicted, classes)}`,
    ...{ height, y: { domain: [classes.length, 0], axis: null } },
    marks: [names, raster({ times: spikes.times, rows: spikes.neurons, size: classes.length, color })],
  };
}

/** For the names of classes, two of them bold and with their roles. */
export function roomForNames({ label, predicted }: ReportTrial, classes: readonly string[]): number {
  const names = classes.map((_, k) => 1.15 * widthOf(nameWithRole(k, label, predicted, classes)));
  return Math.max(118, 16 + Math.max(...names));
}

function nameWithRole(k: number, label: number, predicted: number, classes: readonly string[]): string {
  const name = short(classes[k]!, longestName);
  if (k === label) return k === predicted ? `${name} ✓` : `${name} (label)`;
  return k === predicted ? `${name} (predicted)` : name;
}
