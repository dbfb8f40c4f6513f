/** A trial with its adjoint as one picture: spikes, voltages forwards, and lambda_V, which the backward pass computes. */
import type { Case } from "../model/case.ts";
import type { SpikeTrain } from "../model/network.ts";
import type { PopulationSpikes, PopulationTrace, Trace } from "../model/solution.ts";
import { type Canvas, chart, draw, loadCanvas, mark } from "./canvas.ts";
import { some, tick } from "./format.ts";
import type { Markup } from "./html.ts";
import { type EndLabel, endLabels, raster } from "./marks.ts";
import { blue, companions, ink, line, soft, vermilion } from "./palette.ts";
import { standalone } from "./standalone.ts";

/** Neurons of a population whose courses are drawn: those that spike most, or those that were asked for. */
export const mostDrawn = 4;

export interface DrawnCase {
  readonly problem: Case;
  /** By spiking population. */
  readonly spikes: Readonly<Record<string, PopulationSpikes>>;
  /** Of at most `mostDrawn` neurons of every population. */
  readonly trace: Trace;
  /** Whether there is a loss, and with it an adjoint. */
  readonly hasAdjoint: boolean;
}

/** An SVG document, 960 pixels wide. */
export async function caseSvg({ problem, spikes, trace, hasAdjoint }: DrawnCase): Promise<string> {
  const canvas = await loadCanvas();
  const { network, input, duration } = problem;
  const rasters = [
    rasterPanel(canvas, duration, "input", network.inputChannels, asSpikes(input)),
    ...network.populations.flatMap(({ name, size }) =>
      spikes[name] ? [rasterPanel(canvas, duration, name, size, spikes[name])] : [],
    ),
  ];
  const courses = network.populations.flatMap(({ name, model, threshold }) => {
    const own = trace.populations[name]!;
    const limits = model === "lif" ? own.neurons.map((neuron) => threshold[neuron]!) : [];
    const forward = coursePanel(canvas, { name: `${name}, V`, values: own.v, own, trace, limits, duration });
    if (!hasAdjoint) return [forward];
    const backward = { name: `${name}, lambda_V`, values: own.lambdaV, own, trace, limits: [], duration };
    return [forward, coursePanel(canvas, backward)];
  });
  return standalone([...rasters, ...courses, axisPanel(canvas, duration)].map(({ text }) => text));
}

function asSpikes({ times, sources }: SpikeTrain): PopulationSpikes {
  return { times: Float64Array.from(times), neurons: Int32Array.from(sources) } as PopulationSpikes;
}

const frame = { width: 960, marginLeft: 56, marginRight: 150, marginTop: 8, marginBottom: 6 };

function rasterPanel(
  canvas: Canvas,
  duration: number,
  name: string,
  size: number,
  { times, neurons }: PopulationSpikes,
): Markup {
  return chart(canvas, `Spikes of ${name}`, {
    ...{ ...frame, height: 14 + Math.round(Math.min(160, Math.max(46, 9 * size))) },
    x: { type: "linear", domain: [0, duration], axis: null },
    y: { domain: [size, 0], axis: null },
    marks: [
      canvas.plot.frame({ stroke: line }),
      raster({ times, rows: neurons, size, color: () => ink }),
      title(name, some(size, name === "input" ? "channel" : "neuron"), some(times.length, "spike")),
    ],
  });
}

interface Course {
  readonly name: string;
  /** [time][neuron] */
  readonly values: Float64Array;
  readonly own: PopulationTrace;
  readonly trace: Trace;
  readonly limits: readonly number[];
  readonly duration: number;
}

function coursePanel(canvas: Canvas, { name, values, own, trace, limits, duration }: Course): Markup {
  const { plot } = canvas;
  const { neurons } = own;
  const colors = [blue, vermilion, ...companions];
  const lines = neurons.map((neuron, k) => ({
    ...{ neuron, color: colors[k]! },
    points: Array.from(trace.times, (time, n) => ({ time, value: values[n * neurons.length + k]! })),
  }));
  const ends = lines.map(
    ({ neuron, color, points }): EndLabel => ({
      ...{ text: `neuron ${neuron}`, y: points.at(-1)!.value, color },
    }),
  );
  return chart(canvas, `${name} of ${some(neurons.length, "neuron")} over time`, {
    ...{ ...frame, height: 164, marginTop: 22 },
    x: { type: "linear", domain: [0, duration], axis: null },
    y: { nice: true, ticks: 4, tickFormat: tick, label: null },
    marks: [
      plot.gridY({ stroke: line, strokeOpacity: 1, ticks: 4 }),
      plot.ruleY([0], { stroke: soft }),
      plot.ruleY(new Set(limits), { stroke: soft, strokeDasharray: "3,3" }),
      ...lines.map(({ points, color }) =>
        plot.line(points, { x: "time", y: "value", stroke: color, strokeWidth: 1.4 }),
      ),
      plot.text([name], {
        ...{ frameAnchor: "top-left", textAnchor: "start", dy: -12, fontWeight: 600, fill: ink },
      }),
      endLabels(ends),
    ],
  });
}

/** Time, once below everything. */
function axisPanel(canvas: Canvas, duration: number): Markup {
  const label = { label: "time (ms)", labelArrow: "none", labelAnchor: "center" } as const;
  return chart(canvas, "Time in ms", {
    ...{ ...frame, height: 44, marginTop: 2, marginBottom: 40 },
    x: { type: "linear", domain: [0, duration] },
    marks: [canvas.plot.axisX({ tickFormat: tick, ...label })],
  });
}

function title(name: string, ...rest: readonly string[]) {
  return mark((group, _scales, { width, marginRight, marginTop }) => {
    const at = { x: width - marginRight + 12, "text-anchor": "start", dy: "0.9em" };
    draw(group, "text", { ...at, y: marginTop, "font-weight": 600 }, name);
    rest.forEach((text, k) => {
      draw(group, "text", { ...at, y: marginTop + 14 * (k + 1), fill: soft }, text);
    });
  });
}
