/** Regularisers of the hidden activity are the published jumps of λ_V, and what Eventprop makes of them. */
import { describe, expect, test, vi } from "vitest";
import type { Batch } from "../../src/engine/batch/batch.ts";
import type { Case } from "../../src/model/case.ts";
import { type RegularizationConfig, regularizationSchema } from "../../src/training/config/optimizer.ts";
import { regularize } from "../../src/training/regularize.ts";
import {
  type BatchTrial,
  batchEngineFor,
  gradientsOf,
  load,
  namedGradients,
  sumOf,
} from "../support/networks/batches.ts";
import { sketch } from "../support/networks/build.ts";
import { expectNear } from "../support/networks/expectations.ts";
import { sensitivity } from "../support/networks/loneNeuron.ts";
import { holds } from "../support/networks/property.ts";
import { trainerFor } from "../support/training/trainers.ts";

/** For GOLDSPIKE_RUNS by hand. */
vi.setConfig({ testTimeout: 600_000 });

const everything = { neuronGradients: true, delayGradients: true };

function counting(target: number, upper: number, lower: number, counts?: string): RegularizationConfig {
  return regularizationSchema.parse({ spike_count: { target, upper, lower, counts } });
}

/** Gradients of a batch with regularised layers; `trials` default to the problem's own input. */
async function gradients(
  problem: Case,
  config: RegularizationConfig,
  {
    layers = [0],
    trials = [{ input: problem.input, target: 0 }],
    scale = 1,
  }: {
    layers?: readonly number[];
    trials?: readonly BatchTrial[];
    scale?: number;
  } = {},
): Promise<{ sums: Record<string, Float64Array>; engine: Batch }> {
  // Every batch is an incomplete one.
  const engine = await batchEngineFor(problem, { batchSize: trials.length + 2, ...everything });
  load(engine, trials);
  engine.evaluate(trials.length, true);
  regularize(config, engine, layers, trials.length, scale);
  engine.differentiate(trials.length);
  return { sums: gradientsOf(engine), engine };
}

describe("of a lone neuron", () => {
  const tauMem = 20;

  const neuron = (weight: number): Case =>
    sketch({
      input: [[1, 0]],
      populations: [{ name: "cell" }],
      projections: [{ from: "input", to: "cell", weight: [[weight]] }],
    });
  test.each([8, 30, 120])(
    "that gets a spike of weight %d: dL/dw = tau_mem κ (n − ν) Σ dV/dw",
    async (weight) => {
      const { spikes, sum } = sensitivity(weight);
      for (const target of [0, spikes + 2.5]) {
        const { sums, engine } = await gradients(neuron(weight), counting(target, 0.25, 0.5));
        expect([...engine.counts(0, 0)]).toEqual([spikes]);
        const strength = target < spikes ? 0.25 : 0.5;
        expectNear(sums["weight 0"]!, [tauMem * strength * (spikes - target) * sum], 1e-12);
      }
    },
  );

  test("one spike is among what is tried, and so is a burst", () => {
    expect(sensitivity(8).spikes).toBe(1);
    expect(sensitivity(120).spikes).toBeGreaterThan(8);
  });

  test("too many spikes make the weight fall, too few make it rise, as many as wanted leave it", async () => {
    const n = sensitivity(30).spikes;
    const slopeFor = async (target: number) =>
      (await gradients(neuron(30), counting(target, 1, 1))).sums["weight 0"]![0]!;
    expect(await slopeFor(n - 1)).toBeGreaterThan(0);
    expect(await slopeFor(n + 1)).toBeLessThan(0);
    expect(Math.abs(await slopeFor(n))).toBe(0);
  });

  test("a neuron that does not spike is not regularised", async () => {
    const { sums } = await gradients(neuron(1), counting(14, 1, 1));
    expect(sums["weight 0"]![0]).toBe(0);
  });
});

test("a jump of c at every spike is what moving the spikes by −c V̇ costs, in any network", async () => {
  // ∂L/∂V of a spike by the Eventprop rule is −(∂L/∂t)/V̇, so that an explicit ∂l/∂t = −c V̇ gives a jump of c.
  await holds({ kinds: ["none"] }, async ({ problem, engine: single }) => {
    const layers = problem.network.populations.flatMap(({ model }, p) => (model === "lif" ? [p] : []));
    const { sums, engine } = await gradients(problem, counting(2, 1, 3), { layers });
    const { spikes, slopes } = single.solve(problem.input, { kind: "none" });
    let largest = 1;
    const expected = layers.map((p) => {
      const { name, tauMem } = problem.network.populations[p]!;
      const counts = engine.counts(0, p);
      const factors = Array.from(spikes[name]!.neurons, (j, k) => {
        const jump = tauMem[j]! * (counts[j]! - 2) * (counts[j]! > 2 ? 1 : 3);
        largest = Math.max(largest, Math.abs(jump));
        return -jump * slopes[name]![k]!;
      });
      const loss = { kind: "linear", spikeTimes: { [name]: factors } } as const;
      return single.solve(problem.input, loss).gradients;
    });
    // The threshold alone is not moved by a jump, while an explicit ∂l/∂t moves it.
    const names = Object.keys(sums).filter((name) => !name.startsWith("threshold"));
    const all = sumOf(expected.map((each) => namedGradients(each, names)));
    // What jumps of one size leave when they cancel was rounded at that size.
    for (const name of names) expectNear(sums[name]!, all[name]!, 1e-12, largest);
  });
});

