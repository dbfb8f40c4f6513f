/** The verdict on two answers of a command, for a case and for the one that is related to it. */
import type { Case } from "../../case/case.ts";
import type { Ending } from "../command.ts";
import { hasResult, type Judged, only, unanswered, unfinished } from "../ending.ts";
import { type Judging, judgement } from "../judging.ts";
import { readResult } from "../result.ts";
import { summed } from "../verdict.ts";
import { lackingPart } from "./lackingPart.ts";
import { relate } from "./relate.ts";
import type { Relation } from "./relation.ts";
import { type RelationName, relations } from "./relations.ts";

/** @param folders that it was to write to */
export async function judgeRelated(
  { name, problem }: { readonly name: RelationName; readonly problem: Case },
  endings: readonly [Ending, Ending],
  folders: readonly [string, string],
  judging: Judging,
): Promise<Judged> {
  const { choice, wanted, limits } = judging;
  const relation: Relation = relations[name];
  const onGrid = choice.name === "T4" || choice.name === "T5";
  if (onGrid && !relation.onGrid)
    return only("unsupported", `class ${choice.name}: ${name} does not hold on a grid of steps`);
  for (const [k, ending] of endings.entries()) {
    const early = unfinished(ending, limits) ?? unanswered(ending, await hasResult(folders[k]!));
    if (early) return early;
  }
  return judgement(judging, async () => {
    const own = problem.name;
    const [result, related] = [await readResult(folders[0], own), await readResult(folders[1], own)];
    const lacking = lackingPart(problem, result, wanted);
    if (lacking) return only("fail", `${lacking.name}: ${lacking.message}`);
    const parts = relate(problem, relation, result, related, choice, wanted);
    return { ...summed(parts), parts };
  });
}
