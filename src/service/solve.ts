/** The operation `solve`: spikes, loss and every gradient, of a case or of a batch. */
import { z } from "zod";
import { ConfigError } from "../base/errors.ts";
import { shown } from "../base/parseWith.ts";
import { loadBatch } from "../conformance/batch/batch.ts";
import { batchResultJson } from "../conformance/batch/batchResult.ts";
import { engineTrial, solveBatch } from "../conformance/batch/solveBatch.ts";
import { solveCase } from "../engine/solve.ts";
import type { ReadBlob } from "../format/arrays.ts";
import type { JsonTree } from "../format/jsonChunks.ts";
import { loadCase } from "../format/loadCase.ts";
import { parseCase } from "../format/parseCase.ts";
import { resultOf } from "../format/resultOf.ts";
import { entryOf, whichCaseSchema } from "./whichCase.ts";

export const solveSchema = z.strictObject({
  case: whichCaseSchema,
  precision: z.enum(["f64", "f32"]).default("f64"),
  max_events: z.int().min(1, "expected an integer ≥ 1").optional().describe("2²⁰ if absent."),
});

/** A result, as result.json has it. */
export async function solve(
  { case: which, precision, max_events: maxEvents }: z.output<typeof solveSchema>,
  readBlob: ReadBlob,
): Promise<JsonTree> {
  const options = { precision, ...(maxEvents !== undefined && { maxEvents }) };
  const folder = "json" in which ? undefined : (await entryOf(which)).folder;
  const batch = folder === undefined ? undefined : await loadBatch(folder);
  if (batch) {
    if (maxEvents !== undefined)
      throw new ConfigError(`max_events: expected none with a batch, got ${shown(maxEvents)}`);
    return batchResultJson(batch.problem.network, await solveBatch(batch, engineTrial(precision)));
  }
  const problem =
    folder === undefined
      ? parseCase((which as { json: unknown }).json, readBlob, "case")
      : await loadCase(folder);
  return resultOf(problem, await solveCase(problem, options), precision);
}
