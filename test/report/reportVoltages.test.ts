/** The voltages of a report are those whose integral and maximum the engine takes. */
import { describe, expect, test } from "vitest";
import { Engine } from "../../src/engine/engine.ts";
import { buildNetwork } from "../../src/model/buildNetwork.ts";
import type { Loss } from "../../src/model/losses.ts";
import type { Network, SpikeTrain } from "../../src/model/network.ts";
import { evenTimes, readoutVoltages } from "../../src/report/voltages.ts";
import { createSampler } from "../support/training/sampler.ts";

const duration = 60;
const [channels, hidden, outputs] = [5, 6, 3];

/** Readouts that see the input and a recurrent layer, over delays of every kind. */
function draw(seed: number): { network: Network; input: SpikeTrain } {
  const { uniform, integer } = createSampler(seed);
  const values = (count: number, low: number, high: number) =>
    Array.from({ length: count }, () => uniform(low, high));
  const own = (low: number, high: number) => values(outputs, low, high);
  const network = buildNetwork({
    inputChannels: channels,
    populations: [
      { name: "hidden", size: hidden, tauMem: 20, tauSyn: 5 },
      {
        ...{ name: "output", size: outputs, model: "li", tauMem: own(5, 30), tauSyn: own(2, 30) },
        ...{ bias: own(-0.3, 0.3), v0: own(-1, 1), i0: own(-1, 1) },
      },
    ],
    projections: [
      { from: "input", to: "hidden", weight: values(hidden * channels, 0, 4) },
      { from: "hidden", to: "hidden", weight: values(hidden * hidden, -1, 1), delay: 2 },
      { from: "hidden", to: "output", weight: values(outputs * hidden, -1, 1) },
      {
        ...{ from: "hidden", to: "output", weight: values(outputs * hidden, -1, 1) },
        delay: values(outputs * hidden, 0, 70),
      },
      { from: "input", to: "output", weight: values(outputs * channels, -1, 1), delay: 3.5 },
    ],
  });
  const times = Float64Array.from(values(40, 0, duration)).sort();
  return { network, input: { times, sources: Int32Array.from(times, () => integer(0, channels - 1)) } };
}

async function both(seed: number, loss: Loss, samples: number) {
  const { network, input } = draw(seed);
  const engine = await Engine.create(network, { duration, maxInputSpikes: 100 });
  const { readout } = engine.evaluate(input, loss);
  const { spikes } = engine.simulation();
  expect(spikes.hidden!.times.length).toBeGreaterThan(5);
  const times = evenTimes(duration, samples);
  return { readout, voltages: await readoutVoltages(network, "output", { input, spikes }, times) };
}

describe("voltages of readouts", () => {
  test.each([1, 2, 3, 4, 5])("have the engine's integral, seed %i", async (seed) => {
    const loss = { kind: "integral_cross_entropy", weighting: "uniform", target: 0 } as const;
    const { readout, voltages } = await both(seed, loss, 60001);
    voltages.forEach((values, k) => {
      const ends = (values[0]! + values.at(-1)!) / 2;
      const mean = (values.reduce((sum, value) => sum + value, 0) - ends) / (values.length - 1);
      expect(mean).toBeCloseTo(readout[k]!, 6);
    });
  });

  test.each([1, 2, 3, 4, 5])("have the engine's maximum, seed %i", async (seed) => {
    const { readout, voltages } = await both(seed, { kind: "max_cross_entropy", target: 0 }, 60001);
    voltages.forEach((values, k) => {
      const most = Math.max(
        0,
        values.reduce((a, b) => Math.max(a, b)),
      );
      expect(most).toBeLessThanOrEqual(readout[k]! + 1e-11);
      expect(most).toBeCloseTo(readout[k]!, 3);
    });
  });

  test("do not depend on where they are looked at", async () => {
    const { network, input } = draw(6);
    const trial = { input, spikes: {} };
    const [few, many] = [evenTimes(duration, 7), evenTimes(duration, 601)];
    const coarse = await readoutVoltages(network, "output", trial, few);
    const fine = await readoutVoltages(network, "output", trial, many);
    coarse.forEach((values, k) => {
      values.forEach((value, n) => {
        expect(value).toBeCloseTo(fine[k]![100 * n]!, 12);
      });
    });
  });
});
