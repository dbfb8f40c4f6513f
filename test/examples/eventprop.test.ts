/** The method on one page finds the spikes, losses and gradients of the engine, of the oracle and of certified cases. */
import { describe, expect, test } from "vitest";
import { gradientTensors } from "../../src/format/solutionResult.ts";
import { type Case, gradient, type Solution } from "../../src/index.ts";
import type { LossKind } from "../../src/model/losses.ts";
import { adjoint } from "../../src/oracle/simulate/adjoint.ts";
import { tensorsOf } from "../../src/oracle/simulate/tensors.ts";
import { consult } from "../oracle/consult.ts";
import { certifiedCases } from "../support/conformance/certifiedCases.ts";
import { type Sketch, sketch } from "../support/networks/build.ts";
import { solveOnPage } from "../support/networks/page.ts";
import { holds } from "../support/networks/property.ts";

/** Of times in trials, of losses in themselves or 1, of gradients in their tensor's largest entry or 1e−3. */
const bar = 1e-10;

interface Expected {
  readonly spikes: Readonly<
    Record<string, { readonly times: ArrayLike<number>; readonly neurons: ArrayLike<number> }>
  >;
  readonly loss: number;
  readonly gradients: ReadonlyMap<string, ArrayLike<number>>;
}

/** What the page finds otherwise than expected, in words. */
function mismatches(problem: Case, expected: Expected): string[] {
  const found = solveOnPage(problem);
  const wrong: string[] = [];
  const compare = (what: string, actual: ArrayLike<number>, values: ArrayLike<number>, unit: number) => {
    const error = Math.max(0, ...Array.from(values, (value, k) => Math.abs(actual[k]! - value)));
    if (actual.length !== values.length || !(error <= bar * unit)) wrong.push(`${what}: ${error} of ${unit}`);
  };
  for (const [name, { times, neurons }] of Object.entries(expected.spikes)) {
    compare(`neurons of ${name}`, found.spikes[name]!.neurons, neurons, 0);
    compare(`spikes of ${name}`, found.spikes[name]!.times, times, problem.duration);
  }
  compare("loss", [found.loss], [expected.loss], Math.max(1, Math.abs(expected.loss)));
  const tensors = gradientTensors(problem, found);
  expect([...expected.gradients.keys()].sort()).toEqual([...tensors.keys()].sort());
  for (const [name, values] of expected.gradients)
    compare(name, tensors.get(name)!.values, values, Math.max(1e-3, ...Array.from(values, Math.abs)));
  return wrong;
}

function ofEngine(problem: Case, solution: Solution): Expected {
  const tensors = [...gradientTensors(problem, solution)].map(
    ([name, { values }]) => [name, values] as const,
  );
  return { ...solution, gradients: new Map(tensors) };
}

function ofOracle(problem: Case): Expected {
  const { exact, trial, spikes, loss } = consult(problem);
  const tensors = Object.entries(tensorsOf(exact, adjoint(exact, trial)));
  const gradients = new Map(tensors.map(([name, all]) => [name, all.map(exact.math.toNumber)]));
  return { spikes, loss, gradients };
}

const uniform = (problem: Case): Case =>
  problem.loss.kind === "integral_cross_entropy"
    ? { ...problem, loss: { ...problem.loss, weighting: "uniform" } }
    : problem;

const losses: [string, LossKind, (problem: Case) => Case][] = [
  ["the uniform integral", "integral_cross_entropy", uniform],
  ["weighted integrals, through linear losses of voltages", "integral_cross_entropy", (problem) => problem],
  ["the average cross-entropy, through the same", "average_cross_entropy", (problem) => problem],
  ["first spikes, through linear losses of spike times", "first_spike", (problem) => problem],
  ["spike times, through the same", "spike_time_mse", (problem) => problem],
  ["linear losses of spike times and voltages", "linear", (problem) => problem],
];

describe("random networks", () => {
  test.each(losses)("the engine finds the same: %s", async (_, kind, change) => {
    await holds({ kinds: [kind], runs: 40, change, mostSpikes: 20 }, async ({ engine, problem }) => {
      const solution = engine.solve(problem.input, problem.loss);
      expect(mismatches(problem, ofEngine(problem, solution))).toEqual([]);
      const { slopes } = solveOnPage(problem);
      for (const [name, values] of Object.entries(solution.slopes))
        values.forEach((slope, k) => {
          expect(Math.abs(slopes[name]![k]! - slope)).toBeLessThanOrEqual(1e-11 * slope);
        });
    });
  });

  // The oracle integrates an average cross-entropy numerically, which takes its time.
  test.each(losses)("the oracle finds the same: %s", async (_, kind, change) => {
    const runs = kind === "average_cross_entropy" ? 1 : 6;
    await holds({ kinds: [kind], runs, change, mostSpikes: 20 }, async ({ problem }) => {
      expect(mismatches(problem, ofOracle(problem))).toEqual([]);
    });
  });
});

