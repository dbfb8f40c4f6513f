/** The verdict on one result as an exception: for tests. */
import { basename } from "node:path";
import { ConfigError } from "../base/errors.ts";
import { shown } from "../base/parseWith.ts";
import { loadCase } from "../format/loadCase.ts";
import { parseResult, readResult } from "../format/result.ts";
import { loadBatch } from "./batch/batch.ts";
import { batchReference } from "./batch/batchReference.ts";
import { parseBatchResult, readBatchResult } from "./batch/batchResult.ts";
import { compareBatch } from "./batch/compareBatch.ts";
import { compareResult } from "./compare/compare.ts";
import { comparisonOf, type Demand, withWords } from "./compare/comparison.ts";
import { type ClassChoice, referenceOf } from "./reference/references.ts";
import { choiceFor, type RunChoice } from "./run/judge.ts";
import { readBatchGolden } from "./suite/batchGolden.ts";
import { readGolden } from "./suite/golden.ts";
import { type Convention, type ConventionName, conventions } from "./twin/convention.ts";
import { type ClassName, classNames } from "./verdict/classes.ts";
import { type Part, summed } from "./verdict/verdict.ts";

/** A class, and of T4 and T5 how the backend steps; `tensors` as `--tensors`. */
type Expected = Pick<ClassChoice, "name"> &
  Partial<Omit<ClassChoice, "convention">> & {
    readonly convention?: ConventionName | Convention;
    readonly tensors?: readonly string[];
  };

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
  const {
    tensors,
    convention = "genn_eventprop",
    ...choice
  }: Expected = typeof expected === "string" ? { name: expected } : expected;
  if (!classNames.includes(choice.name))
    throw new ConfigError(`class: expected one of ${classNames.join(", ")}, got ${shown(choice.name)}`);
  const steps = typeof convention === "string" ? conventions[convention] : convention;
  const complete = { dt: 0.1, ...choice, convention: steps };
  const parts = await partsOf(folder, plain(result), complete, { wanted: withWords(tensors) });
  if (summed(parts).status !== "fail") return;
  const lines = parts.flatMap(({ name, status, message }) =>
    status === "pass" || status === "skipped" ? [] : [`  ${name}: ${message ?? status}`],
  );
  throw new Error([`${basename(folder)} is not as class ${choice.name} asks:`, ...lines].join("\n"));
}

/** As a file would have it. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
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
