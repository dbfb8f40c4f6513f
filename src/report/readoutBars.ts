/** What the trial's answer was read from: a value for each class. */
import { type Canvas, chart } from "./canvas.ts";
import type { ReportTrial } from "./data.ts";
import { short, significant, widthOf } from "./format.ts";
import { html, type Markup } from "./html.ts";
import { blue, soft, vermilion } from "./palette.ts";

const longest = 24;

export function readoutBars(canvas: Canvas, trial: ReportTrial, classes: readonly string[]): Markup {
  const { plot } = canvas;
  const { label, predicted, readout, output, duration } = trial;
  const names = classes.map((name) => short(name, longest));
  // A silent output's time lies behind the trial, so that the loss has a number.
  const values = readout.values.map((value) =>
    output.kind === "spikes" && value >= duration ? Number.NaN : value,
  );
  const rows = Array.from(values, (value, k) => ({
    ...{ k, value: Number.isFinite(value) ? value : 0, text: significant(value) },
    fill: k === label ? blue : k === predicted ? vermilion : "#a8b0ba",
  }));
  const finite = rows.map(({ value }) => value);
  const [least, most] = [Math.min(0, ...finite), Math.max(0, ...finite)];
  const room = 0.16 * (most - least || 1);
  const drawn = chart(canvas, `Readout of each class: ${readout.label}`, {
    ...{ width: 620, height: 12 + 17 * rows.length, marginTop: 6, marginBottom: 6 },
    marginLeft: 16 + Math.max(...names.map(widthOf)),
    x: { domain: [least - (least < 0 ? room : 0), most + room], axis: null },
    y: { domain: rows.map(({ k }) => k), padding: 0.25, axis: null },
    marks: [
      plot.barX(rows, { x1: 0, x2: "value", y: "k", fill: "fill" }),
      plot.ruleX([0], { stroke: soft }),
      plot.text(rows, {
        x: ({ value }) => Math.max(value, 0),
        y: "k",
        text: "text",
        textAnchor: "start",
        dx: 5,
      }),
      plot.axisY({ tickFormat: (k: number) => names[k]!, tickSize: 0, label: null }),
    ],
  });
  return html`<figure><figcaption>Readout <small>${readout.label}</small></figcaption>${drawn}</figure>`;
}
