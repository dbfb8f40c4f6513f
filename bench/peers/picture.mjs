// CPU time of a training step by system and time step, on a logarithmic axis; memory beside it.
import { chart, loadCanvas } from "../../dist/report/canvas.js";
import { blue, ink, line, soft, vermilion } from "../../dist/report/palette.js";
import { standalone } from "../../dist/report/standalone.js";

/** @param rows as kept; those of one thread and batches of 32 are drawn */
export async function picture(rows) {
  const canvas = await loadCanvas();
  const shown = rows
    .filter((row) => row.threads === 1 && row.batch === 32 && row.cpu_ms && row.dt >= 1)
    .map((row) => ({ ...row, name: `${row.system} ${row.variant}`, own: row.system === "goldspike" }))
    .filter(({ own, dt }) => !own || dt === 1)
    .toSorted((a, b) => b.dt - a.dt || a.cpu_ms - b.cpu_ms);
  const order = shown.filter(({ dt }) => dt === 1).map(({ name }) => name);
  const panels = [
    [
      "CPU time of a training step, ms a sample, 1 thread (● dt 1 ms, ○ dt 2 and 5 ms)",
      shown.map((row) => ({ ...row, value: row.cpu_ms })),
    ],
    [
      "Peak memory, MiB, dt 1 ms, batch 32",
      shown.filter(({ dt }) => dt === 1).map((row) => ({ ...row, value: row.peak_mib })),
    ],
  ];
  return standalone(panels.map(([title, points]) => panel(canvas, title, points, order).text));
}

function panel(canvas, title, points, order) {
  const { plot } = canvas;
  const values = points.map(({ value }) => value);
  const domain = [Math.min(...values) / 1.5, Math.max(...values) * 1.5];
  const color = ({ own }) => (own ? vermilion : blue);
  return chart(canvas, title, {
    ...{ width: 720, height: 60 + 22 * order.length, marginLeft: 150, marginRight: 60, marginTop: 30 },
    x: { type: "log", domain, label: null, tickFormat: "~r", ticks: 8 },
    y: { domain: order, label: null },
    marks: [
      plot.gridX({ stroke: line, strokeOpacity: 1, ticks: 8 }),
      plot.dot(points, {
        ...{ x: "value", y: "name", r: 4, stroke: color, strokeWidth: 1.5 },
        fill: (point) => (point.dt === 1 ? color(point) : "white"),
      }),
      plot.text(
        points.filter(({ dt }) => dt === 1),
        {
          x: "value",
          y: "name",
          text: ({ value }) => value.toPrecision(3),
          dx: 9,
          textAnchor: "start",
          fill: ink,
        },
      ),
      plot.text([title], { frameAnchor: "top-left", dy: -22, dx: -140, fill: soft, text: (text) => text }),
    ],
  });
}
