/** Time-stepped twins approach the exact gradient in proportion to their step, and what a step does is predicted. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stateInStep } from "../../src/conformance/explain/standards.ts";
import { stepReference } from "../../src/conformance/reference/stepReference.ts";
import { predictGradients } from "../../src/conformance/step/gradientBands.ts";
import { factorsInOtherOrder } from "../../src/conformance/step/otherGradient.ts";
import { predictable, predictStep } from "../../src/conformance/step/predictStep.ts";
import { readGolden } from "../../src/conformance/suite/golden.ts";
import { bundledSuite } from "../../src/conformance/suite/suite.ts";
import { type Convention, conventionNames, conventions } from "../../src/conformance/twin/convention.ts";
import { gridOf } from "../../src/conformance/twin/grid.ts";
import { solveTwin, type TwinSolution } from "../../src/conformance/twin/twin.ts";
import { elementary } from "../../src/engine/kernel/elementary.ts";
import { solveCase } from "../../src/engine/solve.ts";
import { loadCase } from "../../src/format/loadCase.ts";
import { parseCase } from "../../src/format/parseCase.ts";
import { norm } from "../../src/format/tensor.ts";
import type { Case, Solution } from "../../src/index.ts";
import { problems } from "../support/networks/arbitraries.ts";

/** Of no other scale, and without any habit that no step makes good: what there is an exact gradient to. */
const exactly = (name: keyof typeof conventions): Convention => ({
  ...conventions[name],
  scale: "declared",
  jump: "threshold_minus_reset",
  softmaxTemperature: "tau0",
  silentLabel: "left",
  lastStepSpikes: "undone",
  adjointLimit: "none",
});

const counts = (spikes: Solution["spikes"] | TwinSolution["spikes"]) =>
  Object.values(spikes).map(({ neurons }) => Array.from(neurons).sort().join());

/** Root mean square over steps near dt: one step alone may fall well or badly on the spikes. */
async function errorsNear(problem: Case, exact: Solution, dt: number, convention: Convention) {
  const squares = new Map<string, number>();
  const shifts = [1, 1.03, 1.07, 1.11, 1.16, 1.21, 1.27, 1.33];
  for (const shift of shifts) {
    const twin = await solveTwin(problem, { convention, dt: dt * shift });
    expect(counts(twin.spikes)).toEqual(counts(exact.spikes));
    for (const [k, projection] of twin.projections.entries())
      for (const name of ["weight", "delay"] as const) {
        const reference = exact.gradients.projections[k]![name];
        const error = norm(reference.map((value, n) => value - projection[name][n]!)) / norm(reference);
        const key = `projections[${k}].${name}`;
        squares.set(key, (squares.get(key) ?? 0) + error ** 2 / shifts.length);
      }
  }
  return squares;
}

describe("order of convergence", () => {
  const steps = [0.004, 0.002, 0.001, 0.0005, 0.00025];
  const cases = [
    "smoke/hidden-spikes",
    "smoke/recurrence",
    "core/recurrent-exponential-usual",
    "core/layered-exponential-drawn",
    "adversarial/linear-readouts",
    "adversarial/linear-shared-times",
  ];
  describe.each(conventionNames)("%s", (name) => {
    test.each(cases)(
      "%s: 1 ± 0.2 in every tensor",
      async (place) => {
        const problem = await loadCase(`${bundledSuite}/${place}`);
        const exact = await solveCase(problem);
        const errors = [];
        for (const dt of steps) errors.push(await errorsNear(problem, exact, dt, exactly(name)));
        for (const tensor of errors[0]!.keys()) {
          const logs = errors.map((squares) => Math.log(squares.get(tensor)!) / 2);
          expect(Math.abs(slopeOf(steps.map(Math.log), logs) - 1), tensor).toBeLessThan(0.2);
        }
      },
      60_000,
    );
  });
});

function slopeOf(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const sum = x.reduce((total, value, k) => total + (value - mx) * (y[k]! - my), 0);
  return sum / x.reduce((total, value) => total + (value - mx) ** 2, 0);
}

/** Far more by hand: GOLDSPIKE_RUNS=200 npx vitest run test/twins.test.ts */
const runs = Number(process.env.GOLDSPIKE_RUNS ?? 25);
const seed = Number(process.env.GOLDSPIKE_SEED ?? 7);
const kinds = ["integral_cross_entropy", "average_cross_entropy", "first_spike"] as const;

