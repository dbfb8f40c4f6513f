/** Whatever a result file holds, there is a verdict on it: no exception, no pass by nonsense. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadBatch } from "../../src/conformance/batch/batch.ts";
import { batchResultJson } from "../../src/conformance/batch/batchResult.ts";
import { engineTrial, solveBatch } from "../../src/conformance/batch/solveBatch.ts";
import { judge, judgeBatch } from "../../src/conformance/run/judge.ts";
import type { Judged } from "../../src/conformance/run/outcome.ts";
import { readBatchGolden } from "../../src/conformance/suite/batchGolden.ts";
import { readGolden } from "../../src/conformance/suite/golden.ts";
import { bundledSuite } from "../../src/conformance/suite/suite.ts";
import { conventions } from "../../src/conformance/twin/convention.ts";
import { solveCase } from "../../src/engine/solve.ts";
import { jsonChunks } from "../../src/format/jsonChunks.ts";
import { loadCase } from "../../src/format/loadCase.ts";
import { resultOf } from "../../src/format/resultOf.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();
const choice = { name: "T2", convention: conventions.genn_eventprop, dt: 0.1, precision: "f64" } as const;
const judging = { choice, demand: { wanted: () => true } };

type Tree = unknown;

/** Every place in a tree, as the keys that lead there. */
function placesIn(tree: Tree, path: readonly PropertyKey[] = []): (readonly PropertyKey[])[] {
  if (typeof tree !== "object" || tree === null) return [path];
  return [path, ...Object.entries(tree).flatMap(([key, entry]) => placesIn(entry, [...path, key]))];
}

function changed(tree: Tree, path: readonly PropertyKey[], change: (old: Tree) => Tree): Tree {
  const [key, ...rest] = path;
  if (key === undefined) return change(tree);
  const copy = Array.isArray(tree) ? [...tree] : { ...(tree as object) };
  Object.assign(copy, { [key]: changed((tree as Record<PropertyKey, Tree>)[key], rest, change) });
  return copy;
}

const nested = (depth: number): Tree => (depth === 0 ? 1 : [nested(depth - 1)]);
const junk: fc.Arbitrary<(old: Tree) => Tree> = fc.oneof(
  fc
    .constantFrom<Tree>(null, "x", "", -1, 1e308, 0.5, true, [], {}, [[1, 2], [3]], nested(200), [null])
    .map((value) => () => value),
  fc
    .record({
      file: fc.constantFrom("../../etc/passwd", "result.json", "none.f64", "", "a\0b", "/dev/zero"),
      dtype: fc.constantFrom("<f8", "<i4", ">f8"),
      shape: fc.constantFrom([2], [1e9, 1e9], [-1], [], [0.5]),
    })
    .map((value) => () => value),
  fc.constant((old: Tree) => [old, old]),
  fc.constant((old: Tree) => ({ old })),
  fc.constant((old: Tree) => (typeof old === "number" ? -old - 1e-3 : [...[old].flat(), 1])),
  fc.constant((old: Tree) => (Array.isArray(old) ? old.slice(1) : `${old}`)),
  fc.constantFrom("toString", "constructor", "\u001b[31m").map((key) => (old: Tree) => ({
    ...(old as object),
    [key]: 1,
  })),
);

async function fuzz(good: Tree, verdictOn: (into: string) => Promise<Judged>, runs: number): Promise<void> {
  const into = mkdtempSync(join(folder, "result-"));
  const verdict = async (json: Tree) => {
    writeFileSync(join(into, "result.json"), JSON.stringify(json));
    return verdictOn(into);
  };
  expect((await verdict(good)).status).toBe("pass");
  const places = placesIn(good);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), junk, async (place, change) => {
      const bad = changed(good, place, change);
      const { status, message } = await verdict(bad);
      const unseen =
        JSON.stringify(bad) === JSON.stringify(good) ||
        ["diagnostics", "backend", "precision"].includes(String(place[0]));
      if (!unseen) expect(["fail", "unsupported"], JSON.stringify(bad)).toContain(status);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(message).not.toMatch(/[\u0000-\u001f]/);
    }),
    { numRuns: runs, seed: 9 },
  );
}

describe("a result that is spoilt somewhere is noticed, and told in one line", () => {
  test("one trial", async () => {
    const place = join(bundledSuite, "smoke", "recurrence");
    const problem = await loadCase(place);
    const known = { kind: "case", problem, answer: (await readGolden(place)).answer } as const;
    const text = [...jsonChunks(resultOf(problem, await solveCase(problem), "f64"))].join("");
    await fuzz(JSON.parse(text), (into) => judge(known, into, judging), 400);
  });

  test("a batch", async () => {
    const place = join(bundledSuite, "batch", "sum-over-batch");
    const batch = (await loadBatch(place))!;
    const known = { kind: "batch", batch, answer: (await readBatchGolden(place)).answer } as const;
    const result = await solveBatch(batch, engineTrial("f64"));
    const text = [...jsonChunks(batchResultJson(batch.problem.network, result))].join("");
    await fuzz(JSON.parse(text), (into) => judgeBatch(known, into, judging), 300);
  });
});
