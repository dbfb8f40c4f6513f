/** A result that is wrong by a known mistake is told so, and no other is. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadBatch, membersOf } from "../../../src/conformance/batch/batch.ts";
import { compareBatch } from "../../../src/conformance/batch/compareBatch.ts";
import { engineTrial, solveBatch } from "../../../src/conformance/batch/solveBatch.ts";
import { compareResult } from "../../../src/conformance/compare/compare.ts";
import type { Reference } from "../../../src/conformance/compare/comparison.ts";
import { batchVariantsOf } from "../../../src/conformance/habits/batchVariants.ts";
import { adjointHabits } from "../../../src/conformance/habits/habit.ts";
import { otherForwards } from "../../../src/conformance/habits/otherForward.ts";
import { explaining, variantsOf } from "../../../src/conformance/habits/variants.ts";
import { type ClassChoice, referenceOf } from "../../../src/conformance/reference/references.ts";
import { readBatchGolden } from "../../../src/conformance/suite/batchGolden.ts";
import { readGolden } from "../../../src/conformance/suite/golden.ts";
import { bundledSuite, listSuite } from "../../../src/conformance/suite/suite.ts";
import { conventions } from "../../../src/conformance/twin/convention.ts";
import { summed } from "../../../src/conformance/verdict/verdict.ts";
import { solveCase } from "../../../src/engine/solve.ts";
import { loadCase } from "../../../src/format/loadCase.ts";
import type { Result } from "../../../src/format/result.ts";
import { solutionResult } from "../../../src/format/solutionResult.ts";
import type { CaseJson } from "../../../src/oracle/certify/caseJson.ts";
import { habitMutants } from "../../mutants/habitMutants.ts";
import { seeded } from "../../mutants/seeding.ts";
import { main } from "../../support/command.ts";
import { scriptBackends } from "../../support/conformance/scriptBackend.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

const entries = await listSuite(bundledSuite);
const folderOf = (name: string) => entries.find((entry) => entry.name === name)!.folder;
const choice: ClassChoice = {
  name: "T2",
  convention: conventions.genn_eventprop,
  dt: 0.1,
  precision: "f64",
};
const minutes = 600_000;
const { backend, judge } = scriptBackends(temporaryFolder());

/** The names of the habits that a result for a case passes with; undefined if it passes as it is. */
async function namedIn(
  name: string,
  result: Result,
  own = choice,
  wanted: (tensor: string) => boolean = () => true,
): Promise<string[] | undefined> {
  const problem = await loadCase(folderOf(name));
  const { answer } = await readGolden(folderOf(name));
  const comparison = { wanted, factors: [] };
  const reference = await referenceOf(own, answer, problem);
  const against = (its: Reference) => compareResult(its, result, comparison);
  const parts = against(reference);
  if (summed(parts).status === "pass") return undefined;
  const names: string[] = [];
  for await (const { name: habit } of explaining(variantsOf(own, problem, answer), parts, against))
    names.push(habit);
  return names;
}

async function rightResult(name: string): Promise<Result> {
  const problem = await loadCase(folderOf(name));
  return solutionResult(problem, await solveCase(problem));
}

describe("a bug is named, and nothing else", () => {
  test.each(habitMutants.map((mutant) => [mutant.habit, mutant.case, mutant] as const))(
    "%s: %s",
    async (habit, name, { edits = {}, change = (json) => json }) => {
      type Solver = { solve: (json: CaseJson) => Result };
      const { solve } = await seeded<Solver>("test/mutants/byOracle.ts", edits);
      const json = JSON.parse(readFileSync(join(folderOf(name), "case.json"), "utf8")) as CaseJson;
      const result = solve(change(json));
      expect(await namedIn(name, result)).toEqual([habit]);
      expect(await namedIn(name, result, { ...choice, name: "T1" })).toEqual([habit]);
      expect(await namedIn(name, result, { ...choice, name: "T3" })).toContain(habit);
    },
    minutes,
  );

  test(
    "by weights alone, where a spike of the network cuts a peak off",
    async () => {
      const { edits = {} } = habitMutants.find(({ habit }) => habit === "peak_held")!;
      const { solve } = await seeded<{ solve: (json: CaseJson) => Result }>(
        "test/mutants/byOracle.ts",
        edits,
      );
      const only = (tensor: string) => tensor.endsWith("weight");
      for (const name of ["delayed-max-equal", "layered-max-twice", "peak-at-end"]) {
        const json = JSON.parse(readFileSync(join(folderOf(name), "case.json"), "utf8")) as CaseJson;
        expect(await namedIn(name, solve(json), choice, only), name).toEqual(["peak_held"]);
      }
    },
    minutes,
  );

  test("every habit has a bug, and a row in the guide", () => {
    const habits = [...otherForwards, ...adjointHabits];
    const names = habits.map(({ name }) => name).sort();
    expect([...new Set(habitMutants.map(({ habit }) => habit))].sort()).toEqual(names);
    const guide = readFileSync(new URL("../../../docs/conformance.md", import.meta.url), "utf8");
    for (const { name, phrase } of habits) expect(guide).toContain(`| \`${name}\` | ${phrase} |`);
  });

  test.each(["sum-over-batch", "descending-weights", "last-partial-batch"])(
    "a mean over the batch: %s",
    async (name) => {
      const batch = (await loadBatch(folderOf(name)))!;
      const { answer } = await readBatchGolden(folderOf(name));
      const comparison = { wanted: () => true, factors: [] };
      const { batchSize, learningRate } = batch;
      const sizes = membersOf(batch).map(({ length }) => length);
      const named = async (rate: number, count: (b: number) => number) => {
        const solved = await solveBatch({ ...batch, learningRate: rate }, engineTrial("f64"));
        const batches = solved.batches.map((result, b) => scaled(result, () => true, 1 / count(b)));
        const phrases: string[] = [];
        for await (const { phrase, reference } of batchVariantsOf(choice, batch, answer)) {
          const parts = compareBatch(batch, reference, { trials: solved.trials, batches }, comparison);
          if (summed(parts).status === "pass") phrases.push(phrase);
        }
        return phrases;
      };
      const own = (b: number) => sizes[b]!;
      const full = () => batchSize;
      const [mean, byFull] = [
        "the mean over the batch in place of the sum",
        "the sum over a batch by the size of a full one",
      ];
      const ragged = sizes.at(-1) !== batchSize;
      expect(await named(learningRate / batchSize, own)).toEqual([mean]);
      expect(await named(learningRate / batchSize, full)).toEqual([ragged ? byFull : mean]);
      expect(await named(learningRate, own)).toEqual([
        learningRate === 0 ? mean : `${mean}, though not in the step of descent`,
      ]);
      expect(await named(learningRate, () => 1)).toEqual([]);
    },
    minutes,
  );
});

