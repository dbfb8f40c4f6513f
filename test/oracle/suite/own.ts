/** What is known about a case that lies in a folder. */

import { loadBatch } from "../../../src/conformance/batch/batch.ts";
import { type Group, groups } from "../../../src/conformance/suite/golden.ts";
import { caseJson } from "../../../src/format/caseJson.ts";
import { loadCase } from "../../../src/format/loadCase.ts";
import type { BatchJson } from "../../../src/oracle/certify/batch.ts";
import type { CaseJson } from "../../../src/oracle/certify/caseJson.ts";
import { certify } from "../../../src/oracle/certify/certify.ts";
import { certifyBatch } from "../../../src/oracle/certify/certifyBatch.ts";
import { type Files, goldenFiles } from "../../../src/oracle/certify/goldenFiles.ts";

export interface About {
  readonly group: string;
  readonly catches: string;
  /** Times of traces, ms. */
  readonly at?: readonly number[] | undefined;
}

/**
 * golden.json and its raw files.
 *
 * @param files of the case, for its hash
 * @throws Error the folder is in none of the groups, its case is none, or a time is not in the trial
 */
export async function ownGolden(folder: string, files: Files, { group, catches, at }: About): Promise<Files> {
  if (!groups.includes(group as Group) || group === "metamorphic")
    throw new Error(
      `expected a folder in one named ${groups.filter((name) => name !== "metamorphic").join(", ")}`,
    );
  const problem = await loadCase(folder);
  const wrong = at?.find((time) => !(time >= 0 && time < problem.duration));
  if (wrong !== undefined) throw new Error(`--at: expected times in [0, ${problem.duration}), got ${wrong}`);
  const json = caseJson(problem, problem.name) as CaseJson;
  const batch = await loadBatch(folder);
  if (!batch && group === "batch") throw new Error("expected batch.json in a folder of the group batch");
  const about = { group, name: problem.name, catches };
  if (!batch) return goldenFiles(about, files, "goldspike/golden@1", certify(json, at && [...at]).tree);
  const trials = batch.trials.map(({ input, target }) => ({
    input: { times: Array.from(input.times), sources: Array.from(input.sources) },
    target,
  }));
  const rest: BatchJson = { trials, batch_size: batch.batchSize, learning_rate: batch.learningRate };
  return goldenFiles(about, files, "goldspike/batch_golden@1", certifyBatch(json, rest));
}
