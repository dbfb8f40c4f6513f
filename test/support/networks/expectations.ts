/** Comparisons of what engines find, whole trials at a time. */
import { expect } from "vitest";
import type { PopulationSpikes } from "../../../src/model/solution.ts";

type Spikes = Readonly<Record<string, PopulationSpikes>>;

/** Every time of `actual`, brought back by `undo`, within `tolerance` ms of the expected one; 0 for the same bits. */
export function expectSpikes(
  actual: Spikes,
  expected: Spikes,
  tolerance: number,
  undo = (time: number) => time,
): void {
  for (const [name, { times, neurons }] of Object.entries(expected)) {
    expect(Array.from(actual[name]!.neurons)).toEqual(Array.from(neurons));
    const errors = Array.from(times, (time, k) => Math.abs(undo(actual[name]!.times[k]!) - time));
    expect(Math.max(0, ...errors)).toBeLessThanOrEqual(tolerance);
  }
}

/** Within `tolerance` of the largest value, or of `scale` where that is more; 0 for the same values. */
export function expectNear(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  scale = 1e-3,
): void {
  expect(actual.length).toBe(expected.length);
  const values = Array.from(expected);
  const largest = Math.max(scale, ...values.map(Math.abs));
  const errors = values.map((value, k) => Math.abs(actual[k]! - value));
  expect(Math.max(0, ...errors) / largest).toBeLessThanOrEqual(tolerance);
}
