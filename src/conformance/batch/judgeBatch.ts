/** The verdict on a command's answer to a batch. */
import type { Ending } from "../command.ts";
import { comparisonOf } from "../comparison.ts";
import { hasResult, type Judged, only, unanswered, unfinished } from "../ending.ts";
import { fromReference, type Judging, judgement } from "../judging.ts";
import type { ClassChoice } from "../references.ts";
import type { SuiteEntry } from "../suite.ts";
import { summedWithHint } from "../switchHint.ts";
import { loadBatch } from "./batch.ts";
import { readBatchGolden } from "./batchGolden.ts";
import { batchReference } from "./batchReference.ts";
import { readBatchResult } from "./batchResult.ts";
import { compareBatch } from "./compareBatch.ts";

/** @param folder that the command was to write to */
export async function judgeBatch(
  entry: SuiteEntry,
  ending: Ending,
  folder: string,
  judging: Judging,
): Promise<Judged> {
  const golden = await readBatchGolden(entry.folder);
  const early = unfinished(ending, judging.limits) ?? unanswered(ending, await hasResult(folder));
  if (early) return early;
  return judgement(judging, async () => {
    const { choice, wanted } = judging;
    const result = await readBatchResult(folder, golden.case);
    // Whoever knows cases alone has answered the first trial.
    if (!result) return only("unsupported", "batch.json was not answered: expected goldspike/batch_result@1");
    const batch = (await loadBatch(entry.folder))!;
    const comparison = comparisonOf(batch.problem, wanted);
    const compare = async (own: ClassChoice) =>
      compareBatch(batch, await batchReference(own, golden.answer, batch), result, comparison);
    const parts = await fromReference(compare(choice));
    const sum = await summedWithHint(parts, choice, (convention) => compare({ ...choice, convention }));
    return { ...sum, parts };
  });
}
