/** The voltages of a trace are those whose integral and maximum the losses take, and reading them changes nothing. */
import { describe, expect, test } from "vitest";
import { Engine } from "../../src/engine/engine.ts";
import { buildNetwork } from "../../src/model/buildNetwork.ts";
import type { Loss } from "../../src/model/losses.ts";
import type { Network, SpikeTrain } from "../../src/model/network.ts";
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

/** `count` times after 0, evenly spaced, the last one at the trial's end. */
function evenTimes(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, k) => (duration * (k + 1)) / count);
}

function engineFor(network: Network): Promise<Engine> {
  return Engine.create(network, { duration, maxInputSpikes: 100, maxReadings: 2 ** 18 });
}

/** V of each readout at 0, then at every time. */
function voltagesOf(engine: Engine, input: SpikeTrain, loss: Loss, times: Float64Array): Float64Array[] {
  const { v } = engine.trace(input, loss, times, { output: "all" }).populations["output"]!;
  const { v0 } = engine.network().populations[1]!;
  return Array.from({ length: outputs }, (_, j) =>
    Float64Array.of(v0[j]!, ...v.filter((_, k) => k % outputs === j)),
  );
}

async function both(seed: number, loss: Loss) {
  const { network, input } = draw(seed);
  const engine = await engineFor(network);
  const { readout } = engine.evaluate(input, loss);
  expect(engine.simulation().spikes["hidden"]!.times.length).toBeGreaterThan(5);
  return { readout, voltages: voltagesOf(engine, input, loss, evenTimes(60000)) };
}

describe("voltages of readouts", () => {
  test.each([1, 2, 3, 4, 5])("have the loss's integral, seed %i", async (seed) => {
    const loss = { kind: "integral_cross_entropy", weighting: "uniform", target: 0 } as const;
    const { readout, voltages } = await both(seed, loss);
    voltages.forEach((values, k) => {
      const ends = (values[0]! + values.at(-1)!) / 2;
      const mean = (values.reduce((sum, value) => sum + value, 0) - ends) / (values.length - 1);
      expect(mean).toBeCloseTo(readout[k]!, 6);
    });
  });

  test.each([1, 2, 3, 4, 5])("have the loss's maximum, seed %i", async (seed) => {
    const { readout, voltages } = await both(seed, { kind: "max_cross_entropy", target: 0 });
    voltages.forEach((values, k) => {
      const most = values.reduce((a, b) => Math.max(a, b), 0);
      expect(most).toBeLessThanOrEqual(readout[k]! + 1e-11);
      expect(most).toBeCloseTo(readout[k]!, 3);
    });
  });

  test("do not depend on where else they are looked at", async () => {
    const { network, input } = draw(6);
    const engine = await engineFor(network);
    const [coarse, fine] = [6, 600].map((count) =>
      voltagesOf(engine, input, { kind: "none" }, evenTimes(count)),
    );
    coarse!.forEach((values, k) => {
      values.forEach((value, n) => {
        expect(value).toBeCloseTo(fine![k]![100 * n]!, 12);
      });
    });
  });

  test("leave the next trial as it is", async () => {
    const { network, input } = draw(7);
    const loss = { kind: "integral_cross_entropy", weighting: "sigmoid", target: 1 } as const;
    const [engine, other] = [await engineFor(network), await engineFor(network)];
    engine.trace(input, loss, evenTimes(50), { hidden: "all", output: [0] });
    expect(engine.solve(input, loss)).toEqual(other.solve(input, loss));
  });
});
