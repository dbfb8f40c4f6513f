/**
 * What spike counts alone tell: ridge regression from the number of spikes of every channel to one output per class, of
 * which the largest names the class. The least that a network which sees time should beat.
 */
import type { Samples } from "../data/dataset.ts";
import { largest } from "./losses.ts";

/** Strength of the ridge, in units of the mean square of a feature summed over the trials. */
const ridge = 1e-3;

/**
 * The share of right answers on `test` after a fit to `train`.
 *
 * @param channels of both
 * @param classes number of labels
 */
export function linearAccuracy(train: Samples, test: Samples, channels: number, classes: number): number {
  const weights = ridgeWeights(train, channels, classes);
  let right = 0;
  for (let i = 0; i < test.labels.length; i++) {
    const features = countsOf(test, i, channels);
    const scores = Float64Array.from({ length: classes }, (_, k) =>
      features.reduce((sum, x, c) => sum + x * weights[c]![k]!, 0),
    );
    if (largest(scores) === test.labels[i]) right++;
  }
  return right / test.labels.length;
}

/** Spikes of every channel of a trial, and a 1 for the offset. */
function countsOf({ offsets, sources }: Samples, trial: number, channels: number): Float64Array {
  const counts = new Float64Array(channels + 1);
  for (let k = offsets[trial]!; k < offsets[trial + 1]!; k++) counts[sources[k]!]!++;
  counts[channels] = 1;
  return counts;
}

/** Solves (XᵀX + ridge) W = XᵀY, shape [channels + 1, classes]. */
function ridgeWeights(train: Samples, channels: number, classes: number): Float64Array[] {
  const size = channels + 1;
  const square = Array.from({ length: size }, () => new Float64Array(size));
  const right = Array.from({ length: size }, () => new Float64Array(classes));
  for (let i = 0; i < train.labels.length; i++) {
    const x = countsOf(train, i, channels);
    for (let a = 0; a < size; a++) {
      if (x[a] === 0) continue;
      for (let b = 0; b < size; b++) square[a]![b]! += x[a]! * x[b]!;
      right[a]![train.labels[i]!]! += x[a]!;
    }
  }
  const mean = square.reduce((sum, row, a) => sum + row[a]!, 0) / size;
  for (let a = 0; a < size; a++) square[a]![a]! += ridge * mean;
  return solved(square, right);
}

/** By Gauss and Jordan; the matrix is positive definite, so no pivot is small. */
function solved(matrix: Float64Array[], right: Float64Array[]): Float64Array[] {
  for (const [p, pivot] of matrix.entries()) {
    const scale = 1 / pivot[p]!;
    for (const row of [pivot, right[p]!]) for (let k = 0; k < row.length; k++) row[k]! *= scale;
    for (let a = 0; a < matrix.length; a++) {
      const factor = matrix[a]![p]!;
      if (a === p || factor === 0) continue;
      for (let k = p; k < matrix.length; k++) matrix[a]![k]! -= factor * pivot[k]!;
      for (let k = 0; k < right[a]!.length; k++) right[a]![k]! -= factor * right[p]![k]!;
    }
  }
  return right;
}
