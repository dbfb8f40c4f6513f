// Accuracy of each condition of a study with its 95 % interval, a panel a study.
import { chart, loadCanvas } from "../../dist/report/canvas.js";
import { blue, ink, line, soft } from "../../dist/report/palette.js";
import { standalone } from "../../dist/report/standalone.js";

/** @param studies `{ title, rows }`, rows as study.mjs keeps them */
export async function studyPicture(studies) {
  const canvas = await loadCanvas();
  const all = studies.flatMap(({ rows }) => rows);
  const from = Math.floor(Math.min(...all.map((row) => 100 * row.validation_low)) / 5) * 5;
  const to = Math.ceil(Math.max(...all.map((row) => 100 * row.validation_high)) / 5) * 5;
  return standalone(studies.map((study) => panel(canvas, study, [from, to]).text));
}

function panel(canvas, { title, rows }, domain) {
  const { plot } = canvas;
  const bars = rows.map((row) => ({
    condition: Object.values(row.settings).join(", "),
    mean: 100 * row.validation_accuracy,
    low: 100 * row.validation_low,
    high: 100 * row.validation_high,
  }));
  const told = bars.map(({ condition, mean }) => `${condition} ${mean.toFixed(1)} %`).join(", ");
  return chart(canvas, `${title}: validation accuracy, ${told}`, {
    ...{ width: 560, height: 62 + 24 * bars.length, marginLeft: 150, marginTop: 30, marginBottom: 28 },
    x: { domain, label: null, tickFormat: (value) => `${value} %` },
    y: { type: "band", domain: bars.map(({ condition }) => condition), label: null },
    marks: [
      plot.gridX({ stroke: line, strokeOpacity: 1 }),
      plot.ruleY(bars, { y: "condition", x1: "low", x2: "high", stroke: blue, strokeWidth: 1.5 }),
      plot.dot(bars, { y: "condition", x: "mean", fill: blue, r: 4 }),
      plot.axisY({ tickSize: 0, label: null, fill: ink }),
      plot.text([title], { frameAnchor: "top-left", dx: -145, dy: -22, fill: soft, text: (text) => text }),
    ],
  });
}
