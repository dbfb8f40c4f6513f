/** Accuracy against each axis of a study: every combination a dot, and the mean over all others with its spread. */
import { meanAndDeviation } from "../../training/confidence.ts";
import { type Axis, accuracyAxis } from "../axis.ts";
import { type Canvas, chart } from "../canvas.ts";
import { figure } from "../figure.ts";
import { percent, short, widthOf } from "../format.ts";
import { html, type Markup } from "../html.ts";
import { blue, ink, line, soft } from "../palette.ts";
import type { StudyData } from "./studyData.ts";

const longest = 20;

export function axisEffects(canvas: Canvas, data: StudyData): Markup {
  const y = accuracyAxis(
    data.combinations.map(({ accuracy }) => accuracy.mean),
    0,
  );
  return html`<div class="pair">
${data.axes.map((axis) => figure({ name: axis.name, caption: axis.name }, effect(canvas, data, axis, y)))}
</div>
<p class="note">A dot is a combination of settings; the line goes through the means over all combinations with a value, and the bars are
their deviations: how much the other settings matter.</p>`;
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
  { name, values }: StudyData["axes"][number],
  y: Axis,
): Markup {
  const { plot } = canvas;
  const dots = data.combinations.map(({ places, accuracy }) => ({
    value: places[name]!,
    accuracy: accuracy.mean,
  }));
  const means = values.flatMap((value) => summary(value, dots));
  const turned = values.some((value) => widthOf(short(value, longest)) > 380 / values.length);
  const room = turned ? 0.6 * Math.max(...values.map((value) => widthOf(short(value, longest)))) : 0;
  const told = means.map(({ value, mean }) => `${value} ${percent(mean)}`).join(", ");
  return chart(canvas, `${data.part} accuracy by ${name}: ${told}`, {
    ...{
      width: 470,
      height: 240 + room,
      marginLeft: 56,
      marginRight: 16,
      marginTop: 14,
      marginBottom: 30 + room,
    },
    x: { type: "point", domain: [...values], padding: 0.5 },
    y: { type: y.type, domain: [...y.domain] },
    marks: [
      plot.gridY(y.ticks, { stroke: line, strokeOpacity: 1 }),
      plot.axisY(y.ticks, { text: y.format, tickSize: 0, label: null }),
      plot.dot(dots, { x: "value", y: "accuracy", fill: soft, fillOpacity: 0.45, r: 2.5 }),
      plot.ruleX(means, { x: "value", y1: "low", y2: "high", stroke: blue, strokeWidth: 1.5 }),
      plot.line(means, { x: "value", y: "mean", stroke: blue, strokeWidth: 1.8 }),
      plot.dot(means, { x: "value", y: "mean", fill: blue, r: 4 }),
      plot.axisX({
        ...{ tickFormat: (value: string) => short(value, longest), tickSize: 0, label: null, fill: ink },
        ...(turned && { tickRotate: -35, textAnchor: "end", dx: -4 }),
      }),
    ],
  });
}

/** Nothing for a value without a result. */
function summary(value: string, dots: readonly { value: string; accuracy: number }[]): Value[] {
  const found = dots.filter((dot) => dot.value === value).map(({ accuracy }) => accuracy);
  if (found.length === 0) return [];
  const { mean, deviation } = meanAndDeviation(found);
  return [{ value, mean, low: mean - deviation, high: mean + deviation }];
}
