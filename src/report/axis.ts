/** Vertical axes: what they span, and where they are labelled. */
import { tick } from "./format.ts";
import { multiples, niceStep } from "./nice.ts";

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
  return { ...axis, format: (value) => `${tick(Number((100 * value).toPrecision(6)))} %` };
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