describe("of a batch", () => {
  /** One spike of neuron 0, three or more of neuron 1 at each input spike; both reach the readouts. */
  const layer = (share = 1) =>
    sketch({
      duration: 100,
      input: [
        [1, 0],
        [50, 0],
      ],
      populations: [
        { name: "hidden", size: 2, tau_mem: [20, 10] },
        { name: "out", model: "li", size: 2 },
      ],
      projections: [
        { from: "input", to: "hidden", weight: [[8], [30]] },
        {
          from: "hidden",
          to: "out",
          weight: [
            [share, -share],
            [share / 2, share],
          ],
        },
      ],
      loss: { kind: "integral_cross_entropy", weighting: "exponential", target: 0 },
    });
  const trial = (times: readonly number[]): BatchTrial => ({
    input: { times: Float64Array.from(times), sources: new Int32Array(times.length) },
    target: 0,
  });
  const trials = [trial([1]), trial([1, 50]), trial([])];
  const alone = (config: RegularizationConfig, k: number) =>
    gradients(layer(0), config, { trials: [trials[k]!] });

  test("`trial` compares every trial's own count, `batch_mean` their mean", async () => {
    const ofTrial = counting(2, 1, 3, "trial");
    const own = await gradients(layer(0), ofTrial, { trials });
    const each = await Promise.all(trials.map((_, k) => alone(ofTrial, k)));
    const expected = sumOf(each.map(({ sums }) => sums));
    expect(expected["weight 0"]!.every((value) => value !== 0)).toBe(true);
    for (const [name, values] of Object.entries(expected)) expectNear(own.sums[name]!, values, 1e-13);

    const mean = await gradients(layer(0), counting(2, 1, 3), { trials });
    const counts = trials.map((_, slot) => [...mean.engine.counts(slot, 0)]);
    expect(counts[0]![0]).toBe(1);
    expect(counts[1]).toEqual(counts[0]!.map((n) => 2 * n));
    const weights = mean.sums["weight 0"]!;
    for (const [j, n] of counts[0]!.entries()) {
      // Linear in the jump: per unit of it, a spike of neuron j in the first trial, two of them in the second.
      const jump = (count: number) => (count > 2 ? 1 : 3) * (count - 2);
      const perUnit = [0, 1].map(
        async (k) => (await alone(counting(0, 1, 1), k)).sums["weight 0"]![j]! / counts[k]![j]!,
      );
      const [one, two] = await Promise.all(perUnit);
      expectNear([weights[j]!], [jump(n) * (one! + two!)], 1e-13);
    }
  });

  test("the jumps are linear in κ, each side by its own", async () => {
    const weightsFor = async (upper: number, lower: number) =>
      (await gradients(layer(0), counting(2, upper, lower), { trials })).sums["weight 0"]!;
    const [above, below] = [await weightsFor(1, 0), await weightsFor(0, 1)];
    expect(above[0]).toBe(0);
    expect(above[1]).toBeGreaterThan(0);
    expect(below[0]).toBeLessThan(0);
    expect(Math.abs(below[1]!)).toBe(0);
    expectNear(
      await weightsFor(0.25, 3),
      above.map((value, j) => 0.25 * value + 3 * below[j]!),
      1e-14,
    );
  });

  test("the global regulariser acts in trials of more spikes than the limit, on all neurons alike", async () => {
    const globally = (limit: number) => regularizationSchema.parse({ global: { limit, strength: 0.5 } });
    const { engine } = await gradients(layer(0), globally(1), { trials });
    const totals = trials.map((_, slot) => engine.counts(slot, 0).reduce((sum, n) => sum + n, 0));
    expect(totals[1]).toBe(2 * totals[0]!);
    const limit = totals[1]! - 3;
    expect(limit).toBeGreaterThanOrEqual(totals[0]!);
    const { sums } = await gradients(layer(0), globally(limit), { trials });
    // κ_global (N − limit)/neurons at every spike of the second trial, none in the others.
    const counts = [...engine.counts(1, 0)];
    const perUnit = (await alone(counting(0, 1, 1), 1)).sums["weight 0"]!;
    const expected = perUnit.map((value, j) => (value / counts[j]!) * ((0.5 * 3) / 2));
    expectNear(sums["weight 0"]!, expected, 1e-14);

    const both = { ...counting(2, 1, 3), ...globally(limit), spike_count: counting(2, 1, 3).spike_count };
    const separate = (await gradients(layer(0), counting(2, 1, 3), { trials })).sums["weight 0"]!;
    const together = (await gradients(layer(0), both, { trials })).sums["weight 0"]!;
    expectNear(
      together,
      separate.map((value, j) => value + expected[j]!),
      1e-14,
    );
  });

  test("the scale of the gradient is that of the loss alone: scale × total = scale × data + jumps", async () => {
    const config = counting(2, 0.01, 0.03);
    const scale = 1 / 20;
    const [data, jumps, total] = await Promise.all([
      gradients(layer(), regularizationSchema.parse({}), { trials }),
      gradients(layer(0), config, { trials }),
      gradients(layer(), config, { trials, scale }),
    ]);
    for (const { sums } of [data, jumps]) expect(sums["weight 0"]!.every((value) => value !== 0)).toBe(true);
    for (const name of ["weight 0", "delay 0", "tauMem 0", "tauSyn 0", "bias 0", "v0 0", "i0 0", "reset 0"]) {
      const expected = data.sums[name]!.map((value, k) => scale * value + jumps.sums[name]![k]!);
      expectNear(
        total.sums[name]!.map((value) => scale * value),
        expected,
        1e-13,
      );
    }
    // What lies behind the spikes does not see the jumps.
    for (const name of ["weight 1", "tauMem 1", "bias 1"]) expect(total.sums[name]).toEqual(data.sums[name]);
  });

  test("what a batch before was told is forgotten", async () => {
    const engine = await batchEngineFor(layer(), { batchSize: 3, ...everything });
    const run = (config: RegularizationConfig) => {
      load(engine, trials);
      engine.evaluate(3, true);
      regularize(config, engine, [0], 3, 1);
      engine.differentiate(3);
      return gradientsOf(engine);
    };
    const first = run(counting(2, 1, 1));
    expect(run(counting(9, 1, 1))).not.toEqual(first);
    expect(run(counting(2, 1, 1))).toEqual(first);
  });
});

