/**
 * How long each point is trained. With successive halving (Jamieson and Talwalkar, AISTATS 2016) all combinations are trained
 * for some epochs; then one of `factor` goes on, those whose runs have had the highest validation accuracies so far, to
 * `factor` times the epochs; and so on. A comparison waits for all it compares, so that it does not matter who was first.
 */
import { byCombination, type Point } from "./points.ts";
import type { HalvingConfig } from "./schema.ts";

/** What of a point's run the rule looks at. */
export interface Progress {
  /** Of the validation part after every epoch so far. */
  readonly accuracies: readonly number[];
  /** It has failed, or ended before its epochs were over: there is nothing to go on with. */
  readonly isOver: boolean;
  readonly hasFailed: boolean;
}

export interface Plan {
  /** Epochs to which each point is trained as far as it is decided, by hash. */
  readonly epochs: ReadonlyMap<string, number>;
  /** Epochs after which a comparison is made that is still to come; some go on then. */
  readonly openAt: number | undefined;
}

/** Whether a comparison that is still to come may let a point go on that has reached its epochs. */
export function remainsOpen({ openAt, epochs }: Plan, { hash, config }: Point): boolean {
  return openAt !== undefined && openAt < config.epochs && epochs.get(hash) === openAt;
}

/** @param progressOf a point's; asked only with halving */
export function planOf(
  points: readonly Point[],
  halving: HalvingConfig | undefined,
  progressOf: (point: Point) => Progress,
): Plan {
  const first = halving?.epochs ?? Infinity;
  const targets = new Map(points.map(({ hash, config }) => [hash, Math.min(first, config.epochs)]));
  if (halving === undefined) return { epochs: targets, openAt: undefined };
  let rivals = byCombination(points, (point) => point);
  for (let { epochs } = halving; rivals.flat().some(({ config }) => config.epochs > epochs); ) {
    const isReached = (point: Point) => {
      const { accuracies, isOver } = progressOf(point);
      return isOver || accuracies.length >= Math.min(epochs, point.config.epochs);
    };
    if (!rivals.flat().every(isReached)) return { epochs: targets, openAt: epochs };
    const reached = epochs;
    rivals = bestOf(rivals, Math.ceil(rivals.length / halving.factor), (point) =>
      accuracyOf(progressOf(point), reached),
    );
    epochs *= halving.factor;
    for (const { hash, config } of rivals.flat()) targets.set(hash, Math.min(epochs, config.epochs));
  }
  return { epochs: targets, openAt: undefined };
}

/** Of equals the first in the study's order; a combination with a failed run comes after all others. */
function bestOf(rivals: readonly Point[][], count: number, accuracyOf: (point: Point) => number): Point[][] {
  const scored = rivals.map((runs) => {
    const accuracies = runs.map(accuracyOf);
    const isWhole = accuracies.every((accuracy) => accuracy >= 0);
    return { runs, score: isWhole ? accuracies.reduce((sum, value) => sum + value, 0) / runs.length : -1 };
  });
  const best = new Set([...scored].sort((a, b) => b.score - a.score).slice(0, count));
  return scored.filter((one) => best.has(one)).map(({ runs }) => runs);
}

/** The highest of the first epochs. */
function accuracyOf({ accuracies, hasFailed }: Progress, epochs: number): number {
  return hasFailed ? -1 : Math.max(-1, ...accuracies.slice(0, epochs));
}
