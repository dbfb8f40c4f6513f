/** What a study will cost: some of its points are trained for some seconds, and the rest is told from that. */
import type { Samples } from "../data/dataset.ts";
import { subset } from "../data/splits.ts";
import { loadExperiment, trainerOf } from "../run/experiment.ts";
import type { RunConfig } from "../training/config/run.ts";
import type { Trainer } from "../training/trainer.ts";
import { runEpoch, type Standing } from "../training/training.ts";
import { pointFault } from "./failures.ts";
import { planOf } from "./halving.ts";
import type { Point } from "./points.ts";
import { PreparedData } from "./preparedData.ts";
import type { HalvingConfig } from "./schema.ts";

export interface EstimateOptions {
  readonly threads: RunConfig["threads"];
  /** Points that are timed, at most, evenly over the study. */
  readonly sample: number;
  /** Seconds for which each is trained. */
  readonly seconds: number;
  readonly onPoint?: (point: Point, seconds: number) => void;
  /** A point would fail, of which the estimate knows no time. */
  readonly onFailure?: (point: Point, line: string) => void;
}

export interface Estimate {
  readonly points: number;
  /** That were timed. */
  readonly timed: number;
  /** Wall seconds of all points one after another. */
  readonly seconds: number;
}

/**
 * Of the points with folds and seeds of a combination one is timed, in the course of its first epochs: a network that has
 * learned may spike more or less than then.
 *
 * @throws Error what training would, if it is no fault of a point, or all of them would fail
 */
export async function estimateOf(
  points: readonly Point[],
  halving: HalvingConfig | undefined,
  options: EstimateOptions,
): Promise<Estimate> {
  const firsts = points.filter(({ combination }, k) => points[k - 1]?.combination !== combination);
  const count = Math.min(options.sample, firsts.length);
  const chosen = Array.from(
    { length: count },
    (_, k) => firsts[Math.floor(((k + 0.5) * firsts.length) / count)]!,
  );
  const data = new PreparedData();
  const share = trainedShare(points, halving);
  let [sum, timed] = [0, 0];
  for (const point of chosen) {
    try {
      const seconds = await secondsOf(point, share, data, options);
      options.onPoint?.(point, seconds);
      sum += seconds;
      timed++;
    } catch (error) {
      // If none is left to tell the others' time.
      const line = pointFault(error);
      if (line === undefined || (timed === 0 && point === chosen.at(-1))) throw error;
      options.onFailure?.(point, line);
    }
  }
  return { points: points.length, timed, seconds: (sum / timed) * points.length };
}

/** Of all epochs that are trained at all: halving stops some points early, and it does not matter which. */
function trainedShare(points: readonly Point[], halving: HalvingConfig | undefined): number {
  const done = { accuracies: new Array<number>(mostEpochs(points)).fill(0), isOver: false, hasFailed: false };
  const { epochs } = planOf(points, halving, () => done);
  const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);
  return sum(epochs.values()) / sum(points.map(({ config }) => config.epochs));
}

function mostEpochs(points: readonly Point[]): number {
  return points.reduce((most, { config }) => Math.max(most, config.epochs), 0);
}

async function secondsOf(
  point: Point,
  share: number,
  data: PreparedData,
  options: EstimateOptions,
): Promise<number> {
  const config = { ...point.config, threads: options.threads };
  // Read once for all points that share it.
  await data.load(config);
  const start = performance.now();
  const trainer = await trainerOf(await loadExperiment(config, undefined, (its) => data.load(its)));
  const begin = performance.now() - start;
  try {
    const epoch = await epochTime(trainer, 1000 * options.seconds);
    const { validation, test } = trainer.dataset;
    const scored = trialsOf(validation) + trialsOf(test);
    const end = scored > 0 ? scored * (await trialTime(trainer, validation ?? test!)) : 0;
    return (begin + share * config.epochs * epoch + end) / 1000;
  } finally {
    trainer.engine.close();
  }
}

function trialsOf(samples: Samples | undefined): number {
  return samples?.labels.length ?? 0;
}

/** ms of an epoch, its validation included, as it was after the first third of the time, in which code is compiled. */
async function epochTime(trainer: Trainer, limit: number): Promise<number> {
  const start = performance.now();
  const stop = new AbortController();
  const epochs: number[] = [];
  const batches: number[] = [];
  let last = start;
  const onBatch = ({ part }: Standing) => {
    const now = performance.now();
    if (part === "train") batches.push(now - last);
    last = now;
    if (now - start > limit && batches.length >= leastBatches) stop.abort();
  };
  while (trainer.stopReason === undefined) {
    const begin = performance.now();
    if ((await runEpoch(trainer, { onBatch, signal: stop.signal })) === undefined) break;
    epochs.push(performance.now() - begin);
  }
  if (epochs.length > 0) return meanOfLast(epochs);
  const { validation } = trainer.dataset;
  const scoring = validation ? trialsOf(validation) * (await trialTime(trainer, validation)) : 0;
  return trainer.batchCount * meanOfLast(batches) + scoring;
}

const leastBatches = 6;

function meanOfLast(times: readonly number[]): number {
  const kept = times.slice(Math.floor(times.length / 3));
  return kept.reduce((sum, time) => sum + time, 0) / kept.length;
}

/** ms of a trial that is only scored. */
async function trialTime(trainer: Trainer, samples: Samples): Promise<number> {
  const trials = Math.min(trialsOf(samples), mostScored);
  // Spread over the part, which may be sorted by class.
  const chosen = Array.from({ length: trials }, (_, k) => Math.floor((k * trialsOf(samples)) / trials));
  const some = subset(samples, chosen);
  await trainer.evaluate(some, "estimate");
  const start = performance.now();
  await trainer.evaluate(some, "estimate");
  return (performance.now() - start) / trials;
}

const mostScored = 128;
