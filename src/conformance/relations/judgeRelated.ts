/** The verdict on two answers of a command, for a case and for the one that is related to it. */

import { readResult } from "../../format/result.ts";
import type { Case } from "../../model/case.ts";
import type { Ending } from "../command.ts";
import { hasResult, type Judged, only, unanswered, unfinished } from "../ending.ts";
import { type Judging, judgement } from "../judging.ts";
import type { ClassChoice } from "../references.ts";
import { summed } from "../verdict.ts";
import { lackingPart } from "./lackingPart.ts";
import { relate } from "./relate.ts";
import type { Relation } from "./relation.ts";
import { type RelationName, relations } from "./relations.ts";

/** Why the class has no verdict on a relation; undefined if it has one. */
export function offGrid(name: RelationName, { name: className }: ClassChoice): Judged | undefined {
  const onGrid = className === "T4" || className === "T5";
  const relation: Relation = relations[name];
  if (!onGrid || relation.onGrid) return undefined;
  return only("unsupported", `class ${className}: ${name} does not hold on a grid of steps`);
}

/** @param folders that the command was to write to */
export async function judgeRelated(
  { name, problem }: { readonly name: RelationName; readonly problem: Case },
  endings: readonly [Ending, Ending],
  folders: readonly [string, string],
  judging: Judging,
): Promise<Judged> {
  const { choice, wanted, limits } = judging;
  for (const [k, ending] of endings.entries()) {
    const early = unfinished(ending, limits) ?? unanswered(ending, await hasResult(folders[k]!));
    if (early) return early;
  }
  return judgement(judging, async () => {
    const own = problem.name;
    const [result, related] = [await readResult(folders[0], own), await readResult(folders[1], own)];
    const lacking = lackingPart(problem, result, wanted);
    if (lacking) return only("fail", `${lacking.name}: ${lacking.message}`);
    const parts = relate(problem, relations[name], result, related, choice, wanted);
    return { ...summed(parts), parts };
  });
}
