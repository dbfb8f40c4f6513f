/** How training went: loss, accuracy, learning rate and activity over the epochs. */

import type { RenderFunction } from "@observablehq/plot";
import type { EpochRecord } from "../training/records.ts";
import { type Axis, accuracyAxis, axisFor, multiples, niceStep } from "./axis.ts";
import { type Canvas, chart, draw, mark } from "./canvas.ts";
import { figure } from "./figure.ts";
import { percent, significant, widthOf } from "./format.ts";
import { html, type Markup } from "./html.ts";
import { type EndLabel, endLabels } from "./marks.ts";
import { blue, ink, line, soft, vermilion } from "./palette.ts";
import type { ReportData } from "./reportData.ts";

type Measure = "loss" | "accuracy";

export function learningCurves(canvas: Canvas, data: ReportData): Markup {
  const draw = (of: Measure, y: Axis, reference?: EpochChart["reference"]) =>
    epochChart(canvas, {
      ...common(data),
      ...{ description: described(data, of), series: seriesOf(data.history, of), y },
      ...{ width: 470, height: 260, marginRight: 84, ...(reference && { reference }) },
    });
  const losses = values(data.history, "loss");
  const accuracies = values(data.history, "accuracy");
  const chance = 1 / data.classes.length;
  const accuracy = accuracyAxis(accuracies, chance);
  const reference = chance >= accuracy.domain[0] ? { name: "chance", value: chance } : undefined;
  return html`<div class="pair">
${figure({ name: "loss", caption: "Loss" }, draw("loss", axisFor(losses)))}
${figure({ name: "accuracy", caption: "Accuracy" }, draw("accuracy", accuracy, reference))}
</div>`;
}

export function activity(canvas: Canvas, data: ReportData): Markup {
  const panel = (title: string, value: (record: EpochRecord) => number) => {
    const shown = data.history.map((record) => ({ epoch: record.epoch, value: value(record) }));
    const ends = `${significant(shown[0]!.value)} at first, ${significant(shown.at(-1)!.value)} at last`;
    const drawn = epochChart(canvas, {
      ...common(data),
      ...{ description: `${title} over the epochs: ${ends}`, series: [{ color: ink, values: shown }] },
      ...{ width: 312, height: 180, y: axisFor(shown.map((point) => point.value)) },
    });
    return figure({ name: title, caption: title }, drawn);
  };
  return html`<div class="triple">
${panel("Learning rate", (record) => record.learningRate)}
${panel("Hidden spikes per trial", (record) => record.hiddenSpikes)}
${panel("Silent hidden neurons", (record) => record.silentNeurons)}
</div>`;
}

function common({ history, selected }: ReportData): Pick<EpochChart, "selected" | "epochs"> {
  return { selected: selected.epoch, epochs: [history[0]!.epoch, history.at(-1)!.epoch] };
}

function seriesOf(history: readonly EpochRecord[], of: Measure): Series[] {
  const train = history.map(({ epoch, train }) => ({ epoch, value: train[of] }));
  const validation = history.flatMap(({ epoch, validation }) =>
    validation ? [{ epoch, value: validation[of] }] : [],
  );
  return [
    { name: "train", color: blue, values: train },
    { name: "validation", color: vermilion, values: validation },
  ];
}

function values(history: readonly EpochRecord[], of: Measure): number[] {
  return history.flatMap(({ train, validation }) => [train[of], ...(validation ? [validation[of]] : [])]);
}

function described({ history, selected }: ReportData, of: Measure): string {
  const record = history.find(({ epoch }) => epoch === selected.epoch) ?? history.at(-1)!;
  const shown = (value: number) => (of === "loss" ? significant(value) : percent(value));
  const validation = record.validation ? `, validation ${shown(record.validation[of])}` : "";
  return `${of} over ${history.length} epochs; at epoch ${record.epoch}: train ${shown(record.train[of])}${validation}`;
}

/** A line; epochs without a value are left out. */
interface Series {
  readonly name?: string;
  readonly color: string;
  readonly values: readonly { readonly epoch: number; readonly value: number }[];
}

interface EpochChart {
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

/** One quantity over the epochs, the selected one marked. */
function epochChart(canvas: Canvas, shown: EpochChart): Markup {
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
