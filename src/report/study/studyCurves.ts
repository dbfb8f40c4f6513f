/** Learning curves of a study's best combinations in one picture. */
import { accuracyAxis, multiples, niceStep } from "../axis.ts";
import { type Canvas, chart } from "../canvas.ts";
import { figure } from "../figure.ts";
import { percent, short, widthOf } from "../format.ts";
import { html, type Markup } from "../html.ts";
import { endLabels } from "../marks.ts";
import { blue, companions, line, vermilion } from "../palette.ts";
import type { StudyData } from "./studyData.ts";

const longest = 44;
const colors = [blue, vermilion, ...companions];

export function studyCurves(canvas: Canvas, { curveAxes, curves, curvePart: part }: StudyData): Markup {
  const { plot } = canvas;
  const y = accuracyAxis(
    curves.flatMap(({ values }) => values.map(({ value }) => value)),
    0,
  );
  const last = Math.max(...curves.flatMap(({ values }) => values.map(({ epoch }) => epoch)));
  const marginRight = 30 + Math.max(...curves.map(({ name }) => widthOf(short(name, longest))));
  const told = curves.map(({ name, values }) => `${name} ${percent(values.at(-1)!.value)}`).join(", ");
  const caption = html`Accuracy of the ${part} part, one run each <small>${curveAxes.join(", ")}</small>`;
  const drawn = chart(canvas, `${part} accuracy over the epochs; at the end ${told}`, {
    ...{ width: 960, height: 340, marginLeft: 56, marginRight, marginTop: 14, marginBottom: 34 },
    x: { domain: [1, Math.max(2, last)] },
    y: { type: y.type, domain: [...y.domain] },
    marks: [
      plot.gridY(y.ticks, { stroke: line, strokeOpacity: 1 }),
      plot.axisY(y.ticks, { text: y.format, tickSize: 0, label: null }),
      ...curves.flatMap(({ values }, k) => [
        plot.line(values, { x: "epoch", y: "value", stroke: colors[k]!, strokeWidth: 1.6 }),
        plot.dot(values.slice(-1), { x: "epoch", y: "value", fill: colors[k]!, r: 3 }),
      ]),
      plot.axisX({
        ...{ ticks: multiples(niceStep(Math.max(1, last / 10)), 1, last), tickFormat: String },
        ...{ label: "epoch", labelArrow: "none", labelAnchor: "center" },
      }),
      endLabels(
        curves.map(({ name, values }, k) => ({
          ...{ text: short(name, longest), y: values.at(-1)!.value, color: colors[k]! },
        })),
      ),
    ],
  });
  return figure({ name: "learning curves", kind: "wide", caption }, drawn);
}
