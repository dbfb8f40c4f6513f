/** The verdict on one result as an exception: for tests. */
import { basename } from "node:path";
import { ConfigError } from "../base/errors.ts";
import { loadCase } from "../format/loadCase.ts";
import { parseResult, readResult } from "../format/result.ts";
import { loadBatch } from "./batch/batch.ts";
import { batchReference } from "./batch/batchReference.ts";
import { parseBatchResult, readBatchResult } from "./batch/batchResult.ts";
import { compareBatch } from "./batch/compareBatch.ts";
import { choiceOf, type Expected, plain } from "./choice.ts";
import { compareResult } from "./compare/compare.ts";
import { comparisonOf, type Demand, withWords } from "./compare/comparison.ts";
import { referenceOf } from "./reference/references.ts";
import { choiceFor, type RunChoice } from "./run/judge.ts";
import { readBatchGolden } from "./suite/batchGolden.ts";
import { readGolden } from "./suite/golden.ts";
import type { ClassName } from "./verdict/classes.ts";
import { type Part, summed } from "./verdict/verdict.ts";

/**
 * Resolves if the result passes, or if rounding of its class may decide what differs.
 *
 * @param folder of the case, or batch, with golden.json
 * @param result as result.json holds it, typed arrays for arrays of numbers too, or a folder with one
 * @param expected the class, alone or with what goes with it
 * @throws Error with a line for each part that is wrong; ConfigError if there is no such case, or none that has an answer
 */
export async function expectGradientsToMatch(
  folder: string,
  result: unknown,
  expected: ClassName | Expected,
): Promise<void> {
  const whole: Expected = typeof expected === "string" ? { name: expected } : expected;
  const choice = choiceOf(whole);
  // Alone, a result has nothing to be compared with that would show what has been forgotten.
  const demand = { wanted: withWords(whole.tensors) };
  const parts = await partsOf(folder, plain(result), choice, demand);
  if (summed(parts).status !== "fail") return;
  const lines = parts.flatMap(({ name, status, message }) =>
    status === "pass" || status === "skipped" ? [] : [`  ${name}: ${message ?? status}`],
  );
  throw new Error([`${basename(folder)} is not as class ${choice.name} asks:`, ...lines].join("\n"));
}

async function partsOf(folder: string, result: unknown, choice: RunChoice, demand: Demand): Promise<Part[]> {
  const inMemory = { source: "result", readBlob: undefined };
  const batch = await loadBatch(folder);
  if (batch) {
    const { case: name, answer } = await readBatchGolden(folder);
    const found =
      typeof result === "string"
        ? await readBatchResult(result, name)
        : parseBatchResult(result, inMemory, name);
    if (!found)
      throw new ConfigError("result.json: expected goldspike/batch_result@1, as the case is a batch");
    const precise = choiceFor({ choice }, found.trials[0]?.precision);
    const reference = await batchReference(precise, answer, batch);
    return compareBatch(batch, reference, found, comparisonOf(batch.problem, demand));
  }
  const { case: name, answer } = await readGolden(folder);
  if (!answer) throw new ConfigError(`${folder}: expected a case with an answer, got one to refuse`);
  const problem = await loadCase(folder);
  const found =
    typeof result === "string" ? await readResult(result, name) : parseResult(result, inMemory, name);
  const reference = await referenceOf(choiceFor({ choice }, found.precision), answer, problem);
  return compareResult(reference, found, comparisonOf(problem, demand));
}
