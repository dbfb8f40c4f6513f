/** One trial over time: the input, every hidden layer, what the output made of it, and what the answer was read from. */
import type { Markish } from "@observablehq/plot";
import { type Canvas, chart, draw, mark } from "./canvas.ts";
import { figure } from "./figure.ts";
import { count, short, significant, some, tick, widthOf } from "./format.ts";
import { html, type Markup } from "./html.ts";
import { raster } from "./marks.ts";
import { longestName, type Panel, roomForNames, spikePanel, voltagePanel } from "./outputPanels.ts";
import { blue, ink, line, soft, vermilion } from "./palette.ts";
import type { ReportTrial } from "./reportData.ts";

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
      // As in pictures of recordings: channel 0, which hears the highest frequency, is above.
      y: { domain: [size, 0], ticks: 4, tickFormat: tick, ...(size < 10 && { axis: null }) },
      marks: [
        facts([name, some(size, unit), some(times.length, "spike")]),
        axisName(unit),
        raster({ times, rows, size, color: () => ink }),
      ],
    }),
  );
  const last =
    output.kind === "voltages"
      ? voltagePanel(canvas, trial, classes, output)
      : spikePanel(trial, classes, output);
  const name = `trial ${trial.index} ${classes[trial.label]}`;
  return figure({ name, kind: "wide stack" }, ...rasters, draw({ ...last, axis: true }));
}

function drawPanel(canvas: Canvas, trial: ReportTrial, classes: readonly string[], panel: Panel): Markup {
  const { plot } = canvas;
  const below = panel.axis ? 36 : 12;
  return chart(canvas, panel.description, {
    ...{ width: 960, height: panel.height + below + 6, marginTop: 6, marginBottom: below, marginLeft: 52 },
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

/** What the numbers at the left count, along them. */
function axisName(text: string): Markish {
  return mark((group, _scales, { height, marginTop, marginBottom }) => {
    const middle = (marginTop + height - marginBottom) / 2;
    const place = `translate(10,${middle}) rotate(-90)`;
    draw(group, "text", { transform: place, "text-anchor": "middle", fill: soft }, text);
  });
}

const longest = 24;

/** What the trial's answer was read from: a value for each class. */
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
  const caption = html`Readout <small>${readout.label}</small>`;
  return figure({ name: `readout ${trial.index}`, caption, kind: "wide" }, drawn);
}
