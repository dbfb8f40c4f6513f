/** The pass backwards gives what differences of the loss give: two ways to each derivative, both in fixed point. */
import { describe, expect, test } from "vitest";
import { caseFromJson } from "../../src/oracle/certify/caseJson.ts";
import { adjoint } from "../../src/oracle/simulate/adjoint.ts";
import { derivativeOf } from "../../src/oracle/simulate/derivative.ts";
import { allEntries } from "../../src/oracle/simulate/differences.ts";
import { keyOf } from "../../src/oracle/simulate/keys.ts";
import { certifiedCases } from "../support/conformance/certifiedCases.ts";
import { consult } from "./consult.ts";
import { placeOf } from "./place.ts";

describe.each(certifiedCases)("$name", ({ json, answer }) => {
  const given = caseFromJson(json);
  const { exact, trial, derivative } = consult(given);
  const entries = allEntries(exact, trial).map((entry) => {
    const { tensor, index } = placeOf(given, entry);
    return { entry, key: keyOf(entry), certified: answer.gradients.get(tensor)!.values[index]! };
  });

  test("every certified derivative is that of the pass backwards", () => {
    const found = adjoint(exact, trial);
    for (const { entry, key, certified } of entries) {
      const value = exact.math.toNumber(derivativeOf(exact, found, entry));
      expect(Math.abs(value - certified), key).toBeLessThanOrEqual(1e-15 * Math.abs(certified) + 1e-25);
    }
  });

  // All of them take half a minute.
  test("every fifth is that of a difference, to the last bit", () => {
    for (const { entry, key, certified } of entries.filter((_, k) => k % 5 === 0))
      expect(derivative(entry), key).toBe(certified);
  });
});
