/** From recordings to pristine trials: what is done to the spikes once, before any augmentation. */

import { ConfigError } from "../base/errors.ts";
import { arrange, ChannelSet } from "./arrange.ts";
import type { Dataset, Samples } from "./dataset.ts";
import type { InputConfig } from "./settings.ts";

/** Number of channels that `prepare` makes of `channels`. */
export function preparedChannels(channels: number, { channel_scale }: InputConfig): number {
  const prepared = Math.ceil(channels * channel_scale);
  if (prepared > 65536) {
    const expected = `expected a factor that makes at most 65536 of ${channels} channels`;
    throw new ConfigError(`input.channel_scale: ${expected}, got ${channel_scale} (${prepared} channels)`);
  }
  return prepared;
}

/**
 * Scales channels (cut to a whole number) and times, drops what is not before `duration`, and puts what is left on the
 * grid of `time_step` if there is one, at most one spike of a channel at each point. Spikes are then in order of time,
 * coincident ones in that of channels.
 *
 * @param channels of `samples`
 * @param duration ms
 */
export function prepare(samples: Samples, input: InputConfig, channels: number, duration: number): Samples {
  const { channel_scale, time_scale, time_step } = input;
  const trials = samples.labels.length;
  const offsets = new Uint32Array(trials + 1);
  const times = new Float64Array(samples.times.length);
  const sources = new Uint16Array(samples.times.length);
  const set = new ChannelSet(preparedChannels(channels, input));
  let dropped = samples.dropped;
  for (let i = 0; i < trials; i++) {
    const to = samples.offsets[i + 1]!;
    let k = samples.offsets[i]!;
    let at = offsets[i]!;
    for (; k < to; k++) {
      const time = samples.times[k]! * time_scale;
      if (time >= duration) break;
      times[at] = time;
      sources[at] = Math.trunc(samples.sources[k]! * channel_scale);
      at++;
    }
    dropped += to - k;
    offsets[i + 1] = arrange(times, sources, offsets[i]!, at, time_step, set);
  }
  const count = offsets[trials]!;
  return {
    ...samples,
    offsets,
    times: narrowest(times.subarray(0, count)),
    sources: sources.slice(0, count),
    dropped,
  };
}

/** In single precision if that holds every time exactly. */
function narrowest(times: Float64Array): Samples["times"] {
  for (let k = 0; k < times.length; k++) {
    if (Math.fround(times[k]!) !== times[k]) return times.slice();
  }
  return new Float32Array(times);
}

/**
 * Every part of a data set, prepared.
 *
 * @throws ConfigError `input` leaves a part without spikes
 */
export function prepareParts(
  { input, duration }: { readonly input: InputConfig; readonly duration: number },
  dataset: Dataset,
): Dataset {
  const { channels, train, validation, test } = dataset;
  const part = (samples: Samples) => {
    const ready = prepare(samples, input, channels, duration);
    if (samples.times.length > 0 && ready.times.length === 0) throw noneLeft(samples, input, duration);
    return ready;
  };
  return {
    ...dataset,
    channels: preparedChannels(channels, input),
    train: part(train),
    ...(validation && { validation: part(validation) }),
    // Where the test part stands in for a validation part, both are the same trials.
    ...(test && { test: part(test) }),
  };
}

function noneLeft({ source, times }: Samples, { time_scale }: InputConfig, duration: number): ConfigError {
  const expected = `expected a factor that leaves spikes of ${source} before duration, ${duration} ms`;
  return new ConfigError(
    `input.time_scale: ${expected}, got ${time_scale}, which moves all ${times.length} behind it`,
  );
}