describe.each([1, 0.1, 0.01])("prediction for a step of %f ms", (dt) => {
  test("spike times lie in their bands, and whatever changes spike counts was flagged", async () => {
    let [inside, all] = [0, 0];
    for (const problem of fc.sample(problems({ kinds }), { numRuns: runs, seed })) {
      const spikes = await solveCase(problem).then(
        ({ spikes }) => Object.values(spikes),
        () => undefined,
      );
      if (!spikes || spikes.reduce((sum, { times }) => sum + times.length, 0) > 300) continue;
      const exact = await predictable(problem);
      for (const name of conventionNames) {
        const twin = await solveTwin(problem, { convention: exactly(name), dt }).catch(() => undefined);
        if (!twin) continue;
        const { bands, risks } = await predictStep(exact, dt, exactly(name));
        const same = counts(twin.spikes).join("|") === counts(exact.solution.spikes).join("|");
        expect(same || risks.length > 0).toBe(true);
        if (!same) continue;
        const numbers = await predictGradients(exact, dt, exactly(name));
        expect(numbers.scale).toBe(1);
        for (const [population, band] of Object.entries(bands)) {
          const errors = errorsByNeuron(exact.solution.spikes[population]!, twin.spikes[population]!);
          for (const [k, { lower, upper }] of band.entries()) {
            all++;
            if (errors[k]! >= lower - 1e-9 && errors[k]! <= upper + 1e-9) inside++;
          }
        }
      }
    }
    if (process.env.GOLDSPIKE_RUNS) console.log(`dt=${dt} spikes=${all} inside=${inside / all}`);
    expect(all).toBeGreaterThan(dt < 1 ? 100 : 10);
    expect(inside / all).toBeGreaterThanOrEqual(0.95);
  }, 600_000);
});

interface Spikes {
  readonly times: ArrayLike<number>;
  readonly neurons: ArrayLike<number>;
}

/** Of each spike of the first raster, paired in order per neuron. */
function errorsByNeuron(reference: Spikes, found: Spikes): number[] {
  const next = new Map<number, number>();
  return Array.from(reference.times, (time, k) => {
    const neuron = reference.neurons[k]!;
    let n = next.get(neuron) ?? 0;
    while (found.neurons[n] !== neuron) n++;
    next.set(neuron, n + 1);
    return found.times[n]! - time;
  });
}

const integral = { kind: "integral_cross_entropy", weighting: "exponential" } as const;

