/** Phantom spikes: a label's output that never spikes is pulled up as published, others are left alone. */
import { describe, expect, test } from "vitest";
import { parseCase } from "../../src/format/parseCase.ts";
import type { Case } from "../../src/model/case.ts";
import type { FirstSpike, Penalty } from "../../src/model/losses.ts";
import { sketch, solveSketch } from "../support/networks/build.ts";
import { engineFor } from "../support/networks/conditioning.ts";
import { tensorsOf } from "../support/networks/entries.ts";
import { expectNear } from "../support/networks/expectations.ts";
import { smallCase } from "../support/networks/smallCase.ts";

const [duration, arrival, alpha, tau1] = [40, 3, 0.05, 15];

function firstSpike(penalty: Penalty, phantomSpikes: boolean | undefined, target = 0): FirstSpike {
  return { kind: "first_spike", population: "out", tau0: 2, tau1, alpha, penalty, target, phantomSpikes };
}

/** One input spike to outputs with these weights. */
function outputs(weights: readonly number[], loss: FirstSpike, output: object = {}): Case {
  return sketch({
    duration,
    input: [[arrival, 0]],
    populations: [{ name: "out", size: weights.length, ...output }],
    projections: [{ from: "input", to: "out", weight: weights.map((weight) => [weight]) }],
    loss,
  });
}

/** V at x of a unit current that starts at 0. */
function response(x: number, tauMem: number, tauSyn: number): number {
  if (tauMem === tauSyn) return (x / tauMem) * Math.exp(-x / tauMem);
  return (tauSyn / (tauMem - tauSyn)) * (Math.exp(-x / tauMem) - Math.exp(-x / tauSyn));
}

/** λ_V of the label's output at T. */
const pull = {
  exponential: (alpha / tau1) * Math.exp(duration / tau1),
  hyperbolic: alpha / (0.01 * duration) ** 2,
};

describe.each(["exponential", "hyperbolic"] as const)("%s penalty", (penalty) => {
  test.each([
    [20, 5],
    [6, 6],
    [5, 12],
  ])(
    "of one synapse, tau_mem %d and tau_syn %d: dL/dw = −tau_mem λ_V(T) dV(T)/dw",
    async (tauMem, tauSyn) => {
      const taus = { tau_mem: tauMem, tau_syn: tauSyn };
      const { gradients } = await solveSketch(outputs([0.5], firstSpike(penalty, true), taus));
      const expected = -tauMem * pull[penalty] * response(duration - arrival, tauMem, tauSyn);
      // The weight grows.
      expect(expected).toBeLessThan(0);
      expectNear(gradients.projections[0]!.weight, [expected], 1e-13);
      const later =
        (response(duration - arrival + 1e-4, tauMem, tauSyn) -
          response(duration - arrival - 1e-4, tauMem, tauSyn)) /
        2e-4;
      expectNear(gradients.inputTimes, [0.5 * tauMem * pull[penalty] * later], 1e-7);
    },
  );

  test("in f32 it is the same but for its rounding", async () => {
    const problem = outputs([0.5], firstSpike(penalty, true));
    const [single, double] = [await solveSketch(problem, "f32"), await solveSketch(problem)];
    expectNear(single.gradients.projections[0]!.weight, double.gradients.projections[0]!.weight, 1e-6);
  });

  test("the pull is added to what the other outputs' spikes ask for, which it does not change", async () => {
    const solve = async (phantom: boolean) =>
      (await solveSketch(outputs([0.5, 9, 0.25], firstSpike(penalty, phantom)))).gradients.projections[0]!
        .weight;
    const [plain, pulled] = [await solve(false), await solve(true)];
    expect([plain[0], plain[2]]).toEqual([0, 0]);
    expect(plain[1]).not.toBe(0);
    const expected = -20 * pull[penalty] * response(duration - arrival, 20, 5);
    expectNear(pulled, [expected, plain[1]!, 0], 1e-13);
  });

  test("where the label's output spikes, nothing changes", async () => {
    for (const weights of [[9], [9, 8], [9, 0.5]]) {
      const plain = await solveSketch(outputs(weights, firstSpike(penalty, false)));
      expect(await solveSketch(outputs(weights, firstSpike(penalty, true)))).toEqual(plain);
    }
  });

  test("loss, readout and spikes are what they are without", async () => {
    const plain = await solveSketch(outputs([0.5, 9], firstSpike(penalty, false)));
    const pulled = await solveSketch(outputs([0.5, 9], firstSpike(penalty, true)));
    const { gradients: _, ...rest } = pulled;
    expect(plain).toMatchObject(rest);
  });

  test("nothing is pulled unless it is asked for: a silent label has no gradient", async () => {
    for (const phantom of [false, undefined]) {
      const problem = outputs([0.5, 0.25], firstSpike(penalty, phantom));
      for (const { values } of tensorsOf(problem, (await solveSketch(problem)).gradients))
        expect(values.every((value) => value === 0)).toBe(true);
    }
  });
});

test("behind hidden neurons the pull reaches their input as the voltage at T would", async () => {
  // dL/dw = −tau_mem λ_V(T) dV(T)/dw: V(T) is linear in the readout weights, hence Σ v dL/dv = −tau_mem λ_V(T) V(T).
  const given = (weight: number, out: number) =>
    sketch({
      duration,
      input: [
        [arrival, 0],
        [arrival + 6, 0],
      ],
      populations: [{ name: "hidden" }, { name: "out" }],
      projections: [
        { from: "input", to: "hidden", weight: [[weight]] },
        { from: "hidden", to: "out", weight: [[out]], delay: 2 },
      ],
      loss: firstSpike("exponential", true),
    });
  const voltage = async (weight: number) => {
    const { spikes } = await solveSketch(given(weight, 0.7));
    const times = Array.from(spikes.hidden!.times);
    expect(times.length).toBeGreaterThan(2);
    expect(spikes.out!.times.length).toBe(0);
    return 0.7 * times.reduce((sum, time) => sum + response(duration - time - 2, 20, 5), 0);
  };
  const { gradients } = await solveSketch(given(14, 0.7));
  const factor = -20 * pull.exponential;
  expectNear([0.7 * gradients.projections[1]!.weight[0]!], [factor * (await voltage(14))], 1e-12);
  const difference = ((await voltage(14 + 1e-5)) - (await voltage(14 - 1e-5))) / 2e-5;
  expectNear(gradients.projections[0]!.weight, [factor * difference], 1e-7);
});

test("a trial knows nothing of the phantoms of the one before, whatever its loss", async () => {
  const problem = outputs([0.5, 9], firstSpike("exponential", true));
  const engine = await engineFor(problem);
  const times = Array.from(engine.solve(problem.input, { kind: "none" }).spikes.out!.times);
  const misses = {
    kind: "spike_time_mse",
    population: "out",
    targets: [[], times.map((t) => t - 1)],
  } as const;
  for (const loss of [firstSpike("exponential", false), misses]) {
    const before = engine.solve(problem.input, loss);
    expect(engine.solve(problem.input, problem.loss).gradients.projections[0]!.weight[0]).toBeLessThan(0);
    expect(engine.solve(problem.input, loss)).toEqual(before);
    expect(before.gradients.projections[0]!.weight[0]).toBe(0);
  }
});

test("case files do not know phantom spikes", () => {
  const problem = smallCase();
  problem.loss = { kind: "first_spike", population: "hidden", tau0: 2, tau1: 6, alpha: 0.1, target: 0 };
  expect(() => parseCase(problem)).not.toThrow();
  problem.loss.phantomSpikes = true;
  expect(() => parseCase(problem)).toThrow(/phantomSpikes: unknown key/);
});
