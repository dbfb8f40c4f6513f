/** Losses linear in spike times and voltages: the oracle's, whatever they look at, and as the case format says. */
import { describe, expect, test } from "vitest";
import { ConfigError, KernelError } from "../../src/base/errors.ts";
import type { Case } from "../../src/model/case.ts";
import type { Linear, SpikeTimeMse, VoltageTerm } from "../../src/model/losses.ts";
import type { Solution } from "../../src/model/solution.ts";
import { type Sketch, sketch, solveSketch } from "../support/networks/build.ts";
import { tensorsOf } from "../support/networks/entries.ts";
import { expectNear, expectSpikes } from "../support/networks/expectations.ts";
import { expectOracle } from "../support/networks/expectOracle.ts";
import { holds } from "../support/networks/property.ts";

/** Two cells that drive each other after delays, and two readouts. */
const network: Sketch = {
  duration: 40,
  channels: 2,
  input: [1, 3.5, 9, 9, 21].map((time, k) => [time, k % 2] as const),
  populations: [
    { name: "cells", size: 2, tau_mem: [20, 15], reset: [0, -0.2], bias: [0.1, 0] },
    { name: "out", size: 2, model: "li", v0: [0.2, 0], tau_syn: [5, 7] },
  ],
  projections: [
    {
      from: "input",
      to: "cells",
      weight: [
        [7, 2],
        [3, 8],
      ],
    },
    {
      from: "cells",
      to: "cells",
      weight: [
        [0, 1],
        [-1, 0.4],
      ],
      delay: 1.5,
    },
    {
      from: "cells",
      to: "out",
      weight: [
        [1, -0.5],
        [0.3, 0.7],
      ],
    },
  ],
};
const { spikes } = await solveSketch(sketch(network));
const counts = { cells: spikes.cells!.times.length };
/** Any fixed numbers. */
const factors = { cells: Array.from(spikes.cells!.times, (_, k) => Math.sin(3 * k + 1)) };
const term = (population: string, neuron: number, time: number, factor = 1): VoltageTerm => {
  return { population, neuron, time, factor };
};
const having = (loss: Omit<Linear, "kind">, given = network): Case =>
  sketch({ ...given, loss: { kind: "linear", ...loss } });

describe("is the oracle's", () => {
  test.each<[string, Omit<Linear, "kind">]>([
    ["of spike times", { spikeTimes: factors }],
    ["of a readout's voltage", { voltages: [term("out", 1, 17.25, -0.7)] }],
    ["of a spiking neuron's voltage", { voltages: [term("cells", 0, 17.25, 1.3)] }],
    [
      "of several at one time, twice the same, and at T",
      {
        voltages: [
          term("out", 0, 25, 0.4),
          term("cells", 1, 25, -1.2),
          term("cells", 1, 25, 0.5),
          term("out", 1, 40, 0.6),
          term("cells", 0, 40, -0.3),
        ],
      },
    ],
    ["of both", { spikeTimes: factors, voltages: [term("cells", 1, 12.5), term("out", 0, 30.125, -2)] }],
  ])("%s", async (_, loss) => {
    await expectOracle(having(loss));
  });

  test("just before and just after a reset", async () => {
    const [first] = spikes.cells!.times;
    const neuron = spikes.cells!.neurons[0]!;
    for (const by of [-1e-6, 1e-6])
      await expectOracle(having({ voltages: [term("cells", neuron, first! + by)] }));
  });
});

test("nothing to add up is 0 and has no gradient", async () => {
  const given = having({});
  const { loss, readout, gradients } = await solveSketch(given);
  expect([loss, readout.length]).toEqual([0, 0]);
  for (const { values } of tensorsOf(given, gradients))
    expect(values.every((value) => value === 0)).toBe(true);
});

