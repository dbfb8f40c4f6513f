/** Initial weights by how far the input drives a neuron. */
import { expect, test } from "vitest";
import { ConfigError } from "../../src/base/errors.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import { simulate } from "../../src/index.ts";
import { parseRunConfig } from "../../src/training/config/check.ts";
import { driven } from "../../src/training/drive.ts";
import { configuredTraining } from "../../src/training.ts";

/** Trials of so many spikes at even times on channels in turn. */
function data(channels: number, spikes: number, trials = 12): Dataset {
  const samples = {
    source: "even",
    labels: Uint16Array.from({ length: trials }, (_, k) => k % 2),
    offsets: Uint32Array.from({ length: trials + 1 }, (_, k) => k * spikes),
    times: Float64Array.from({ length: trials * spikes }, (_, k) => ((k % spikes) * 200) / spikes),
    sources: Uint16Array.from({ length: trials * spikes }, (_, k) => k % channels),
    dropped: 0,
  };
  return { classes: ["a", "b"], channels, train: samples, test: samples };
}

const settings = (weights: Record<string, { drive: number }>, hidden = [{ size: 20, recurrent: false }]) => ({
  dataset: { kind: "shd" as const, folder: ".", train: "a", test: "b", channels: 10 },
  ...{ duration: 250, network: { hidden, weights }, epochs: 1, loss: { kind: "max_cross_entropy" as const } },
});

const driveOf = (drive: number) => parseRunConfig(settings({ input_hidden: { drive } }));

test.each([
  [4, 8],
  [100, 40],
  [100, 2000],
])(
  "%i channels, %i spikes a trial: neurons spike, and do not spike all the time",
  async (channels, spikes) => {
    const given = data(channels, spikes);
    const training = await configuredTraining(driveOf(1.5), given);
    const input = {
      times: given.train.times.slice(0, spikes),
      sources: Int32Array.from(given.train.sources.slice(0, spikes)),
    };
    const { spikes: found } = await simulate(
      training.network(),
      { ...input, times: Float64Array.from(input.times) },
      250,
    );
    const active = new Set(found["hidden"]!.neurons).size;
    expect(active).toBeGreaterThanOrEqual(5);
    expect(found["hidden"]!.times.length).toBeLessThan(20 * 60);
  },
);

test("weights are as wide as the drive is high, and not wider for data with more spikes", async () => {
  const sdOf = async (drive: number, given: Dataset) => {
    const own = (await driven(driveOf(drive), given)).network.weights["input_hidden"]!;
    if ("drive" in own) throw new Error("it was not found");
    return own.sd;
  };
  const [once, twice] = [await sdOf(1, data(50, 100)), await sdOf(2, data(50, 100))];
  expect(twice / once).toBeCloseTo(2, 2);
  expect(await sdOf(1, data(50, 400))).toBeLessThan(once);
});

test("where there is nothing to find them by, one line says so", async () => {
  const none = driven(driveOf(1), data(5, 0));
  await expect(none).rejects.toThrow(ConfigError);
  await expect(none).rejects.toThrow(
    /^network\.weights\.input_hidden\.drive: expected training trials with spikes/,
  );
  const other = parseRunConfig(settings({ hidden_hidden: { drive: 1 } }, [{ size: 20, recurrent: true }]));
  await expect(driven(other, data(5, 9))).rejects.toThrow(
    /hidden_hidden\.drive: expected it of input_hidden alone/,
  );
  expect(() => parseRunConfig(settings({ input_hidden: { drive: -1 } }))).toThrow(
    /expected a positive number, got -1/,
  );
});
