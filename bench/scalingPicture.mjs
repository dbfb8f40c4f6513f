// Cost against size, a panel an axis, both logarithmic, with the fitted exponent.
import { chart, loadCanvas } from "../dist/report/canvas.js";
import { blue, line, soft } from "../dist/report/palette.js";
import { standalone } from "../dist/report/standalone.js";

/** @param series as bench/scaling.mjs keeps them */
export async function scalingPicture(series) {
  const canvas = await loadCanvas();
  return standalone(series.map((one) => panel(canvas, one).text));
}

function panel(canvas, { axis, rows, exponent }) {
  const { plot } = canvas;
  const title = `${axis}: ms a trial ∝ size^${exponent.toFixed(2)}`;
  return chart(canvas, title, {
    ...{ width: 460, height: 190, marginLeft: 60, marginTop: 30 },
    x: { type: "log", label: axis, tickFormat: "~r", ticks: 5 },
    y: { type: "log", label: null, tickFormat: "~r", ticks: 5 },
    marks: [
      plot.gridY({ stroke: line, strokeOpacity: 1, ticks: 5 }),
      plot.line(rows, { x: "size", y: "ms", stroke: blue }),
      plot.dot(rows, { x: "size", y: "ms", fill: blue, r: 3.5 }),
      plot.text([title], { frameAnchor: "top-left", dy: -22, fill: soft, text: (text) => text }),
    ],
  });
}