/** a times one plus b times the other, tensor by tensor. */
function expectSum(problem: Case, sum: Solution, parts: readonly Solution[], bar: number): void {
  const each = parts.map(({ gradients }) => tensorsOf(problem, gradients));
  for (const [n, { values }] of tensorsOf(problem, sum.gradients).entries()) {
    const expected = values.map((_, k) => each.reduce((total, part) => total + part[n]!.values[k]!, 0));
    expectNear(
      values,
      expected,
      bar,
      Math.max(1e-3, ...each.flatMap((part) => [...part[n]!.values].map(Math.abs))),
    );
  }
}

describe("random networks", () => {
  test("the gradient of a sum of two linear losses is the sum of their gradients", async () => {
    await holds({ kinds: ["linear"] }, async ({ problem, engine }) => {
      const { spikeTimes = {}, voltages = [] } = problem.loss as Linear;
      const half = voltages.filter((_, k) => k % 2 === 0);
      const rest = voltages.filter((_, k) => k % 2 === 1);
      const share = (p: number) =>
        Object.fromEntries(
          Object.entries(spikeTimes).map(([name, own]) => [
            name,
            own.map((a, k) => (k % 2 === p ? 3 * a : -2 * a)),
          ]),
        );
      const solve = (loss: Omit<Linear, "kind">) => engine.solve(problem.input, { kind: "linear", ...loss });
      const parts = [
        solve({ spikeTimes: share(0), voltages: half }),
        solve({ spikeTimes: share(1), voltages: rest }),
      ];
      const sum = solve({ spikeTimes, voltages });
      expectSum(problem, sum, parts, 1e-11);
      const losses = parts.map(({ loss }) => loss);
      expectNear([sum.loss], [losses[0]! + losses[1]!], 1e-13, Math.max(1, ...losses.map(Math.abs)));
    });
  });

  test("factors t − target have the gradient of spike_time_mse", async () => {
    await holds({ kinds: ["spike_time_mse"] }, async ({ problem, engine }) => {
      const loss = problem.loss as SpikeTimeMse;
      const expected = engine.solve(problem.input, loss);
      const { times, neurons } = expected.spikes[loss.population]!;
      const next = loss.targets.map(() => 0);
      const misses = Array.from(times, (time, k) => time - loss.targets[neurons[k]!]![next[neurons[k]!]!++]!);
      const actual = engine.solve(problem.input, {
        kind: "linear",
        spikeTimes: { [loss.population]: misses },
      });
      expectSum(problem, actual, [expected], 1e-12);
    });
  });

  test("looking changes no spike but for rounding", async () => {
    await holds({ kinds: ["linear"] }, async ({ problem, engine }) => {
      const { spikes: seen } = engine.solve(problem.input, problem.loss);
      const { spikes: unseen } = engine.solve(problem.input, { kind: "none" });
      expectSpikes(seen, unseen, 1e-14 * problem.duration);
    });
  });
});

