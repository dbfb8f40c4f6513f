/** From how a command ended and what it wrote to a verdict. */
import { loadCase } from "../format/loadCase.ts";
import { readResult } from "../format/result.ts";
import type { Ending } from "./command.ts";
import { compareResult } from "./compare.ts";
import { comparisonOf } from "./comparison.ts";
import { hasResult, type Judged, refused, unanswered, unfinished } from "./ending.ts";
import { readGolden } from "./golden.ts";
import { fromReference, type Judging, judgement } from "./judging.ts";
import { type ClassChoice, referenceOf } from "./references.ts";
import type { SuiteEntry } from "./suite.ts";
import { summedWithHint } from "./switchHint.ts";

/** @param folder that the command was to write to */
export async function judge(
  entry: SuiteEntry,
  ending: Ending,
  folder: string,
  judging: Judging,
): Promise<Judged> {
  const golden = await readGolden(entry.folder);
  const wrote = await hasResult(folder);
  const stopped = unfinished(ending, judging.limits);
  if (stopped) return stopped;
  if (golden.refuse !== undefined) return refused(golden.refuse, ending, wrote);
  const early = unanswered(ending, wrote);
  if (early) return early;
  return judgement(judging, async () => {
    const { choice, wanted } = judging;
    const result = await readResult(folder, golden.case);
    const problem = await loadCase(entry.folder);
    const comparison = comparisonOf(problem, wanted);
    const compare = async (own: ClassChoice) =>
      compareResult(await referenceOf(own, golden.answer!, problem), result, comparison);
    const parts = await fromReference(compare(choice));
    const sum = await summedWithHint(parts, choice, (convention) => compare({ ...choice, convention }));
    return { ...sum, parts };
  });
}
