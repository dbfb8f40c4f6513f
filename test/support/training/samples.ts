/** Small labelled spike trains to augment and to prepare, and plain views of them. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { randomStream, stream } from "../../../src/base/random.ts";
import type { AugmentationContext } from "../../../src/data/augment/augment.ts";
import type { Samples } from "../../../src/data/dataset.ts";
import { elementary } from "../../../src/engine/kernel/elementary.ts";

/** [time in ms, channel] */
export type Spike = readonly [number, number];

export interface Trial {
  readonly spikes: readonly Spike[];
  readonly label?: number;
  readonly speaker?: number;
}

export function samplesOf(trials: readonly Trial[], precision: "f32" | "f64" = "f64"): Samples {
  const spikes = trials.flatMap((trial) => trial.spikes);
  const times = spikes.map(([time]) => time);
  const offsets = [0];
  for (const trial of trials) offsets.push(offsets.at(-1)! + trial.spikes.length);
  return {
    source: "test",
    labels: Uint16Array.from(trials, ({ label = 0 }) => label),
    speakers: Uint16Array.from(trials, ({ speaker = 0 }) => speaker),
    offsets: Uint32Array.from(offsets),
    times: precision === "f32" ? Float32Array.from(times) : Float64Array.from(times),
    sources: Uint16Array.from(spikes, ([, channel]) => channel),
    dropped: 0,
  };
}

export function spikesOf({ offsets, times, sources }: Samples, trial: number): Spike[] {
  const spikes: Spike[] = [];
  for (let k = offsets[trial]!; k < offsets[trial + 1]!; k++) spikes.push([times[k]!, sources[k]!]);
  return spikes;
}

export function trialsOf(samples: Samples): Spike[][] {
  return Array.from(samples.labels, (_, trial) => spikesOf(samples, trial));
}

export interface RandomTrials {
  readonly trials: number;
  readonly channels: number;
  readonly duration: number;
  /** Most spikes of a trial. */
  readonly spikes?: number;
  /** Times are multiples of it. */
  readonly grain?: number;
  readonly classes?: number;
  readonly seed?: number;
}

export function randomTrials(options: RandomTrials): Trial[] {
  const { trials, channels, duration, spikes = 40, grain = 2 ** -20, classes = 3, seed = 1 } = options;
  const random = randomStream(seed, stream.points);
  const spike = (): Spike => [
    grain * Math.floor((uniformFloat64(random) * duration) / grain),
    uniformInt(random, 0, channels - 1),
  ];
  return Array.from({ length: trials }, (_, trial) => ({
    spikes: Array.from({ length: uniformInt(random, 1, spikes) }, spike).sort(([a], [b]) => a - b),
    label: uniformInt(random, 0, classes - 1),
    speaker: trial,
  }));
}

const kernel = await elementary();

export function contextOf(channels: number, duration: number, seed = 1, epoch = 1): AugmentationContext {
  return { channels, duration, random: randomStream(seed, stream.augmentation, epoch), elementary: kernel };
}

/** Σ (observed − expected)²/expected less its mean, in its standard deviations. */
export function chiSquareExcess(observed: readonly number[], expected: readonly number[]): number {
  const sum = observed.reduce((total, count, k) => total + (count - expected[k]!) ** 2 / expected[k]!, 0);
  const freedom = observed.length - 1;
  return (sum - freedom) / Math.sqrt(2 * freedom);
}