describe("at an event's own time V is the one before it", () => {
  test("of an arrival, which then does not count, and of the trial's end", async () => {
    const arriving: Sketch = {
      duration: 20,
      input: [[5, 0]],
      populations: [{ name: "out", model: "li", v0: 0.5 }],
      projections: [{ from: "input", to: "out", weight: [[3]], delay: 1 }],
    };
    const at = (time: number) => solveSketch(having({ voltages: [term("out", 0, time)] }, arriving));
    const { loss, gradients } = await at(6);
    expect(loss).toBeCloseTo(0.5 * Math.exp(-6 / 20), 15);
    const [{ weight, delay }] = gradients.projections as [Solution["gradients"]["projections"][number]];
    expect([...weight, ...delay, ...gradients.inputTimes].map(Math.abs)).toEqual([0, 0, 0]);
    expect(gradients.populations[0]!.v0[0]).toBeCloseTo(Math.exp(-6 / 20), 15);
    const end = await at(20);
    const response = (5 / 15) * (Math.exp(-14 / 20) - Math.exp(-14 / 5));
    expect(end.loss).toBeCloseTo(0.5 * Math.exp(-1) + 3 * response, 14);
    expect(end.gradients.projections[0]!.weight[0]).toBeCloseTo(response, 14);
  });

  test("of a spike, whose reset is still to come", async () => {
    const firing: Sketch = { duration: 30, populations: [{ name: "cell", bias: 1.5, reset: -0.5 }] };
    const [time] = (await solveSketch(sketch(firing))).spikes.cell!.times;
    const at = (by: number) => solveSketch(having({ voltages: [term("cell", 0, time! + by)] }, firing));
    const { loss, gradients, ...same } = await at(0);
    expect(same.spikes.cell!.times.length).toBe(1);
    expect(loss).toBeCloseTo(1, 14);
    expect(gradients.populations[0]!.reset![0]).toBe(0);
    expect(gradients.populations[0]!.threshold![0]).toBe(0);
    const after = await at(1e-9);
    expect(after.loss).toBeCloseTo(-0.5, 8);
    expect(after.gradients.populations[0]!.reset![0]).toBeCloseTo(1, 8);
  });

  test("of an arrival and a spike of one instant", async () => {
    const firing: Sketch = {
      duration: 30,
      populations: [{ name: "cell", bias: 1.5, reset: -0.5 }],
      projections: [{ from: "input", to: "cell", weight: [[5]] }],
    };
    const [time] = (await solveSketch(sketch(firing))).spikes.cell!.times;
    const both: Sketch = { ...firing, input: [[time!, 0]] };
    const { loss, gradients, ...same } = await solveSketch(
      having({ voltages: [term("cell", 0, time!)] }, both),
    );
    expect(same.spikes.cell!.times[0]).toBeCloseTo(time!, 13);
    expect(loss).toBeCloseTo(1, 13);
    expect(Math.abs(gradients.projections[0]!.weight[0]!)).toBe(0);
    expect(gradients.populations[0]!.reset![0]).toBe(0);
  });
});

describe("errors", () => {
  test.each([
    [factors.cells.slice(1), counts.cells - 1],
    [[...factors.cells, 1], counts.cells + 1],
    [[], 0],
  ])("factors for another number of spikes name the population and both counts: %#", async (cells, count) => {
    const attempt = solveSketch(having({ spikeTimes: { cells } }));
    await expect(attempt).rejects.toThrow(KernelError);
    await expect(attempt).rejects.toThrow(
      `loss.spike_times.cells: expected one factor a spike of "cells", got ${count} factors for ${counts.cells} spikes`,
    );
  });

  test.each([0, -1, 40 * (1 + 2 ** -52), Number.NaN])(
    "a voltage at %d ms of a trial of 40 ms",
    async (time) => {
      const attempt = solveSketch(having({ voltages: [term("out", 0, 1), term("out", 0, time)] }));
      await expect(attempt).rejects.toThrow(ConfigError);
      await expect(attempt).rejects.toThrow(/^loss: voltages\[1\]\.time: expected /);
    },
  );

  test.each<[string, Omit<Linear, "kind">]>([
    ["spike_times.out", { spikeTimes: { out: [1] } }],
    ["spike_times.nobody", { spikeTimes: { nobody: [] } }],
    ["spike_times.cells[0]", { spikeTimes: { cells: [Number.NaN, 1] } }],
    ["voltages[0].population", { voltages: [term("input", 0, 1)] }],
    ["voltages[0].neuron", { voltages: [term("out", 2, 1)] }],
    ["voltages[0].neuron", { voltages: [term("out", -1, 1)] }],
    ["voltages[0].neuron", { voltages: [term("out", 0.5, 1)] }],
    ["voltages[0].factor", { voltages: [term("out", 0, 1, Number.POSITIVE_INFINITY)] }],
  ])("are one line that names the entry: %s", async (place, loss) => {
    const attempt = solveSketch(having(loss));
    await expect(attempt).rejects.toThrow(ConfigError);
    const { message } = await attempt.then(
      () => new Error("none"),
      (error: Error) => error,
    );
    expect(message.includes("\n")).toBe(false);
    expect(message).toContain(`${place}: expected`);
  });
});
