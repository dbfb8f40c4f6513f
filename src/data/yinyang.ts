/**
 * The Yin-Yang data set: points of a disc in three classes that no linear classifier separates.
 * L. Kriener, J. Göltz, M. A. Petrovici, "The Yin-Yang dataset" (2022), as spikes.
 */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { randomStream, seedComplaint, stream } from "../base/random.ts";
import { checkOptions, optionRules } from "../engine/checks.ts";
import { mostNeurons, type SpikeTrain } from "../model/network.ts";
import type { Samples, TestedDataset } from "./dataset.ts";

const isCount = (value: unknown) =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= mostNeurons
    ? undefined
    : `expected an integer from 1 to ${mostNeurons}`;

const yinYangClasses = ["yin", "yang", "dot"] as const;

/** x, y, 1 − x, 1 − y and the bias. */
const yinYangChannels = 5;

/** How many points of the Yin-Yang figure there are to be, and which. */
export interface YinYangOptions {
  /** Number of training points. */
  readonly train: number;
  /** Number of test points. */
  readonly test: number;
  /** Of the training points, an integer from 0 to 2³² − 1. */
  readonly trainSeed: number;
  /** Of the test points, an integer from 0 to 2³² − 1. */
  readonly testSeed: number;
  /** Length T of a trial in ms. */
  readonly duration: number;
}

/**
 * The Yin-Yang data set: points drawn from two seeds, five spikes each, in three classes. Only + − × ÷ are used: the same seed
 * gives the same bits everywhere.
 *
 * @throws ConfigError for an option that is missing, unknown or out of range
 */
export function yinYang(options: YinYangOptions): TestedDataset {
  checkOptions(options, {
    train: isCount,
    test: isCount,
    trainSeed: seedComplaint,
    testSeed: seedComplaint,
    duration: optionRules.duration,
  });
  const { train, test, trainSeed, testSeed, duration } = options;
  return {
    classes: yinYangClasses,
    channels: yinYangChannels,
    train: samples(train, trainSeed, duration),
    test: samples(test, testSeed, duration),
  };
}

/**
 * The class of the point (x, y) of the unit disc: 2 (dot) within 0.2 of (±½, 0); else 0 (yin) in the upper half without
 * the circle of radius ½ around (½, 0) and in the circle around (−½, 0); else 1 (yang).
 */
export function yinYangClass(x: number, y: number): number {
  const small = 0.2 * 0.2;
  const half = 0.5 * 0.5;
  const right = (x - 0.5) * (x - 0.5) + y * y;
  const left = (x + 0.5) * (x + 0.5) + y * y;
  if (right < small || left < small) return 2;
  const yin = right <= small || (left > small && left <= half) || (y > 0 && right > half);
  return yin ? 0 : 1;
}

/**
 * The point (x, y) of the unit disc as one spike in each channel: with the coordinates scaled to a value in [0, 1] that
 * of x, y, 1 − x, 1 − y and 0 (the bias) spikes at e + value (T − 2e), T = `duration` in ms. The paper's code leaves two
 * steps of 0.1 ms at both ends of its 30 ms, hence e = T/150.
 */
export function yinYangInput(x: number, y: number, duration: number): SpikeTrain {
  const edge = duration / 150;
  const a = (x + 1) / 2;
  const b = (y + 1) / 2;
  const spikes = [a, b, 1 - a, 1 - b, 0].map((value, channel) => ({
    time: edge + value * (duration - 2 * edge),
    channel,
  }));
  spikes.sort((one, other) => one.time - other.time);
  return {
    times: Float64Array.from(spikes, (spike) => spike.time),
    sources: Int32Array.from(spikes, (spike) => spike.channel),
  };
}

function samples(count: number, seed: number, duration: number): Samples {
  const random = randomStream(seed, stream.points);
  const labels = new Uint16Array(count);
  const times = new Float64Array(count * yinYangChannels);
  const sources = new Uint16Array(count * yinYangChannels);
  for (let i = 0; i < count; i++) {
    const label = uniformInt(random, 0, yinYangClasses.length - 1);
    const { x, y } = pointOfClass(random, label);
    const input = yinYangInput(x, y, duration);
    labels[i] = label;
    times.set(input.times, i * yinYangChannels);
    sources.set(input.sources, i * yinYangChannels);
  }
  const offsets = Uint32Array.from({ length: count + 1 }, (_, i) => i * yinYangChannels);
  return { source: `yinyang seed ${seed}`, labels, offsets, times, sources, dropped: 0 };
}

/** A point drawn uniformly from the part of the disc that has this class. */
function pointOfClass(random: RandomGenerator, label: number): { x: number; y: number } {
  for (;;) {
    const x = 2 * uniformFloat64(random) - 1;
    const y = 2 * uniformFloat64(random) - 1;
    if (x * x + y * y <= 1 && yinYangClass(x, y) === label) return { x, y };
  }
}
