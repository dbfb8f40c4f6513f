/** T4 in single precision grants what rounding does to a step's factors, at fine steps too, and no more. */
import { describe, expect, test } from "vitest";
import { compareResult } from "../../../src/conformance/compare/compare.ts";
import { comparisonOf } from "../../../src/conformance/compare/comparison.ts";
import { twinReference } from "../../../src/conformance/reference/twinReference.ts";
import { bundledSuite } from "../../../src/conformance/suite/suite.ts";
import { conventions } from "../../../src/conformance/twin/convention.ts";
import { solveTwin, twinResult } from "../../../src/conformance/twin/twin.ts";
import { summed } from "../../../src/conformance/verdict/verdict.ts";
import { loadCase } from "../../../src/format/loadCase.ts";
import type { Case } from "../../../src/index.ts";

const names = ["genn_eventprop", "mlgenn-2", "mlgenn-3", "euler"] as const;
const cases = [
  "smoke/recurrence",
  "core/delayed-max-equal",
  "core/equal-taus-max",
  "core/recurrent-exponential-usual",
  "core/layered-first-spike-usual",
  "core/synapse-delays-uniform",
];

/**
 * A factor e^(−dt/τ) in single precision is off by up to half a unit in its last place, 2⁻²⁵ where it is above a half: by
 * as much as that of a τ which is larger by the share 2⁻²⁵ τ/dt. Every second neuron is moved the other way by `odd`.
 */
function withOtherFactors(problem: Case, dt: number, odd: 1 | -1): Case {
  const moved = (taus: Float64Array) =>
    taus.map((tau, n) => tau * (1 + ((n % 2 ? odd : 1) * 2 ** -25 * tau) / dt));
  const populations = problem.network.populations.map((population) => ({
    ...population,
    tauMem: moved(population.tauMem),
    tauSyn: moved(population.tauSyn),
  }));
  return { ...problem, network: { ...problem.network, populations } };
}

describe.each(names)("%s", (name) => {
  test.each(cases)(
    "%s",
    async (place) => {
      const problem = await loadCase(`${bundledSuite}/${place}`);
      const convention = conventions[name];
      const comparison = comparisonOf(problem, { wanted: () => true });
      for (const dt of [0.1, 0.01]) {
        const reference = await twinReference(problem, { convention, dt, precision: "f32" });
        const solved = async (of: Case, precision: "f64" | "f32") =>
          twinResult(problem, await solveTwin(of, { convention, dt, precision }), precision, dt);
        const verdict = (result: Awaited<ReturnType<typeof solved>>) =>
          summed(compareResult(reference, result, comparison));
        const own = await solved(problem, "f32");
        expect(verdict(own)).toEqual({ status: "pass", message: "" });
        for (const odd of [1, -1] as const) {
          const { status, message } = verdict(await solved(withOtherFactors(problem, dt, odd), "f64"));
          expect(["pass", "undecidable"], message).toContain(status);
        }
        const tensors = new Map(own.gradients.tensors);
        for (const [key, { shape, values }] of tensors)
          tensors.set(key, { shape, values: values.map((value) => 1.05 * value) });
        expect(verdict({ ...own, gradients: { ...own.gradients, tensors } }).status).not.toBe("pass");
      }
    },
    60_000,
  );
});
