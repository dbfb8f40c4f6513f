/** Trials are prepared as a plain second implementation does it, and times on the grid are the same numbers. */
import { describe, expect, test } from "vitest";
import { stepOf, wholeSteps } from "../../src/data/arrange.ts";
import { prepare, preparedChannels } from "../../src/data/prepare.ts";
import type { InputConfig } from "../../src/data/settings.ts";
import { randomTrials, type Spike, samplesOf, trialsOf } from "../support/training/samples.ts";

const channels = 70;
const duration = 50;

function input(changed: Partial<InputConfig>): InputConfig {
  return { channel_scale: 1, time_scale: 1, time_step: 0, ...changed };
}

/** The last of 0, step, 2 step, … that is not after `time`. */
function gridPoint(time: number, step: number): number {
  let k = 0;
  while ((k + 1) * step <= time) k++;
  return k * step;
}

function plainly(spikes: readonly Spike[], { channel_scale, time_scale, time_step }: InputConfig): Spike[] {
  const scaled = spikes
    .map(([time, channel]): Spike => [time * time_scale, Math.floor(channel * channel_scale)])
    .filter(([time]) => time < duration);
  const order = (list: Spike[]) => list.sort(([a, c], [b, d]) => a - b || c - d);
  if (time_step === 0) return order(scaled);
  const onGrid = scaled.map(([time, channel]): Spike => [gridPoint(time, time_step), channel]);
  return order([...new Map(onGrid.map((spike) => [spike.join(), spike])).values()]);
}

describe("prepared trials", () => {
  test.each([
    {},
    { time_step: 1 },
    { time_step: 0.1 },
    { time_step: 7 },
    { channel_scale: 0.33 },
    { channel_scale: 1.7, time_scale: 0.9 },
    { channel_scale: 0.5, time_scale: 1.3, time_step: 2 },
    { time_scale: 0.7, time_step: 0.3 },
  ])("are those of a plain implementation: %j", (changed) => {
    const config = input(changed);
    const trials = randomTrials({ trials: 60, channels, duration, spikes: 300, grain: 0.25 });
    const samples = samplesOf(trials, "f32");
    const prepared = prepare(samples, config, channels, duration);
    expect(trialsOf(prepared)).toEqual(trials.map(({ spikes }) => plainly(spikes, config)));
    expect([prepared.labels, prepared.speakers]).toEqual([samples.labels, samples.speakers]);
    const late = trials.flatMap((t) => t.spikes).filter(([time]) => time * config.time_scale >= duration);
    expect(prepared.dropped).toBe(late.length);
    expect(Math.max(...prepared.sources)).toBeLessThan(preparedChannels(channels, config));
  });

  test("are prepared already", () => {
    const config = input({ time_step: 0.1 });
    const samples = samplesOf(randomTrials({ trials: 20, channels, duration, spikes: 300 }));
    const once = prepare(samples, config, channels, duration);
    expect(prepare(once, config, channels, duration)).toEqual(once);
  });

  test("are in single precision exactly where that holds every time", () => {
    const samples = samplesOf(randomTrials({ trials: 20, channels, duration }));
    const times = (time_step: number) => prepare(samples, input({ time_step }), channels, duration).times;
    expect(times(0.5)).toBeInstanceOf(Float32Array);
    expect(times(0.1)).toBeInstanceOf(Float64Array);
  });

  test("have ⌈channels · scale⌉ channels", () => {
    const count = (channel_scale: number) => preparedChannels(700, input({ channel_scale }));
    expect([0.1, 0.33, 1, 1.001].map(count)).toEqual([70, 231, 700, 701]);
    expect(() => count(100)).toThrow(
      "input.channel_scale: expected a factor that makes at most 65536 of 700 channels, got 100 (70000 channels)",
    );
  });
});

describe("the grid", () => {
  test.each([0.1, 0.3, 1 / 3, 0.7, 1e-3, 17.3])("of step %s has each of its points at that point", (step) => {
    const all = Array.from({ length: 20_000 }, (_, k) => k);
    expect(all.filter((k) => stepOf(k * step, step) !== k)).toEqual([]);
    const before = (time: number) => time * (1 - 2 ** -53);
    expect(all.filter((k) => k > 0 && stepOf(before(k * step), step) !== k - 1)).toEqual([]);
  });

  test("knows whole numbers of steps", () => {
    expect([wholeSteps(30, 0.1), wholeSteps(0.3, 0.1), wholeSteps(30, 2)]).toEqual([300, 3, 15]);
    expect([wholeSteps(3, 2), wholeSteps(0.3 + 1e-12, 0.1)]).toEqual([undefined, undefined]);
  });
});