const onPage = certifiedCases.filter(({ problem }) => problem.loss.kind !== "max_cross_entropy");

test.each(onPage)("the certified case $name", ({ problem, answer: { spikes, loss, gradients } }) => {
  const values = new Map([...gradients].map(([name, tensor]) => [name, tensor.values]));
  expect(mismatches(problem, { spikes, loss: loss!, gradients: values })).toEqual([]);
});

type PopulationSketch = Partial<Sketch["populations"][number]>;
type ProjectionSketch = NonNullable<Sketch["projections"]>[number];

const square = (a: number, b: number, c: number, d: number) => [
  [a, b],
  [c, d],
];

const own = (weight: number[][], delay: ProjectionSketch["delay"] = 0): ProjectionSketch => ({
  from: "cells",
  to: "cells",
  weight,
  delay,
});

/** Two cells that two channels drive, and two readouts; all parameters the usual ones unless given. */
function net(
  cells: PopulationSketch,
  output: PopulationSketch = {},
  more: ProjectionSketch[] = [],
  drive: Partial<ProjectionSketch> = {},
): Sketch {
  const from = { weight: square(8, 2, 3, 7), ...drive };
  return {
    channels: 2,
    input: [1, 4, 9, 9, 17].map((time, k) => [time, k % 2] as const),
    populations: [
      { name: "cells", size: 2, ...cells },
      { name: "output", size: 2, model: "li", ...output },
    ],
    projections: [
      { from: "input", to: "cells", ...from },
      ...more,
      { from: "cells", to: "output", weight: square(1, -0.5, -1, 0.7), delay: 0.5 },
    ],
    loss: { kind: "integral_cross_entropy", weighting: "uniform", target: 0 },
  };
}

const taus = (tau_mem: number, tau_syn: number) =>
  net({ tau_mem, tau_syn }, { tau_mem, tau_syn }, [], { weight: square(3, 1, 1, 2) });
/** No input drives them: they cross at one instant until they tell each other. */
const clocks = (weight: number[][], delay = 0) =>
  net({ bias: 1.5 }, {}, [own(weight, delay)], { weight: square(0, 0, 0, 0) });
const offsets = { bias: [0.3, -0.2], v0: [0.4, -0.3], i0: [-0.5, 1.5] };

const networks: Record<string, Sketch> = {
  "equal time constants": taus(10, 10),
  "time constants that differ by the last bit": taus(10, 10 * (1 + 2 ** -52)),
  "time constants that differ by 1e−12 of themselves": taus(10 * (1 + 1e-12), 10),
  "time constants that differ by 1e−6 of themselves": taus(10, 10 * (1 + 1e-6)),
  "time constants that differ by a hundredth": taus(10.1, 10),
  "membranes faster than their synapses": taus(4, 12),
  "an autapse without delay": net({}, {}, [own(square(1, 0, 0, -2))]),
  "an autapse with delay": net({}, {}, [own(square(2, 0, 0, -2), 1.5)]),
  "delays by which arrivals coincide": net({}, {}, [], { delay: square(8, 5, 3, 0) }),
  "spikes of one instant that inhibit at once": clocks(square(-0.4, -1, -1, -0.4)),
  "spikes of one instant that inhibit later": clocks(square(0, -1, -1.5, 0), 2),
  "spikes of one instant that excite at once": clocks(square(0, 2, 1, 0)),
  "no spike": net({}, offsets, [own(square(1, 0, 0, 2))], { weight: square(1, 1, 0, 1) }),
  "bias and initial states": net(offsets, offsets),
  "resets of either sign": net({ reset: [-0.4, 0.3] }),
  "thresholds of their own": net({ threshold: [0.8, 1.3], reset: [0.2, -0.1], ...offsets }),
};

describe("networks by hand", () => {
  test.each(Object.entries(networks))("%s", async (name, given) => {
    const problem = sketch(given);
    const solution = await gradient(problem.network, problem.input, problem.duration, problem.loss);
    const times = [...solution.spikes.cells!.times];
    if (name === "no spike") expect(times).toEqual([]);
    else expect(times.length).toBeGreaterThan(2);
    if (name.startsWith("spikes of one instant")) expect(times[0]).toBe(times[1]);
    expect(mismatches(problem, ofEngine(problem, solution))).toEqual([]);
    expect(mismatches(problem, ofOracle(problem))).toEqual([]);
  });
});
