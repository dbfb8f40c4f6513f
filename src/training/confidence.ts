/** How sure an accuracy is, and how it is spread over the classes. */

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The 95 % interval of a share of n trials by Wilson, J. Am. Stat. Assoc. 22 (1927): it stays within [0, 1] and is no point
 * where all were right.
 */
export function wilsonInterval(share: number, n: number): Interval {
  const z = 1.959963984540054;
  const middle = (share + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
  const half = (z * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2))) / (1 + z ** 2 / n);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/**
 * The 95 % interval of a mean over runs that differ in their seed and are scored on the same n trials. Other trials would let
 * it vary by p (1 − p) / n, other seeds by s² / k, s² the sample variance of k runs; the interval is Wilson's of as many trials
 * as would let a share vary by both. s² of two or three runs is a guess, as the interval is then.
 *
 * @param shares of each run
 */
export function meanInterval(shares: readonly number[], n: number): Interval {
  const { mean, deviation } = meanAndDeviation(shares);
  const ofTrials = (mean * (1 - mean)) / n;
  const ofRuns = shares.length > 1 ? deviation ** 2 / (shares.length - 1) : 0;
  return wilsonInterval(mean, ofRuns > 0 ? (n * ofTrials) / (ofTrials + ofRuns) : n);
}

/**
 * Mean over the classes that occur of the share of their trials that were right: of classes that are not equally frequent the
 * accuracy tells more of the frequent ones.
 *
 * @param confusion row: label, column: prediction
 */
export function meanRecall(confusion: readonly (readonly number[])[]): number {
  const recalls = confusion.flatMap((row, label) => {
    const trials = row.reduce((sum, count) => sum + count, 0);
    return trials > 0 ? [row[label]! / trials] : [];
  });
  return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
}

interface MeanAndDeviation {
  readonly mean: number;
  /** Of the population: divided by their number. */
  readonly deviation: number;
}

export function meanAndDeviation(values: readonly number[]): MeanAndDeviation {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(square) };
}
