/** The course of a trial and of its adjoint is the certified one, wherever the suite has looked. */
import { describe, expect, test } from "vitest";
import { Engine } from "../../src/engine/engine.ts";
import type { TracedNeurons } from "../../src/engine/trace.ts";
import type { Case } from "../../src/model/case.ts";
import { losses } from "../../src/model/losses.ts";
import type { Precision } from "../../src/model/solution.ts";
import { answeredCases } from "../support/conformance/certifiedCases.ts";
import { sketch, solveSketch } from "../support/networks/build.ts";
import { expectNear } from "../support/networks/expectations.ts";
import { holds } from "../support/networks/property.ts";
import { shifted } from "../support/networks/transforms.ts";

async function engineOf({ network, duration, input }: Case, precision: Precision = "f64") {
  const options = { precision, duration, maxInputSpikes: input.times.length, maxEvents: 2 ** 16 };
  return Engine.create(network, options);
}

/** Of all neurons. */
async function traced(problem: Case, times: readonly number[], precision: Precision = "f64") {
  const engine = await engineOf(problem, precision);
  const everyone = problem.network.populations.map(({ name }) => [name, "all"] as const);
  const { populations } = engine.trace(
    problem.input,
    problem.loss,
    Float64Array.from(times),
    Object.fromEntries(everyone),
  );
  return populations;
}

/** The largest error of a tensor in its largest entry, or in `least` where that is more. */
function errorOf(actual: Float64Array, expected: ArrayLike<number>, least: number): number {
  expect(actual.length).toBe(expected.length);
  const values = Array.from(expected);
  const largest = Math.max(least, ...values.map(Math.abs));
  return Math.max(...values.map((value, k) => Math.abs(actual[k]! - value))) / largest;
}

const withTraces = answeredCases.filter(({ answer }) => answer.traces !== undefined);

test("every loss is among the certified cases", () => {
  const kinds = new Set(withTraces.map(({ problem }) => problem.loss.kind as string));
  expect(Object.keys(losses).filter((kind) => !kinds.has(kind))).toEqual(["none"]);
});

// Golden traces are taken where nothing happens, so that before and after an event are the same.
describe.each([
  // Not where a spike's slope is next to nothing by design, and magnifies rounding: up to 6 % at a distance of 1e−15.
  ["f64", 1e-12, /^touch-reaches-1e-(6|9|15)$/],
  // Nor, in single precision, where rounding makes other spikes.
  ["f32", 1e-4, /^(touch|inhibition-)/],
] as const)("%s", (precision, bar, leftOut) => {
  test.each(withTraces.filter(({ name }) => !leftOut.test(name)))(
    "V, I, lambda_V and lambda_I of the certified case $name",
    async ({ problem, answer: { traces } }) => {
      const found = await traced(problem, [...traces!.times], precision);
      const errors = Object.entries(traces!.populations).flatMap(([population, certified]) => {
        const { neurons, v, i, lambdaV, lambdaI } = found[population]!;
        expect(neurons.length).toBe(certified.v.shape[1]);
        return [
          [population, "v", errorOf(v, certified.v.values, 1e-3)],
          [population, "i", errorOf(i, certified.i.values, 1e-3)],
          // What cancels to 0 is 1e−40 in the oracle.
          [population, "lambda_v", errorOf(lambdaV, certified.lambda_v.values, 1e-6)],
          [population, "lambda_i", errorOf(lambdaI, certified.lambda_i.values, 1e-6)],
        ] as const;
      });
      expect(errors.filter(([, , error]) => !(error <= bar))).toEqual([]);
    },
  );
});

test("dL/dw is −tau_syn times the sum of lambda_I at the arrivals, whatever the loss", async () => {
  // A trace cannot look at time 0 itself.
  await holds({ change: (problem) => shifted(problem, 0.01) }, async ({ problem, engine }) => {
    const { network, input, duration, loss } = problem;
    const { gradients } = engine.solve(input, loss);
    for (const [p, { from, to, delay }] of network.projections.entries()) {
      if (from !== "input" || typeof delay !== "number") continue;
      const arrivals = Array.from(input.times, (time) => time + delay).filter((time) => time < duration);
      const { lambdaI } = (await traced(problem, arrivals))[to]!;
      const { size, tauSyn } = network.populations.find(({ name }) => name === to)!;
      const expected = gradients.projections[p]!.weight.map((_, synapse) => {
        const [j, channel] = [Math.floor(synapse / network.inputChannels), synapse % network.inputChannels];
        const own = arrivals.map((_, k) => (input.sources[k] === channel ? lambdaI[k * size + j]! : 0));
        return own.reduce((sum, lambda) => sum - tauSyn[j]! * lambda, 0);
      });
      expectNear(gradients.projections[p]!.weight, expected, 1e-11);
    }
  });
});

describe("a neuron that its bias fires", () => {
  const firing = sketch({
    duration: 30,
    populations: [{ name: "cell", size: 3, bias: [1.5, 0.2, 1.5], reset: -0.5 }],
    loss: { kind: "linear", voltages: [{ population: "cell", neuron: 0, time: 25, factor: 2 }] },
  });
  const at = async (times: readonly number[], neurons: TracedNeurons) => {
    const engine = await engineOf(firing);
    return engine.trace(firing.input, firing.loss, Float64Array.from(times), neurons).populations;
  };
  const crossing = 20 * Math.log(3);

  test("at an event's own time, T included, the state is that just before it", async () => {
    const [time] = (await solveSketch(firing)).spikes.cell!.times;
    expect(time).toBeCloseTo(crossing, 13);
    const { v } = (await at([time!, time! + 1e-9, 30], { cell: [0] })).cell!;
    expect(v[0]).toBeCloseTo(1, 13);
    expect(v[1]).toBeCloseTo(-0.5, 8);
    expect(v[2]).toBeCloseTo(1.5 - 2 * Math.exp((crossing - 30) / 20), 13);
  });

  test("lambda_V is that after the loss has looked, then 2 e^(−t/τ)/τ before it", async () => {
    const { lambdaV } = (await at([24, 25, 26], { cell: [0] })).cell!;
    expect(lambdaV[0]).toBeCloseTo((-2 / 20) * Math.exp(-1 / 20), 15);
    expect(Array.from(lambdaV.subarray(1), Math.abs)).toEqual([0, 0]);
  });

  test("only the neurons asked for, in the order asked for, as often as asked for", async () => {
    const { cell } = await at([5, 10], { cell: [2, 1, 2] });
    expect(cell!.neurons).toEqual([2, 1, 2]);
    const v = (bias: number, t: number) => bias * (1 - Math.exp(-t / 20));
    const expected = [5, 10].flatMap((t) => [v(1.5, t), v(0.2, t), v(1.5, t)]);
    expectNear(cell!.v, expected, 1e-14);
    expect(await at([], { cell: "all" })).toMatchObject({ cell: { v: new Float64Array() } });
    expect(await at([5], {})).toEqual({});
    expect((await at([5], { cell: [] })).cell!.v.length).toBe(0);
  });
});
