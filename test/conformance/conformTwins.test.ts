/** No false alarms: every twin's own result file passes T4 and T5 in every case of the suite. */
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../src/base/errors.ts";
import { compareResult } from "../../src/conformance/compare/compare.ts";
import { comparisonOf } from "../../src/conformance/compare/comparison.ts";
import { type ClassChoice, referenceOf } from "../../src/conformance/reference/references.ts";
import { type Answer, readGolden } from "../../src/conformance/suite/golden.ts";
import { bundledSuite, listSuite } from "../../src/conformance/suite/suite.ts";
import { conventionNames, conventions } from "../../src/conformance/twin/convention.ts";
import { solveTwin, twinResult } from "../../src/conformance/twin/twin.ts";
import { summed } from "../../src/conformance/verdict/verdict.ts";
import { jsonChunks } from "../../src/format/jsonChunks.ts";
import { loadCase } from "../../src/format/loadCase.ts";
import { parseResult } from "../../src/format/result.ts";
import { resultJson } from "../../src/format/resultJson.ts";
import type { Case } from "../../src/model/case.ts";

const entries = (await listSuite(bundledSuite)).filter(
  ({ group }) => group !== "metamorphic" && group !== "batch",
);

/** A prediction solves the case once for every spike. */
const mostPredicted = 200;

function spikesOf({ spikes }: Answer): number {
  return Object.values(spikes).reduce((sum, { times }) => sum + times.length, 0);
}

async function fileOf(problem: Case, { convention, dt, precision }: ClassChoice) {
  const twin = twinResult(problem, await solveTwin(problem, { convention, dt, precision }), precision, dt);
  const text = [...jsonChunks(resultJson(problem.network, twin))].join("");
  return parseResult(JSON.parse(text), { source: "result.json", readBlob: undefined }, problem.name);
}

describe.each(conventionNames)("%s", (name) => {
  test.each([
    ["T4", "f64"],
    ["T4", "f32"],
    ["T5", "f64"],
  ] as const)(
    "class %s in %s",
    async (className, precision) => {
      const choice = { name: className, convention: conventions[name], dt: 0.1, precision };
      const tally = { pass: 0, undecidable: 0, unsupported: 0 };
      for (const { folder } of entries) {
        const { answer, case: title } = await readGolden(folder);
        if (!answer || (className === "T5" && spikesOf(answer) > mostPredicted)) continue;
        const problem = await loadCase(folder);
        try {
          const reference = await referenceOf(choice, answer, problem);
          const parts = compareResult(
            reference,
            await fileOf(problem, choice),
            comparisonOf(problem, { wanted: (tensor) => /weight|delay/.test(tensor) }),
          );
          const { status, message } = summed(parts);
          expect(status, `${title}: ${message}`).not.toBe("fail");
          tally[status as keyof typeof tally]++;
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
          tally.unsupported++;
        }
      }
      expect(tally.pass).toBeGreaterThan(className === "T5" ? 30 : 70);
    },
    120_000,
  );
});

test("class T5 lets no gradient of the wrong sign pass, and finds most of them wrong", async () => {
  const choice = { name: "T5", convention: conventions.genn_eventprop, dt: 0.01, precision: "f64" } as const;
  const tally: Record<string, number> = {};
  for (const { folder, group } of entries) {
    const { answer } = await readGolden(folder);
    if (!answer || (group !== "smoke" && group !== "core")) continue;
    const problem = await loadCase(folder);
    const reference = await referenceOf(choice, answer, problem).catch(() => undefined);
    if (!reference) continue;
    const twin = await fileOf(problem, choice);
    const flipped = [...twin.gradients.tensors].map(
      ([name, { shape, values }]) => [name, { shape, values: values.map((value) => -value) }] as const,
    );
    const result = { ...twin, gradients: { ...twin.gradients, tensors: new Map(flipped) } };
    const parts = compareResult(
      reference,
      result,
      comparisonOf(problem, { wanted: (tensor) => tensor.includes("weight") }),
    );
    const { status } = summed(parts);
    tally[status] = (tally[status] ?? 0) + 1;
  }
  expect(tally.pass).toBeUndefined();
  expect(tally.fail).toBeGreaterThanOrEqual(18);
});
