/** Two axes of a study as a map: those two on which the accuracy depends most. */
import { type Canvas, chart } from "../canvas.ts";
import { figure } from "../figure.ts";
import { short, widthOf } from "../format.ts";
import { html, type Markup } from "../html.ts";
import { inkOn, line, shade } from "../palette.ts";
import type { StudyData } from "./studyData.ts";

const longest = 24;

type Axis = StudyData["axes"][number];

export function axisMap(canvas: Canvas, data: StudyData): Markup {
  const [first, second] = [...data.axes].sort((a, b) => range(data, b) - range(data, a));
  // More columns than rows fit a page.
  const [across, down] =
    first!.values.length >= second!.values.length ? [first!, second!] : [second!, first!];
  return html`${figure({ name: `${across.name} ${down.name}`, kind: "wide", caption: html`${down.name} <small>down,</small> ${across.name} <small>across</small>` }, map(canvas, data, across, down))}
<p class="note">Mean accuracy of the ${data.part} part, in percent, over all combinations with both values.</p>`;
}

/** Between the best and the worst of an axis's means. */
function range(data: StudyData, { name, values }: Axis): number {
  const means = values.flatMap((value) => meanOf(data, { [name]: value }) ?? []);
  return Math.max(...means) - Math.min(...means);
}

/** Undefined where no combination with these settings has a result. */
function meanOf({ combinations }: StudyData, wanted: Readonly<Record<string, string>>): number | undefined {
  const found = combinations.filter(({ places }) =>
    Object.entries(wanted).every(([name, value]) => places[name] === value),
  );
  if (found.length === 0) return undefined;
  return found.reduce((sum, { accuracy }) => sum + accuracy.mean, 0) / found.length;
}

function map(canvas: Canvas, data: StudyData, across: Axis, down: Axis): Markup {
  const { plot } = canvas;
  const cells = down.values.flatMap((row) =>
    across.values.flatMap((column) => {
      const mean = meanOf(data, { [down.name]: row, [across.name]: column });
      return mean === undefined ? [] : [{ row, column, mean }];
    }),
  );
  const [least, most] = [
    Math.min(...cells.map(({ mean }) => mean)),
    Math.max(...cells.map(({ mean }) => mean)),
  ];
  // The worst is not white, which means that there is no result.
  const share = (mean: number) => 0.08 + 0.92 * (most > least ? (mean - least) / (most - least) : 1);
  const shown = cells.map(({ row, column, mean }) => ({
    ...{ row, column, text: (100 * mean).toFixed(1), fill: shade(share(mean)), ink: inkOn(share(mean)) },
    title: `${down.name} ${row}, ${across.name} ${column}: ${(100 * mean).toFixed(1)} %`,
  }));
  const room = Math.max(...across.values.map((value) => widthOf(short(value, longest))));
  const cell = Math.max(46, Math.min(110, 760 / across.values.length));
  const turned = room > cell - 6;
  const marginTop = turned ? 0.77 * room + 20 : 26;
  const marginLeft = Math.max(...down.values.map((value) => widthOf(short(value, longest)))) + 18;
  return chart(canvas, `Accuracy by ${down.name} and ${across.name}`, {
    ...{
      width: marginLeft + 10 + cell * across.values.length,
      height: marginTop + 8 + 34 * down.values.length,
    },
    ...{ marginTop, marginLeft, marginRight: 10, marginBottom: 8 },
    x: { type: "band", domain: [...across.values], padding: 0.04, round: false },
    y: { type: "band", domain: [...down.values], padding: 0.04, round: false },
    marks: [
      plot.cell(shown, { ...{ x: "column", y: "row", fill: "fill", title: "title" }, stroke: line }),
      plot.text(shown, { x: "column", y: "row", text: "text", fill: "ink" }),
      plot.axisY({ tickFormat: (value: string) => short(value, longest), tickSize: 0, label: null }),
      plot.axisX({
        ...{ anchor: "top", tickFormat: (value: string) => short(value, longest), tickSize: 0, label: null },
        ...(turned && { tickRotate: -50, textAnchor: "start", dy: -2 }),
      }),
    ],
  });
}
