/** How busy the hidden neurons are: a histogram of mean spikes per trial for each layer. */
import { axisFor, type Histogram, histogramOf, multiples, niceStep } from "./axis.ts";
import { type Canvas, chart } from "./canvas.ts";
import { figure } from "./figure.ts";
import { count, significant, some, tick } from "./format.ts";
import { html, type Markup } from "./html.ts";
import { blue, ink, line, vermilion } from "./palette.ts";
import type { LayerCounts } from "./reportData.ts";

export function spikeCounts(canvas: Canvas, layers: readonly LayerCounts[]): Markup {
  if (layers.length === 0) return html`<p>The network has no hidden neurons.</p>`;
  const width = layers.length === 1 ? 720 : 470;
  const figures = layers.map(({ layer, meanCounts }) => {
    const histogram = histogramOf(meanCounts, width / 20);
    const mean = meanCounts.reduce((sum, value) => sum + value, 0) / meanCounts.length;
    const facts = `${some(meanCounts.length, "neuron")}, ${histogram.silent} silent, ${significant(mean)} spikes per trial and neuron`;
    const caption = html`${layer} <small>${facts}</small>`;
    const drawn = bars(canvas, histogram, `Histogram of ${layer}: ${facts}`, width);
    return figure({ name: `spikes of ${layer}`, caption, kind: "wide" }, drawn);
  });
  return html`<div class="${layers.length === 1 ? "single" : "pair"}">${figures}</div>
${layers.map(remark)}`;
}

/** A neuron without spikes has no gradient, so that it stays as it is. */
function remark({ layer, meanCounts }: LayerCounts): Markup | undefined {
  const silent = meanCounts.filter((value) => value === 0).length;
  if (silent === 0) return undefined;
  return html`<p class="note">${count(silent)} of ${some(meanCounts.length, "neuron")} of ${layer} never spiked here. A neuron that never
spikes in training either has no gradient and learns nothing: raise the weights into it (network.weights), or let
regularization.silent do so.</p>`;
}

function bars(canvas: Canvas, { silent, bins }: Histogram, description: string, width: number): Markup {
  const { plot } = canvas;
  const end = bins.at(-1)?.to ?? 1;
  // The bar of silent neurons stands left of 0, where no count can be; it is as wide as its name.
  const pixel = end / (width - 140);
  const [from, to] = [-54 * pixel, -18 * pixel];
  const y = axisFor([0, silent, ...bins.map(({ neurons }) => neurons)]);
  const inset = { insetLeft: 0.5, insetRight: 0.5 };
  return chart(canvas, description, {
    ...{ width, height: 210, marginLeft: 48, marginTop: 24, marginBottom: 38 },
    x: { domain: [from - 6 * pixel, end] },
    y: { domain: [...y.domain] },
    marks: [
      plot.gridY(y.ticks, { stroke: line, strokeOpacity: 1 }),
      plot.axisY(y.ticks, { text: y.format, tickSize: 0, label: null }),
      plot.rect(bins, { x1: "from", x2: "to", y1: 0, y2: "neurons", fill: blue, title: titleOf, ...inset }),
      plot.rect([silent], { x1: from, x2: to, y1: 0, y2: silent, fill: vermilion, ...inset }),
      plot.text([silent], {
        x: (from + to) / 2,
        y: silent,
        dy: -8,
        text: () => String(silent),
        fontWeight: 600,
      }),
      plot.text(["silent"], { x: (from + to) / 2, frameAnchor: "bottom", dy: 16 }),
      plot.ruleY([0], { stroke: ink }),
      plot.axisX({
        ...{ ticks: multiples(niceStep(end / 8), 0, end), tickFormat: tick },
        ...{ label: "mean spikes per trial", labelArrow: "none", labelAnchor: "center" },
      }),
      plot.text(["neurons"], { frameAnchor: "top-left", textAnchor: "start", dx: -44, dy: -20 }),
    ],
  });
}

function titleOf({ from, to, neurons }: Histogram["bins"][number]): string {
  return `${some(neurons, "neuron")} with ${significant(from)} to ${significant(to)} spikes`;
}
