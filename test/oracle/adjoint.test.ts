/** The pass backwards gives what differences of the loss give: two ways to each derivative, both in fixed point. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { adjoint } from "./adjoint.ts";
import { caseFromJson, type GoldenJson } from "./caseJson.ts";
import { derivativeOf } from "./derivative.ts";
import { allEntries } from "./differences.ts";
import { keyOf } from "./keys.ts";
import { consult } from "./oracle.ts";

const folder = new URL("../../golden/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

describe.each(files)("%s", (file) => {
  const { case: json, expected } = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as GoldenJson;

  test("every derivative", () => {
    const { exact, trial } = consult(caseFromJson(json));
    const found = adjoint(exact, trial);
    for (const entry of allEntries(exact)) {
      const key = keyOf(entry);
      const value = exact.math.toNumber(derivativeOf(exact, found, entry));
      expect(Math.abs(value - expected.gradients[key]!), key).toBeLessThanOrEqual(
        1e-15 * Math.abs(expected.gradients[key]!) + 1e-25,
      );
    }
  });
});
