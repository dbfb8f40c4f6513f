// Held-out accuracy against epochs and against CPU seconds, a thin line a seed, a thick one for their mean.
import { chart, loadCanvas } from "../../dist/report/canvas.js";
import { blue, line, soft, vermilion } from "../../dist/report/palette.js";
import { standalone } from "../../dist/report/standalone.js";

const colors = { goldspike: vermilion, "PyTorch BPTT": blue };

export async function accuracyPicture(runs) {
  const canvas = await loadCanvas();
  const panels = [
    ["epoch", "epoch"],
    ["cpu", "CPU seconds of training, one thread"],
  ];
  return standalone(panels.map(([x, label]) => panel(canvas, runs, x, label).text));
}

function panel(canvas, runs, x, label) {
  const { plot } = canvas;
  const means = Object.keys(colors).map((system) => ({
    system,
    epochs: mean(runs.filter((run) => run.system === system)),
  }));
  const drawn = ({ system, epochs }, options) =>
    plot.line(epochs, { x, y: "accuracy", stroke: colors[system], ...options });
  return chart(canvas, `Held-out accuracy against ${label}`, {
    ...{ width: 640, height: 280, marginLeft: 56, marginRight: 100, marginTop: 24, marginBottom: 38 },
    x: { label, labelArrow: "none", labelAnchor: "center" },
    y: {
      label: "held-out accuracy",
      labelArrow: "none",
      tickFormat: (value) => `${Math.round(100 * value)} %`,
    },
    marks: [
      plot.gridY({ stroke: line, strokeOpacity: 1 }),
      plot.ruleY([0.1], { stroke: soft, strokeDasharray: "1,3" }),
      ...runs.map((run) => drawn(run, { strokeWidth: 0.7, strokeOpacity: 0.5 })),
      ...means.map((run) => drawn(run, { strokeWidth: 2.2 })),
      ...means.map(({ system, epochs }) =>
        plot.text([epochs.at(-1)], {
          ...{ x, y: "accuracy", text: () => system, fill: colors[system], dx: 6, textAnchor: "start" },
        }),
      ),
    ],
  });
}

/** Of the seeds, epoch by epoch. */
function mean(runs) {
  const of = (k, key) => runs.reduce((sum, { epochs }) => sum + epochs[k][key], 0) / runs.length;
  return runs[0].epochs.map((_, k) => ({ epoch: k, cpu: of(k, "cpu"), accuracy: of(k, "accuracy") }));
}
