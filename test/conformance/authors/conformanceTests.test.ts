/** A group of the suite as tests of a test runner. */
import { describe, expect, test } from "vitest";
import { batchResultJson } from "../../../src/conformance/batch/batchResult.ts";
import { engineTrial, solveBatch } from "../../../src/conformance/batch/solveBatch.ts";
import { conformanceTests, type Question, Unsupported } from "../../../src/conformance/conformanceTests.ts";
import { readGolden } from "../../../src/conformance/suite/golden.ts";
import { bundledSuite, listSuite } from "../../../src/conformance/suite/suite.ts";
import { solveCase } from "../../../src/engine/solve.ts";
import { resultOf } from "../../../src/format/resultOf.ts";
import { refusalOf } from "../../support/conformance/refusal.ts";

async function solve({ problem, batch }: Question): Promise<unknown> {
  if (batch) return batchResultJson(batch.problem.network, await solveBatch(batch, engineTrial("f64")));
  return resultOf(problem, await solveCase(problem), "f64");
}

/** Tests as they are told to a runner, and what comes of them. */
function runner() {
  const tests = new Map<string, () => Promise<string>>();
  const register = (name: string, run: (context: { skip(note?: string): unknown }) => Promise<void>) => {
    tests.set(name, async () => {
      let skipped: string | undefined;
      const end = run({ skip: (note) => (skipped = note) });
      return end.then(
        () => (skipped === undefined ? "pass" : `skipped ${skipped}`),
        (error: Error) => `fail ${error.message}`,
      );
    });
  };
  return { tests, register };
}

describe("the engine, by this runner", async () => {
  await conformanceTests(test, { name: "T1", group: ["smoke", "batch", "metamorphic"] }, solve);
});

test("every case but those that must be refused has its test", async () => {
  const { tests, register } = runner();
  await conformanceTests(register, "T2", solve);
  const names: string[] = [];
  for (const { group, name, folder } of await listSuite(bundledSuite)) {
    const own =
      group === "metamorphic" || group === "batch" || (await readGolden(folder)).refuse === undefined;
    if (own) names.push(`${group}/${name}`);
  }
  expect([...tests.keys()]).toEqual(names);
});

test("what is wrong is told part by part, what is not supported is skipped, a crash is the test's", async () => {
  const { tests, register } = runner();
  await conformanceTests(register, { name: "T2", group: ["smoke"] }, async (question) => {
    const result = (await solve(question)) as { gradients: { projections: { weight: Float64Array[] }[] } };
    const { name } = question.problem;
    if (name === "recurrence") throw new Unsupported("recurrence");
    if (name === "first-spikes") throw new Error("lost");
    if (name === "hidden-spikes") result.gradients.projections[0]!.weight[0]![0]! += 1e-3;
    return result;
  });
  const ends = await Promise.all([...tests].map(async ([name, run]) => [name, await run()] as const));
  expect(Object.fromEntries(ends)).toEqual({
    "smoke/first-spikes": "fail lost",
    "smoke/hidden-spikes": expect.stringMatching(
      /^fail smoke\/hidden-spikes: projections\[0\].weight: .* off\n {2}projections\[0\].weight: .* off$/,
    ),
    "smoke/postsynaptic-potential": "pass",
    "smoke/recurrence": "skipped recurrence",
  });
});

test("a class that cannot judge a case skips it", async () => {
  const { tests, register } = runner();
  await conformanceTests(register, { name: "T5", group: ["batch"] }, solve);
  for (const run of tests.values()) expect(await run()).toMatch(/^skipped class T5: /);
});

test("a group without cases", async () => {
  const none = conformanceTests(runner().register, { name: "T2", group: ["nowhere" as "smoke"] }, solve);
  expect(await refusalOf(none)).toBe("group: expected one with cases, got nowhere");
});
