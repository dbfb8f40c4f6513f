/** What a backend is asked about a case of the suite, and the verdict on its answers. */
import { basename } from "node:path";
import { caseJson } from "../../format/caseJson.ts";
import { relations } from "../relations/relations.ts";
import { type Judging, judge, judgeBatch, judgeRelated, offGrid } from "./judge.ts";
import { type Answered, type Judged, judgeRefusal, only, unanswered } from "./outcome.ts";
import type { Prepared } from "./prepare.ts";

/** Files of a CASE_DIR, by name. */
export type Files = ReadonlyMap<string, string | Uint8Array>;

/** Of the folder of the second of two cases, below that of the first. */
export const relatedName = "related";

/** One, or of a relation two: the case and the one that is related to it. */
export function questionsOf(prepared: Prepared): Files[] {
  const { known, entry } = prepared;
  if (known.kind === "damaged") return [];
  const own = handedOut(prepared);
  if (known.kind !== "related") return [own];
  const related = caseJson(relations[known.relation].change(known.problem), entry.name);
  return [own, new Map([["case.json", JSON.stringify(related)]])];
}

/** What is known about the case stays out of sight. */
function handedOut({ files }: Prepared): Files {
  const named = [...files].map(([path, bytes]) => [basename(path), bytes] as const);
  return new Map(named.filter(([name]) => /^(case|batch)/.test(name)));
}

/** A verdict that needs no answer; undefined if it does. */
export function foregone({ known }: Prepared, { choice }: Judging): Judged | undefined {
  if (known.kind === "damaged") return only("error", known.reason);
  return known.kind === "related" ? offGrid(known.relation, choice) : undefined;
}

/** @param answers to `questionsOf` the case */
export async function verdictOn(
  { known }: Prepared,
  answers: readonly Answered[],
  judging: Judging,
): Promise<Judged> {
  const [first, second] = answers;
  switch (known.kind) {
    case "damaged":
      return only("error", known.reason);
    case "refused":
      return judgeRefusal(first!, known.reason);
    case "related": {
      const early = (await unanswered(first!)) ?? (await unanswered(second!));
      return early ?? judgeRelated(known, [first!.place, second!.place], judging);
    }
    case "batch":
      return (await unanswered(first!)) ?? judgeBatch(known, first!.place, judging);
    case "case":
      return (await unanswered(first!)) ?? judge(known, first!.place, judging);
  }
}
