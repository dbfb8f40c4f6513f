/** The class that a readout prefers. */
import type { LossConfig } from "./config/loss.ts";

/** Stands for "none": every output stayed silent. */
export const noClass = -1;

/**
 * The class with the largest readout, or with the earliest first spike; the first of equal ones. A trial without any
 * output spike has no answer, and counts as wrong.
 *
 * @param duration ms; readouts of silent outputs lie behind it
 */
export function predictedClass(
  loss: Pick<LossConfig, "kind">,
  readout: Float64Array,
  duration: number,
): number {
  if (loss.kind !== "first_spike") return largest(readout);
  const first = largest(readout.map((time) => -time));
  return readout[first]! < duration ? first : noClass;
}

/** Index of the largest number, the first of equal ones. */
export function largest(numbers: Float64Array): number {
  return numbers.reduce((best, number, k) => (number > numbers[best]! ? k : best), 0);
}
