/** Blends: new trials of a class, each mixed from the spikes of several trials of that class. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import type { Samples } from "../dataset.ts";
import { type AugmentationContext, SpikeRuns, type Spikes, withSpikes } from "./context.ts";
import { occurs } from "./oneTrial.ts";

/**
 * Appends trials until there are `total`; none if there are as many already. For each, a trial drawn from all says its
 * class and `keep.length` trials, its parents, are drawn from that class with replacement. Each parent is moved by whole
 * channels and whole ms, cut towards zero, so that its centre comes to the mean of the parents' centres; spike by spike
 * it is kept with probability `keep[i]` for parent i, and what is then within channels and duration is merged in order
 * of time. A blend's speaker is that of its first parent. A parent without spikes has no centre and gives nothing.
 */
export function blend(
  samples: Samples,
  keep: readonly number[],
  total: number,
  context: AugmentationContext,
): Samples {
  const before = samples.labels.length;
  if (before === 0 || total <= before) return samples;
  const parents = drawParents(samples.labels, keep.length, total - before, context.random);
  const spikes = roomFor(samples, parents, total, context.duration);
  const mixer = new Mixer(samples, keep, context);
  for (let trial = before; trial < total; trial++) {
    const first = (trial - before) * keep.length;
    const at = spikes.offsets[trial]!;
    spikes.offsets[trial + 1] = mixer.mix(parents.subarray(first, first + keep.length), spikes, at);
  }
  const appended = (of: Uint16Array) => {
    const all = new Uint16Array(total);
    all.set(of);
    for (let b = 0; b < total - before; b++) all[before + b] = of[parents[b * keep.length]!]!;
    return all;
  };
  return {
    ...withSpikes(samples, spikes),
    labels: appended(samples.labels),
    ...(samples.speakers && { speakers: appended(samples.speakers) }),
  };
}

/** Shape [blends, perBlend]. */
function drawParents(
  labels: Uint16Array,
  perBlend: number,
  blends: number,
  random: RandomGenerator,
): Uint32Array {
  const members = new Map<number, number[]>();
  for (const [trial, label] of labels.entries()) {
    const known = members.get(label);
    if (known) known.push(trial);
    else members.set(label, [trial]);
  }
  const parents = new Uint32Array(blends * perBlend);
  for (let b = 0; b < blends; b++) {
    const ofClass = members.get(labels[uniformInt(random, 0, labels.length - 1)]!)!;
    for (let i = 0; i < perBlend; i++) {
      parents[b * perBlend + i] = ofClass[uniformInt(random, 0, ofClass.length - 1)]!;
    }
  }
  return parents;
}

/** The samples' own spikes, and room for all those of the parents. */
function roomFor(samples: Samples, parents: Uint32Array, total: number, duration: number): Spikes {
  const { offsets, times, sources } = samples;
  const most = parents.reduce((sum, parent) => sum + offsets[parent + 1]! - offsets[parent]!, times.length);
  // Moved by whole ms, a time in single precision stays exact if it is a whole number.
  const exact = times instanceof Float32Array && duration <= 2 ** 24 && allWhole(times);
  const spikes = {
    offsets: new Uint32Array(total + 1),
    times: exact ? new Float32Array(most) : new Float64Array(most),
    sources: new Uint16Array(most),
  };
  spikes.offsets.set(offsets);
  spikes.times.set(times);
  spikes.sources.set(sources);
  return spikes;
}

function allWhole(times: Float32Array): boolean {
  for (let k = 0; k < times.length; k++) {
    if (times[k] !== Math.floor(times[k]!)) return false;
  }
  return true;
}

/** Mixes parents' spikes, with memory that is used again from blend to blend. */
class Mixer {
  readonly #samples: Samples;
  readonly #keep: readonly number[];
  readonly #context: AugmentationContext;
  readonly #centres: Centres;
  readonly #runs: SpikeRuns;

  constructor(samples: Samples, keep: readonly number[], context: AugmentationContext) {
    this.#samples = samples;
    this.#keep = keep;
    this.#context = context;
    this.#centres = centresOf(samples);
    this.#runs = new SpikeRuns(keep.length, samples);
  }

  /** Writes a blend from `at` on; returns where it ends. */
  mix(parents: Uint32Array, into: Spikes, at: number): number {
    const { channels, times } = this.#centres;
    const centre = { channel: meanOf(parents, channels), time: meanOf(parents, times) };
    this.#runs.clear();
    for (const [i, parent] of parents.entries()) {
      const byChannels = Math.trunc(centre.channel - channels[parent]!) | 0;
      const byTime = Math.trunc(centre.time - times[parent]!);
      this.#addRun(parent, this.#keep[i]!, byChannels, byTime);
    }
    return this.#runs.merge(into, at);
  }

  #addRun(parent: number, keep: number, byChannels: number, byTime: number): void {
    const { offsets, times, sources } = this.#samples;
    const { channels, duration, random } = this.#context;
    const runs = this.#runs;
    const to = offsets[parent + 1]!;
    let at = runs.end;
    for (let k = offsets[parent]!; k < to; k++) {
      if (!occurs(random, keep)) continue;
      const time = times[k]! + byTime;
      const channel = sources[k]! + byChannels;
      if (time < 0 || time >= duration || channel < 0 || channel >= channels) continue;
      runs.times[at] = time;
      runs.sources[at] = channel;
      at++;
    }
    runs.close(at);
  }
}

/** Of those parents that have a centre. */
function meanOf(parents: Uint32Array, centres: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (const parent of parents) {
    const centre = centres[parent]!;
    if (Number.isNaN(centre)) continue;
    sum += centre;
    count++;
  }
  return sum / count;
}

/** Shape [trials]; NaN where a trial has no spikes. */
interface Centres {
  readonly channels: Float64Array;
  readonly times: Float64Array;
}

/** Where a trial's spikes lie on average. */
function centresOf({ labels, offsets, times, sources }: Samples): Centres {
  const centres = { channels: new Float64Array(labels.length), times: new Float64Array(labels.length) };
  for (let i = 0; i < labels.length; i++) {
    const from = offsets[i]!;
    const to = offsets[i + 1]!;
    let channel = 0;
    let time = 0;
    for (let k = from; k < to; k++) {
      channel += sources[k]!;
      time += times[k]!;
    }
    centres.channels[i] = channel / (to - from);
    centres.times[i] = time / (to - from);
  }
  return centres;
}
