/** The input of a trial is its spikes on the grid and their delayed copies, as a plain second implementation gives it. */
import { describe, expect, test } from "vitest";
import type { Samples } from "../../src/data/dataset.ts";
import { delayLineChannels, mostTrialSpikes, trialInput } from "../../src/data/delayLine.ts";
import type { InputConfig } from "../../src/data/settings.ts";
import { randomTrials, type Spike, samplesOf, trialsOf } from "../support/training/samples.ts";

const channels = 40;
const duration = 60;

function input(time_step: number, copies?: number, step = 1): InputConfig {
  const delay = copies === undefined ? {} : { delay_line: { copies, step } };
  return { channel_scale: 1, time_scale: 1, time_step, ...delay };
}

function inputs(samples: Samples, config: InputConfig): Spike[][] {
  const room = mostTrialSpikes(samples, config);
  const into = { times: new Float64Array(room), sources: new Uint32Array(room) };
  return Array.from(samples.labels, (_, trial) => {
    const count = trialInput(samples, trial, config, channels, duration, into);
    return Array.from({ length: count }, (_, k): Spike => [into.times[k]!, into.sources[k]!]);
  });
}

const order = (list: Spike[]) => list.sort(([a, c], [b, d]) => a - b || c - d);

/** Times in whole numbers of `unit`: of time steps, or of ms divided finely enough. */
function plainly(spikes: readonly Spike[], config: InputConfig, unit: number): Spike[] {
  const { time_step, delay_line: { copies, step } = { copies: 0, step: 0 } } = config;
  const grain = time_step > 0 ? Math.round(time_step / unit) : 1;
  const settled = spikes.map(([time, channel]): Spike => {
    return [Math.floor(Math.round(time / unit) / grain) * grain, channel];
  });
  const once = time_step > 0 ? [...new Map(settled.map((s) => [s.join(), s])).values()] : settled;
  const all: Spike[] = [];
  for (let c = 0; c <= copies; c++) {
    for (const [k, channel] of once) all.push([k + c * Math.round(step / unit), channel + c * channels]);
  }
  return order(all.filter(([k]) => k < Math.round(duration / unit))).map(([k, source]) => [k * unit, source]);
}

describe("the input of a trial", () => {
  test.each([
    [input(0), 0.25],
    [input(1), 0.25],
    [input(2), 0.25],
    [input(0, 10, 3), 0.25],
    [input(0, 3, 0.75), 0.25],
    [input(1, 10, 3), 0.25],
    [input(2, 20, 4), 0.25],
    [input(2, 4, 0.5), 0.25],
    [input(0.5, 1, 100), 0.25],
    [input(0.1, 10, 0.3), 0.1],
    [input(0.1, 5, 7), 0.1],
  ])("is what a plain implementation gives: %j", (config, unit) => {
    const trials = randomTrials({ trials: 50, channels, duration, spikes: 200, grain: unit });
    expect(inputs(samplesOf(trials), config)).toEqual(trials.map((t) => plainly(t.spikes, config, unit)));
  });

  test("of eleven copies has spike (i, t) at (i + 700 c, t + 30 c) as long as that is before the end", () => {
    const config = input(1, 10, 30);
    const samples = samplesOf(
      [
        {
          spikes: [
            [0, 3],
            [705, 699],
          ],
        },
      ],
      "f32",
    );
    const into = { times: new Float64Array(22), sources: new Uint32Array(22) };
    const count = trialInput(samples, 0, config, 700, 1000, into);
    const expected = Array.from({ length: 11 }, (_, c): Spike => [30 * c, 3 + 700 * c]);
    for (let c = 0; c < 10; c++) expected.push([705 + 30 * c, 699 + 700 * c]);
    expect(Array.from({ length: count }, (_, k) => [into.times[k], into.sources[k]])).toEqual(expected);
    expect(delayLineChannels(700, config)).toBe(7700);
    expect(delayLineChannels(700, input(1))).toBe(700);
  });

  test("has times of the same step as the same number, whichever copy they are of", () => {
    const trials = randomTrials({ trials: 5, channels, duration, spikes: 400 });
    for (const spikes of inputs(samplesOf(trials), input(0.1, 10, 0.7))) {
      for (const [time] of spikes) expect(time).toBe(Math.round(time / 0.1) * 0.1);
    }
  });

  test("is in order of source where only rounding makes times coincide", () => {
    const samples = samplesOf([
      {
        spikes: [
          [0, 5],
          [1, 1],
          [1 + 2 ** -52, 2],
        ],
      },
    ]);
    const late = inputs(samples, input(0, 2, 1))[0]!.filter(([time]) => time === 2);
    expect(late.map(([, source]) => source)).toEqual([channels + 1, channels + 2, 2 * channels + 5]);
  });

  test("does not depend on the trial before, and leaves the samples alone", () => {
    const samples = samplesOf(randomTrials({ trials: 30, channels, duration, spikes: 200 }), "f32");
    const before = structuredClone(samples);
    const config = input(1, 3, 2);
    const all = inputs(samples, config);
    for (const trial of [29, 0, 17]) {
      const alone = samplesOf([{ spikes: trialsOf(samples)[trial]! }], "f32");
      inputs(samplesOf(randomTrials({ trials: 1, channels, duration, seed: 5 })), input(0, 20, 1));
      expect(inputs(alone, config)).toEqual([all[trial]]);
    }
    expect(samples).toEqual(before);
  });

  test("is nothing for a trial without spikes, and never too much for its place unnoticed", () => {
    expect(inputs(samplesOf([{ spikes: [] }]), input(1, 3, 2))).toEqual([[]]);
    const into = { times: new Float64Array(1), sources: new Uint32Array(1) };
    const two = samplesOf([
      {
        spikes: [
          [0, 1],
          [5, 2],
        ],
      },
    ]);
    expect(() => trialInput(two, 0, input(1), channels, duration, into)).toThrow(
      "trial 0 has 2 spikes, 1 fit",
    );
  });
});
