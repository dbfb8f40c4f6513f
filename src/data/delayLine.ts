/** A trial's spikes as the network sees them: on the grid, and repeated later on further channels. */

import { arrange, ChannelSet, stepOf, wholeSteps } from "./arrange.ts";
import { mostSpikes, type Samples } from "./dataset.ts";
import type { InputConfig } from "./settings.ts";

/** What is done to trials whenever they are run. */
export type LineConfig = Pick<InputConfig, "time_step" | "delay_line">;

/** Where a trial's input is written: spike k at times[k] in ms, from sources[k]. */
interface TrialSpikes {
  readonly times: Float64Array;
  readonly sources: Uint32Array;
}

/** The network's input channels: those of the data once, and once again for every copy. */
export function delayLineChannels(channels: number, { delay_line }: LineConfig): number {
  return channels * (1 + (delay_line?.copies ?? 0));
}

/** At least as many spikes as `trialInput` gives for any trial. */
export function mostTrialSpikes(samples: Samples, { delay_line }: LineConfig): number {
  return mostSpikes(samples) * (1 + (delay_line?.copies ?? 0));
}

/**
 * Writes the input of trial `index`. A spike of channel i at time t is there again for each copy c, from channel
 * i + c·channels at t + c·step, unless that is not before `duration`. With a time step, times fall to its grid before,
 * and a channel has at most one spike there: augmentation may have moved spikes onto or between grid points. If the delay
 * is a whole number of time steps, all copies are on the grid. Spikes are in order of time, coincident ones of source.
 *
 * @param channels of the data
 * @param duration ms
 * @param into with room for `mostTrialSpikes`
 * @returns the number of spikes
 */
export function trialInput(
  samples: Samples,
  index: number,
  input: LineConfig,
  channels: number,
  duration: number,
  into: TrialSpikes,
): number {
  const from = samples.offsets[index]!;
  const to = samples.offsets[index + 1]!;
  const { copies = 0, step = 0 } = input.delay_line ?? {};
  const room = roomFor(to - from, channels, copies);
  room.times.set(samples.times.subarray(from, to));
  room.sources.set(samples.sources.subarray(from, to));
  const count = arrange(room.times, room.sources, 0, to - from, input.time_step, room.set);
  const steps = input.time_step > 0 ? wholeSteps(step, input.time_step) : undefined;
  const unit = steps === undefined ? 1 : input.time_step;
  groupInstants(room, count, steps === undefined ? 0 : unit);
  const written = mergeCopies(room, copies, steps ?? step, unit, channels, duration, into);
  if (written > into.times.length) {
    throw new RangeError(`trial ${index} has ${written} spikes, ${into.times.length} fit`);
  }
  return written;
}

/** What one call needs and the next one uses again. */
interface Room {
  readonly channels: number;
  readonly set: ChannelSet;
  /** The trial's own spikes. */
  readonly times: Float64Array;
  readonly sources: Uint16Array;
  /** Instant n holds the spikes first[n] … first[n + 1]; its time is `instants`[n] units, ∞ after the last. */
  readonly instants: Float64Array;
  readonly first: Uint32Array;
  /** For each copy its next instant, and when that is. */
  readonly next: Uint32Array;
  readonly heads: Float64Array;
}

let kept: Room | undefined;

function roomFor(spikes: number, channels: number, copies: number): Room {
  const fits = kept && kept.times.length >= spikes && kept.next.length > copies;
  if (kept && fits && kept.channels === channels) return kept;
  const size = Math.max(spikes, kept?.times.length ?? 0);
  kept = {
    channels,
    set: new ChannelSet(channels),
    times: new Float64Array(size),
    sources: new Uint16Array(size),
    instants: new Float64Array(size + 1),
    first: new Uint32Array(size + 1),
    next: new Uint32Array(copies + 1),
    heads: new Float64Array(copies + 1),
  };
  return kept;
}

/** @param step the unit of instants, ms; 0 for ms */
function groupInstants({ times, instants, first }: Room, count: number, step: number): void {
  let n = 0;
  for (let k = 0; k < count; k++) {
    if (k > 0 && times[k] === times[k - 1]) continue;
    instants[n] = step > 0 ? stepOf(times[k]!, step) : times[k]!;
    first[n] = k;
    n++;
  }
  instants[n] = Infinity;
  first[n] = count;
}

/** Goes from instant to instant of all copies; `delay` is in units. */
function mergeCopies(
  { sources, instants, first, next, heads }: Room,
  copies: number,
  delay: number,
  unit: number,
  channels: number,
  duration: number,
  into: TrialSpikes,
): number {
  const { times, sources: intoSources } = into;
  next.fill(0);
  for (let c = 0; c <= copies; c++) heads[c] = instants[0]! + c * delay;
  let at = 0;
  for (let now = heads[0]!; now * unit < duration; ) {
    const time = now * unit;
    let later = Infinity;
    for (let c = 0; c <= copies; c++) {
      while (heads[c] === now) {
        const n = next[c]!++;
        for (let k = first[n]!; k < first[n + 1]!; k++) {
          times[at] = time;
          intoSources[at] = sources[k]! + c * channels;
          at++;
        }
        heads[c] = instants[n + 1]! + c * delay;
      }
      if (heads[c]! < later) later = heads[c]!;
    }
    now = later;
  }
  return at;
}
