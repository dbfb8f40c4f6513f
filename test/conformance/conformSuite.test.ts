/** The engine against every certified case of the suite, in both precisions; and what the suite itself claims. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compareResult } from "../../src/conformance/compare/compare.ts";
import { exactReference } from "../../src/conformance/reference/exactReference.ts";
import { type Golden, readGolden } from "../../src/conformance/suite/golden.ts";
import { bundledSuite, listSuite } from "../../src/conformance/suite/suite.ts";
import { exactClasses } from "../../src/conformance/verdict/classes.ts";
import { summed } from "../../src/conformance/verdict/verdict.ts";
import { solveCase } from "../../src/engine/solve.ts";
import { loadCase } from "../../src/format/loadCase.ts";
import { solutionResult } from "../../src/format/solutionResult.ts";
import { suiteFiles } from "../oracle/suite/solved.ts";
import { suiteCases } from "../oracle/suite/suite.ts";

const entries = await listSuite(bundledSuite);
const goldens = new Map<string, Golden>();
for (const { group, name, folder } of entries)
  if (group !== "metamorphic" && group !== "batch") goldens.set(name, await readGolden(folder));
const solvable = entries.filter(({ name }) => goldens.get(name)?.answer);

describe.each([
  ["f64", "T1"],
  ["f32", "T3"],
] as const)("the engine in %s, class %s", (precision, name) => {
  test.each(solvable.map((entry) => [`${entry.group}/${entry.name}`, entry] as const))(
    "%s",
    async (_, entry) => {
      const problem = await loadCase(entry.folder);
      const result = solutionResult(problem, await solveCase(problem, { precision }));
      const reference = exactReference(goldens.get(entry.name)!.answer!, exactClasses[name], problem);
      const parts = compareResult(reference, result, { wanted: () => true, factors: [] });
      const { status, message } = summed(parts);
      // An inhibition within an ulp of a crossing.
      const open = precision === "f32" && entry.name === "inhibition-before-crossing";
      expect(status, message).toBe(open ? "undecidable" : "pass");
    },
  );
});

describe("the suite", () => {
  test.each(
    entries.filter(({ name }) => goldens.get(name)?.refuse).map(({ name, folder }) => [name, folder]),
  )("%s is refused", async (_, folder) => {
    await expect(loadCase(folder!)).rejects.toThrow(/expected|unknown/);
  });

  test("every case says what it is there to catch", () => {
    for (const { catches } of suiteCases) expect(catches).toMatch(/^.{10,}$/);
  });

  test("true times lie between neighbouring doubles, in order", () => {
    for (const { answer } of goldens.values())
      for (const { times, lower, upper } of Object.values(answer?.spikes ?? {}))
        for (const [k, time] of times.entries()) {
          expect(lower[k]! <= time && time <= upper[k]!).toBe(true);
          expect(upper[k]! - lower[k]!).toBeLessThanOrEqual(2 ** -51 * time);
        }
  });

  const quick = suiteCases.filter(
    ({ group, name }) =>
      group === "smoke" || group === "metamorphic" || group === "batch" || /touch|autapse/.test(name),
  );
  test.each(quick.map((recipe) => [recipe.name, recipe] as const))(
    "%s is made again, byte for byte",
    async (_, recipe) => {
      const folder = entries.find(({ name }) => name === recipe.name)!.folder;
      for (const [file, content] of Object.entries(await suiteFiles(recipe)))
        expect(readFileSync(join(folder, file)).equals(Buffer.from(content))).toBe(true);
    },
  );

  test("has a folder for every recipe, and nothing else", () => {
    const made = suiteCases.map(({ group, name }) => `${group}/${name}`).sort();
    expect(entries.map(({ group, name }) => `${group}/${name}`).sort()).toEqual(made);
    expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length);
  });
});
