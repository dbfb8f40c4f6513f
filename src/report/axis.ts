/** What charts are drawn against: round numbers, vertical axes, bins. */
import { tick } from "./format.ts";

export interface Axis {
  readonly type: "linear" | "log";
  readonly domain: readonly [from: number, to: number];
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
}

/** Logarithmic where values span a decade and are positive; else linear from 0. */
export function axisFor(values: readonly number[]): Axis {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (least > 0 && most / least >= 10) return logarithmic(least / 1.15, most * 1.15);
  const finest = values.every(Number.isInteger) ? 1 : 0;
  const step = Math.max(finest, niceStep((Math.max(most, 0) - Math.min(least, 0)) / 4.5 || 1));
  const from = Math.floor(Math.min(least, 0) / step) * step;
  return linear(from, Math.max(from + step, Math.ceil(most / step - 1e-9) * step), step);
}

/** Up to 100 %, unless all and `chance` are far below it; from 0, unless all is far above it. */
export function accuracyAxis(accuracies: readonly number[], chance: number): Axis {
  const [least, most] = [Math.min(...accuracies), Math.max(chance, ...accuracies)];
  const low = least > 0.6 ? least - 0.02 : 0;
  const to = most > 0.5 ? 1 : Math.ceil(10 * most + 0.5) / 10;
  const step = niceStep((to - low) / 5.5);
  const axis = linear(Math.floor(low / step) * step, to, step);
  return { ...axis, format: accuracyTick };
}

/** Of accuracies that are compared with each other, from the least to the most of them. */
export function comparisonAxis(accuracies: readonly number[]): Axis {
  const [least, most] = [Math.min(...accuracies), Math.max(...accuracies)];
  const step = niceStep(Math.max(0.01, (most - least) / 5));
  const from = Math.max(0, Math.floor(least / step) * step);
  const to = Math.max(from + step, Math.ceil(most / step) * step);
  return { ...linear(from, to, step), format: accuracyTick };
}

function accuracyTick(value: number): string {
  return `${tick(Number((100 * value).toPrecision(6)))} %`;
}

function linear(from: number, to: number, step: number): Axis {
  return { type: "linear", domain: [from, to], ticks: multiples(step, from, to), format: tick };
}

/** Labelled at 1, 2 and 5 of a decade, only at 1 where there are many decades, and only at some where there are more. */
function logarithmic(from: number, to: number): Axis {
  const digits = to / from < 300 ? [1, 2, 5] : [1];
  const step = Math.ceil(Math.log10(to / from) / 8);
  const ticks: number[] = [];
  for (let k = step * Math.floor(Math.log10(from) / step); 10 ** k <= to; k += step) {
    ticks.push(
      ...digits.map((digit) => Number(`${digit}e${k}`)).filter((value) => value >= from && value <= to),
    );
  }
  return { type: "log", domain: [from, to], ticks, format: tick };
}

/** The least of 1, 2, 5 · 10ᵏ that is not below `least`. */
export function niceStep(least: number): number {
  const decade = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5].map((digit) => digit * decade).find((step) => step >= least) ?? 10 * decade;
}

/** Multiples of `step` from `from` to `to`, ends that rounding has moved included. */
export function multiples(step: number, from: number, to: number): number[] {
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => (first + k) * step);
}

/** Bins of mean spike counts, those of silent neurons apart: a neuron that never spikes gets no gradient. */
export interface Histogram {
  /** Neurons that never spiked. */
  readonly silent: number;
  /** Of equal width from 0 on; neurons with from < mean count ≤ to. */
  readonly bins: readonly { readonly from: number; readonly to: number; readonly neurons: number }[];
}

/** About `most` bins, at multiples of 1, 2 or 5 · 10ᵏ; none where all are silent. */
export function histogramOf(meanCounts: Float64Array, most: number): Histogram {
  const silent = meanCounts.reduce((sum, value) => sum + (value === 0 ? 1 : 0), 0);
  const largest = meanCounts.reduce((a, b) => Math.max(a, b), 0);
  if (largest === 0) return { silent, bins: [] };
  const step = niceStep(largest / most);
  const neurons = new Uint32Array(Math.ceil(largest / step));
  for (const value of meanCounts) if (value > 0) neurons[Math.ceil(value / step) - 1]!++;
  const bins = Array.from(neurons, (count, k) => ({ from: k * step, to: (k + 1) * step, neurons: count }));
  return { silent, bins };
}
