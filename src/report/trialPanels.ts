/** One trial over time: the input, every hidden layer, and what the output made of it. */
import type { Markish } from "@observablehq/plot";
import { type Canvas, chart, draw, mark } from "./canvas.ts";
import type { ReportTrial } from "./data.ts";
import { count, short, some, tick } from "./format.ts";
import { html, type Markup } from "./html.ts";
import { longestName, type Panel, roomForNames, spikePanel, voltagePanel } from "./outputPanels.ts";
import { ink, line, soft } from "./palette.ts";
import { raster } from "./raster.ts";

export function trialPanels(canvas: Canvas, trial: ReportTrial, classes: readonly string[]): Markup {
  const { input, inputChannels, layers, output } = trial;
  const draw = (panel: Panel) => drawPanel(canvas, trial, classes, panel);
  const spikes = [
    { name: "input", size: inputChannels, unit: "channel", times: input.times, rows: input.sources },
    ...layers.map(({ name, size, spikes }) => ({
      ...{ name, size, unit: "neuron", times: spikes.times, rows: spikes.neurons },
    })),
  ];
  const rasters = spikes.map(({ name, size, unit, times, rows }) =>
    draw({
      description: `Spikes of ${name}: ${count(times.length)} of ${some(size, unit)}`,
      height: heightOf(size),
      y: { domain: [0, size], ticks: 4, tickFormat: tick, ...(size < 10 && { axis: null }) },
      marks: [
        facts([name, some(size, unit), some(times.length, "spike")]),
        raster({ times, rows, size, color: () => ink }),
      ],
    }),
  );
  const last =
    output.kind === "voltages"
      ? voltagePanel(canvas, trial, classes, output)
      : spikePanel(trial, classes, output);
  return html`<figure class="wide stack">${rasters}${draw({ ...last, axis: true })}</figure>`;
}

function drawPanel(canvas: Canvas, trial: ReportTrial, classes: readonly string[], panel: Panel): Markup {
  const { plot } = canvas;
  const below = panel.axis ? 36 : 12;
  return chart(canvas, panel.description, {
    ...{ width: 960, height: panel.height + below + 6, marginTop: 6, marginBottom: below, marginLeft: 44 },
    marginRight: roomForNames(trial, classes),
    x: { type: "linear", domain: [0, trial.duration], axis: null },
    y: { label: null, ...panel.y },
    marks: [
      plot.frame({ stroke: line }),
      ...panel.marks,
      panel.axis &&
        plot.axisX({ tickFormat: tick, label: "time (ms)", labelArrow: "none", labelAnchor: "center" }),
    ],
  });
}

/** Tall enough to tell a few neurons apart, low enough for thousands. */
function heightOf(size: number): number {
  return Math.round(Math.min(200, Math.max(36, 8 * size)));
}

/** What a panel shows, in words beside it. */
function facts([name, ...rest]: readonly string[]): Markish {
  return mark((group, _scales, { width, marginRight, marginTop }) => {
    const x = width - marginRight + 12;
    const common = { x, "text-anchor": "start", dy: "0.9em" };
    draw(group, "text", { ...common, y: marginTop, "font-weight": 600 }, short(name!, longestName));
    rest.forEach((text, k) => {
      draw(group, "text", { ...common, y: marginTop + 14 * (k + 1), fill: soft }, text);
    });
  });
}