function scaled(result: Result, which: (tensor: string) => boolean, factor: number): Result {
  const tensors = new Map(
    [...result.gradients.tensors].map(([name, { shape, values }]) => [
      name,
      { shape, values: which(name) ? values.map((value) => value * factor) : values },
    ]),
  );
  return { ...result, gradients: { ...result.gradients, tensors } };
}

test("what eventax 0.1.0 finds by its EventPropAdjoint is named", async () => {
  // Measured with Dopri8 at a relative tolerance of 1e-12.
  const values = Float64Array.of(
    -0.0002762625501678881,
    -0.0005815414386884231,
    0.0009968755755665178,
    0.001518419423621237,
  );
  const right = await rightResult("hidden-spikes");
  const tensors = new Map(right.gradients.tensors).set("input_times", { shape: [4], values });
  const result = { ...right, gradients: { ...right.gradients, tensors } };
  const only = (tensor: string) => tensor === "input_times";
  expect(await namedIn("hidden-spikes", result, { ...choice, name: "T3" }, only)).toEqual([
    "after_spike_wrong",
  ]);
});

describe("what is wrong for another reason has no name", () => {
  const cases = ["delayed-linear-usual", "reset-below-rest", "coincident-crossings", "linear-shared-times"];

  test.each(cases)(
    "one number of a tensor, a tensor, or all, in another size: %s",
    async (name) => {
      const right = await rightResult(name);
      expect(await namedIn(name, right)).toBeUndefined();
      for (const [key, { shape, values }] of right.gradients.tensors) {
        const largest = values.reduce((k, value, n) => (Math.abs(value) > Math.abs(values[k]!) ? n : k), 0);
        if (!(Math.abs(values[largest]!) > 1e-12)) continue;
        const one = { shape, values: values.map((value, k) => (k === largest ? value * 1.001 : value)) };
        const tensors = new Map(right.gradients.tensors).set(key, one);
        const result = { ...right, gradients: { ...right.gradients, tensors } };
        // Undefined where so much is granted that it passes.
        for (const own of [choice, { ...choice, name: "T3" } as const])
          expect((await namedIn(name, result, own)) ?? [], key).toEqual([]);
      }
      for (const factor of [-1, 0.5, 1000])
        expect(
          await namedIn(
            name,
            scaled(right, () => true, factor),
          ),
        ).toEqual([]);
    },
    minutes,
  );

  test("tensors that programs with a habit differ in", async () => {
    const only = (tensor: string) => tensor.endsWith("delay");
    const result = scaled(await rightResult("delayed-linear-usual"), only, 1.5);
    expect(await namedIn("delayed-linear-usual", result, choice, only)).toEqual([]);
  });

  test("spikes that are late", async () => {
    const right = await rightResult("hidden-spikes");
    const spikes = new Map(
      [...right.spikes].map(([name, { times, neurons }]) => [
        name,
        { times: times.map((time) => time + 1e-3), neurons },
      ]),
    );
    expect(await namedIn("hidden-spikes", { ...right, spikes })).toEqual([]);
  });
});

test("a verdict's line says it", async () => {
  const script = `
import { mkdtempSync } from "node:fs";
const other = mkdtempSync(join(dir, "other"));
const json = JSON.parse(readFileSync(join(from, "case.json"), "utf8"));
for (const projection of json.projections) delete projection.delay;
writeFileSync(join(other, "case.json"), JSON.stringify(json));
execFileSync(process.execPath, [${JSON.stringify(main)}, "conform", "backend", "engine", other, dir]);`;
  const { stdout } = await judge(await backend(script), "--case", "recurrence", "--tensors", "weight");
  expect(stdout).toMatch(/fail .*; with delays ignored it passes$/m);
});
