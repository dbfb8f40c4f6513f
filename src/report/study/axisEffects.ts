/** Accuracy against each axis of a study: every combination a dot, and the mean over all others with its spread. */
import { meanAndDeviation } from "../../training/confidence.ts";
import { type Axis, comparisonAxis } from "../axis.ts";
import { type Canvas, chart } from "../canvas.ts";
import { figure } from "../figure.ts";
import { percent, short, widthOf } from "../format.ts";
import { html, type Markup } from "../html.ts";
import { blue, ink, line, soft } from "../palette.ts";
import type { StudyData } from "./studyData.ts";

const longest = 20;

export function axisEffects(canvas: Canvas, data: StudyData): Markup {
  const shown = data.combinations.flatMap(({ accuracy: { mean, interval } }) =>
    isSingle(data) ? [interval.low, interval.high] : mean,
  );
  const y = comparisonAxis(shown);
  return html`<div class="pair">
${data.axes.map((axis) => figure({ name: axis.name, caption: axis.name }, effect(canvas, data, axis, y)))}
</div>
<p class="note">${isSingle(data) ? singleNote : manyNote}</p>`;
}

const singleNote = "A dot is the mean over the runs with a value, and its bar the 95 % interval.";
const manyNote =
  "A small dot is a combination of settings, a large one the mean over all combinations with a value, and its bar their " +
  "deviation: how much the other settings matter.";

/** Whether a value has no other settings to matter. */
function isSingle({ axes, combinations }: StudyData): boolean {
  return axes.length === 1 && combinations.length <= axes[0]!.values.length;
}

interface Value {
  readonly value: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

function effect(
  canvas: Canvas,
  data: StudyData,
  { name, values, isNumeric }: StudyData["axes"][number],
  y: Axis,
): Markup {
  const { plot } = canvas;
  const dots = data.combinations.map(
    ({ places, accuracy: { mean, interval } }): Value => ({ value: places[name]!, mean, ...interval }),
  );
  const means = values.flatMap((value) => {
    const its = dots.filter((dot) => dot.value === value);
    return isSingle(data) || its.length === 0 ? its : [summary(value, its)];
  });
  const turned = values.some((value) => widthOf(short(value, longest)) > 380 / values.length);
  const room = turned ? 0.6 * Math.max(...values.map((value) => widthOf(short(value, longest)))) : 0;
  // The first of the turned values begins left of its place.
  const first = turned ? 0.82 * widthOf(short(values[0]!, longest)) + 8 - 190 / values.length : 0;
  const told = means.map(({ value, mean }) => `${value} ${percent(mean)}`).join(", ");
  return chart(canvas, `${data.part} accuracy by ${name}: ${told}`, {
    ...{
      width: 470,
      height: 240 + room,
      marginLeft: Math.max(56, first),
      marginRight: 16,
      marginTop: 14,
      marginBottom: 30 + room,
    },
    x: { type: "point", domain: [...values], padding: 0.5 },
    y: { type: y.type, domain: [...y.domain] },
    marks: [
      plot.gridY(y.ticks, { stroke: line, strokeOpacity: 1 }),
      plot.axisY(y.ticks, { text: y.format, tickSize: 0, label: null }),
      isSingle(data)
        ? null
        : plot.dot(dots, { x: "value", y: "mean", fill: soft, fillOpacity: 0.45, r: 2.5 }),
      plot.ruleX(means, { x: "value", y1: "low", y2: "high", stroke: blue, strokeWidth: 1.5 }),
      isNumeric ? plot.line(means, { x: "value", y: "mean", stroke: blue, strokeWidth: 1.8 }) : null,
      plot.dot(means, { x: "value", y: "mean", fill: blue, r: 4 }),
      plot.axisX({
        ...{ tickFormat: (value: string) => short(value, longest), tickSize: 0, label: null, fill: ink },
        ...(turned && { tickRotate: -35, textAnchor: "end", dx: -4 }),
      }),
    ],
  });
}

function summary(value: string, dots: readonly Value[]): Value {
  const { mean, deviation } = meanAndDeviation(dots.map((dot) => dot.mean));
  return { value, mean, low: mean - deviation, high: mean + deviation };
}