describe("in training", () => {
  const spike_count = { target: 1, upper: 0.02, lower: 0.05 };

  /** Gradients of the first batch as the optimiser sees them, by the configuration's names of projections. */
  async function firstBatch(changes: object) {
    const trainer = await trainerFor(changes);
    trainer.trainBatch();
    const [input, hidden, output] = Object.values(gradientsOf(trainer.engine));
    return { input: input!, hidden: hidden!, output: output! };
  }

  test("hidden layers are regularised, outputs that spike are not", async () => {
    const network = { hidden: [{ size: 12 }], weights: { input_hidden: { mean: 3, sd: 2 } } };
    const changes = { network, loss: { kind: "first_spike" } };
    const plain = await firstBatch(changes);
    const regularized = await firstBatch({ ...changes, regularization: { spike_count } });
    for (const values of Object.values(plain)) expect(values.some((value) => value !== 0)).toBe(true);
    expect(regularized.output).toEqual(plain.output);
    expect(regularized.input).not.toEqual(plain.input);
    expect(regularized.hidden).not.toEqual(plain.hidden);
  });

  test.each([
    ["integral_cross_entropy", { output: { tau_mem: 16 } }, 1 / 16],
    ["average_cross_entropy", {}, 1 / 20],
    ["max_cross_entropy", {}, 1 / 30],
    ["first_spike", {}, 1],
  ])(
    "%s on the published scale: the gradient times that, and the jumps as they are",
    async (kind, layers, scale) => {
      const weights = { input_hidden: { mean: 3, sd: 2 }, hidden_output: { mean: 0.5, sd: 0.5 } };
      const changes = { loss: { kind }, network: { hidden: [{ size: 12 }], weights, ...layers } };
      const regularization = { spike_count };
      const gradient_scale = { kind: "paper" };
      const [data, exact, paper] = await Promise.all([
        firstBatch(changes),
        firstBatch({ ...changes, regularization }),
        firstBatch({ ...changes, regularization, gradient_scale }),
      ]);
      expect(exact.input).not.toEqual(data.input);
      for (const name of ["input", "hidden", "output"] as const) {
        const jumps = exact[name].map((value, k) => value - data[name][k]!);
        const expected = data[name].map((value, k) => scale * value + jumps[k]!);
        expectNear(
          paper[name].map((value) => scale * value),
          expected,
          1e-12,
        );
      }
    },
  );
});
