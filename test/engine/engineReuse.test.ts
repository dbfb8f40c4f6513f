/** An engine's answers depend on nothing but its network and the trial at hand. */
import { describe, expect, test, vi } from "vitest";
import { Engine } from "../../src/engine/engine.ts";
import { parseCase } from "../../src/format/parseCase.ts";
import type { Solution } from "../../src/model/solution.ts";
import { solveSketch } from "../support/networks/build.ts";
import { engineFor } from "../support/networks/conditioning.ts";
import { tensorsOf } from "../support/networks/entries.ts";
import { expectNear, expectSpikes } from "../support/networks/expectations.ts";
import { holds } from "../support/networks/property.ts";
import { smallCase } from "../support/networks/smallCase.ts";
import { scaledVoltages, times, withNetwork } from "../support/networks/transforms.ts";

/** For GOLDSPIKE_RUNS by hand. */
vi.setConfig({ testTimeout: 600_000 });

describe.each(["f64", "f32"] as const)("%s", (precision) => {
  test("the same trial gives the same bits again, whatever was run and loaded in between", async () => {
    await holds({}, async ({ problem }) => {
      const engine = await engineFor(problem, precision);
      const { input, loss, network } = problem;
      const run = () => JSON.stringify(engine.solve(input, loss));
      const first = run();
      const half = { times: input.times.slice(1), sources: input.sources.slice(1) };
      engine.solve(half, { kind: "none" });
      expect(run()).toBe(first);
      engine.accumulate(half, { kind: "none" });
      engine.setNetwork(scaledVoltages(problem, 0.75).network);
      engine.evaluate(input, { kind: "none" });
      engine.setNetwork(network);
      expect(run()).toBe(first);
    });
  });

  test("engines of larger budgets give the same bits", async () => {
    await holds({ runs: 15 }, async ({ problem: { network, duration, input, loss } }) => {
      const create = (maxInputSpikes: number, maxEvents: number) =>
        Engine.create(network, { precision, duration, maxInputSpikes, maxEvents });
      const [small, large] = [await create(input.times.length, 2000), await create(100, 5000)];
      expect(JSON.stringify(large.solve(input, loss))).toBe(JSON.stringify(small.solve(input, loss)));
    });
  });

  test("spikes do not depend on the loss", async () => {
    const kinds = ["integral_cross_entropy", "max_cross_entropy", "average_cross_entropy"] as const;
    await holds({ kinds }, async ({ problem: { input, loss, ...rest } }) => {
      const engine = await engineFor({ ...rest, input, loss }, precision);
      engine.evaluate(input, { kind: "none" });
      const { spikes, slopes, closestGraze } = engine.simulation({ closestGraze: true });
      const solution = engine.solve(input, loss, { closestGraze: true });
      expectSpikes(solution.spikes, spikes, 0);
      expect(solution.slopes).toEqual(slopes);
      expect(solution.closestGraze).toEqual(closestGraze);
    });
  });

  test("summed weight gradients are those of each trial alone", async () => {
    const bar = precision === "f64" ? 1e-11 : 1e-2;
    const kinds = [
      "integral_cross_entropy",
      "max_cross_entropy",
      "average_cross_entropy",
      "first_spike",
    ] as const;
    await holds({ kinds }, async ({ problem }) => {
      const { input, loss, network } = problem;
      const engine = await engineFor(problem, precision);
      const half = { times: input.times.slice(0, 1), sources: input.sources.slice(0, 1) };
      const weightsOf = ({ gradients }: Solution) => gradients.projections.map(({ weight }) => weight);
      const [whole, part] = [weightsOf(engine.solve(input, loss)), weightsOf(engine.solve(half, loss))];
      const summed = () => network.projections.map((_, p) => engine.gradient(`projections[${p}].weight`));
      engine.clearGradients();
      const { loss: value } = engine.accumulate(input, loss);
      expect(value).toBe(engine.evaluate(input, loss).loss);
      summed().forEach((weights, p) => {
        expectNear(weights, whole[p]!, bar);
      });
      engine.accumulate(half, loss);
      summed().forEach((weights, p) => {
        expectNear(
          weights,
          whole[p]!.map((weight, k) => weight + part[p]![k]!),
          bar,
        );
      });
    });
  });
});

test("a network whose delays come to differ is taken over by setNetwork", async () => {
  await holds({ kinds: ["average_cross_entropy", "spike_time_mse"], runs: 15 }, async ({ problem }) => {
    const plain = withNetwork(problem, ({ projections }) => ({
      projections: projections.map((p) => ({ ...p, delay: 0 })),
    }));
    const slower = withNetwork(plain, ({ populations }) => ({
      populations: populations.map((p) => ({ ...p, tauMem: times(p.tauMem, 1.5) })),
    }));
    const { input, loss } = problem;
    const engine = await engineFor(slower);
    engine.evaluate(input, { kind: "none" });
    engine.setNetwork(problem.network);
    const [actual, expected] = [engine.solve(input, loss), await solveSketch(problem)];
    expectSpikes(actual.spikes, expected.spikes, 0);
    const truths = tensorsOf(problem, expected.gradients);
    tensorsOf(problem, actual.gradients).forEach(({ values }, k) => {
      expectNear(values, truths[k]!.values, 0);
    });
  });
});

test("what a program does to its own arrays afterwards changes no engine", async () => {
  const problem = parseCase(smallCase());
  const engine = await engineFor(problem, "f64");
  const { network, input, loss } = problem;
  const expected = JSON.stringify(engine.solve(input, loss));
  const [given, [, last]] = [engine.weight(0), network.projections];
  engine.setWeight(0, given);
  given.fill(0);
  const read = engine.network();
  for (const { weight } of [...network.projections, ...read.projections]) weight.fill(0);
  for (const { tauMem } of [...network.populations, ...read.populations]) tauMem.fill(1);
  engine.setWeight(1, engine.weight(1));
  expect(last!.weight[0]).toBe(0);
  expect(JSON.stringify(engine.solve(input, loss))).toBe(expected);
});