describe("twins", () => {
  const delayed = (delay: number) =>
    parseCase({
      format: "goldspike/case@1",
      name: "delayed",
      time_unit: "ms",
      duration: 20,
      input: { channels: 1, times: [1], sources: [0] },
      populations: [{ name: "output", size: 1, model: "li", tau_mem: 20, tau_syn: 5 }],
      projections: [{ from: "input", to: "output", weight: [[1]], delay }],
      loss: { kind: "integral_cross_entropy", weighting: "uniform", target: 0 },
    });

  test("deliveries long after the end take no room", async () => {
    const twin = await solveTwin(delayed(1e9), { convention: conventions.euler, dt: 0.1 });
    expect(Array.from(twin.readout)).toEqual([0]);
  });

  test("a readout whose share no double holds has a finite loss", async () => {
    const given = await loadCase(`${bundledSuite}/adversarial/large-logits`);
    const problem: Case = { ...given, loss: { ...integral, target: 0 } };
    const twin = await solveTwin(problem, { convention: conventions.euler, dt: 0.01 });
    const { loss } = await solveCase(problem);
    expect(loss).toBeGreaterThan(1000);
    expect(Math.abs(twin.loss / loss - 1)).toBeLessThan(0.1);
  });

  test("nearly equal time constants cost no digits", async () => {
    const at = (tauSyn: number) =>
      solveTwin(
        {
          ...delayed(0),
          network: {
            ...delayed(0).network,
            populations: [{ ...delayed(0).network.populations[0]!, tauSyn: Float64Array.of(tauSyn) }],
          },
        },
        { convention: conventions.genn_eventprop, dt: 0.1 },
      );
    const [equal, near] = [await at(20), await at(20 * (1 + 1e-9))];
    expect(near.readout[0]! / equal.readout[0]! - 1).toBeLessThan(1e-8);
    expect(Math.abs(near.readout[0]! / equal.readout[0]! - 1)).toBeGreaterThan(1e-11);
  });

  test.each(conventionNames)(
    "%s: a neuron alone, driven by all spikes, spikes where the twin has it spike",
    async (name) => {
      const dt = 0.25;
      for (const place of ["smoke/recurrence", "core/synapse-delays-uniform"]) {
        const problem = await loadCase(`${bundledSuite}/${place}`);
        const convention = conventions[name];
        const { spikes } = await solveTwin(problem, { convention, dt });
        const grid = gridOf(problem, convention, dt, "f64", await elementary());
        for (const [
          p,
          { name: population, model, size, threshold },
        ] of problem.network.populations.entries()) {
          if (model === "li") continue;
          const { times, neurons } = spikes[population]!;
          for (let neuron = 0; neuron < size; neuron++) {
            const own = new Set([...times].filter((_, k) => neurons[k] === neuron).map((time) => time / dt));
            for (let step = 0; step < grid.steps; step++) {
              const { v } = stateInStep(grid, spikes, p, neuron, step);
              expect(v >= threshold[neuron]!).toBe(own.has(step));
            }
          }
        }
      }
    },
  );

  test("adjoints at spikes approach the exact ones", async () => {
    const problem = await loadCase(`${bundledSuite}/smoke/recurrence`);
    const exact = await solveCase(problem);
    for (const name of conventionNames) {
      const { jumps } = await solveTwin(problem, { convention: exactly(name), dt: 0.0005 });
      for (const [population, { slopes, lambdas }] of Object.entries(jumps)) {
        const derivatives = exact.gradients.spikeTimes[population]!;
        const errors = derivatives.map((value, k) => slopes[k]! * lambdas[k]! - value);
        expect(norm(errors) / norm(derivatives)).toBeLessThan(0.01);
      }
    }
  });

  test("unequal numbers of spikes and factors are refused with both", async () => {
    const problem = await loadCase(`${bundledSuite}/adversarial/linear-spike-times`);
    if (problem.loss.kind !== "linear") throw new Error("another loss");
    const hidden = problem.loss.spikeTimes!.hidden!.slice(1);
    const fewer: Case = { ...problem, loss: { kind: "linear", spikeTimes: { hidden } } };
    await expect(solveTwin(fewer, { convention: conventions.euler, dt: 0.01 })).rejects.toThrow(
      /^loss\.spike_times\.hidden: 14 factors for the 15 spikes that there are in steps of 0.01 ms$/,
    );
  });

  test.each([
    [
      "linear-resets",
      0.01,
      /^the loss looks at V of hidden 1 at 28\.6928 ms, and a step of 0\.01 ms may put/,
    ],
    ["linear-shared-times", 0.01, undefined],
    ["linear-readouts", 0.1, undefined],
  ] as const)("class T5 says where it cannot judge a term of %s", async (name, dt, reason) => {
    const folder = `${bundledSuite}/adversarial/${name}`;
    const [problem, { answer }] = [await loadCase(folder), await readGolden(folder)];
    const found = stepReference(answer!, problem, dt, exactly("genn_eventprop"));
    if (reason) await expect(found).rejects.toThrow(reason);
    else expect((await found).gradients.size).toBeGreaterThan(0);
  });

  test("where steps change the order of spikes with factors, that is said", () => {
    const loss: Case["loss"] = { kind: "linear", spikeTimes: { hidden: [1, 2] } };
    const found = (...neurons: number[]) => ({
      times: Float64Array.of(1, 2),
      neurons: Int32Array.from(neurons),
    });
    const order = (...neurons: number[]) =>
      factorsInOtherOrder(
        { ...delayed(0), loss },
        { spikes: { hidden: found(0, 1) } },
        new Map([["hidden", found(...neurons)]]),
      );
    expect(order(0, 1)).toBeUndefined();
    expect(order(1, 0)).toMatch(/^in steps spike 0 of hidden/);
  });

  test("unequal numbers of spikes and targets are refused, either way", async () => {
    const problem = await loadCase(`${bundledSuite}/core/spike-time-mse`);
    if (problem.loss.kind !== "spike_time_mse") throw new Error("another loss");
    const { targets } = problem.loss;
    const options = { convention: conventions.euler, dt: 0.01 };
    for (const changed of [targets.map((times) => times.slice(1)), targets.map((times) => [...times, 39])])
      await expect(
        solveTwin({ ...problem, loss: { ...problem.loss, targets: changed } }, options),
      ).rejects.toThrow(/targets/);
  });
});
