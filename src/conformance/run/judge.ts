/** From what a backend wrote to a verdict: on a case, a batch, or a case and one that is related to it. */

import { ConfigError } from "../../base/errors.ts";
import { shown } from "../../base/parseWith.ts";
import { type Result, type ResultPlace, readResult } from "../../format/result.ts";
import { type BatchReference, batchReference } from "../batch/batchReference.ts";
import { readBatchResult } from "../batch/batchResult.ts";
import { compareBatch } from "../batch/compareBatch.ts";
import { compareResult } from "../compare/compare.ts";
import { comparisonOf, type Demand, type Reference } from "../compare/comparison.ts";
import { batchVariantsOf } from "../habits/batchVariants.ts";
import { explaining, variantsOf } from "../habits/variants.ts";
import { type ClassChoice, referenceOf } from "../reference/references.ts";
import { lackingPart, type Relation, relate } from "../relations/relation.ts";
import { type RelationName, relations } from "../relations/relations.ts";
import { type Part, summed } from "../verdict/verdict.ts";
import { type Judged, only } from "./outcome.ts";
import type { RelatedCase, SolvableBatch, SolvableCase } from "./prepare.ts";
import { remedyText } from "./remedies.ts";

/** On a case. @param place of its result */
export function judge(
  { problem, answer }: SolvableCase,
  place: ResultPlace,
  judging: Judging,
): Promise<Judged> {
  return judgement(judging, async () => {
    const result = await readResult(place, problem.name);
    const choice = choiceFor(judging, result.precision);
    const comparison = comparisonOf(problem, judging.demand);
    const against = (reference: Reference) => compareResult(reference, result, comparison);
    const compare = async (own: ClassChoice) => against(await referenceOf(own, answer, problem));
    const parts = await fromReference(compare(choice));
    const mistakes = explaining(variantsOf(choice, problem, answer), parts, against);
    return judgedWith(judging, parts, choice, [result], compare, mistakes);
  });
}

/** On a batch. @param place of its result */
export function judgeBatch(
  { batch, answer }: SolvableBatch,
  place: ResultPlace,
  judging: Judging,
): Promise<Judged> {
  return judgement(judging, async () => {
    const result = await readBatchResult(place, batch.problem.name);
    // Whoever knows cases alone has answered the first trial.
    if (!result) return only("unsupported", "batch.json was not answered: expected goldspike/batch_result@1");
    const choice = choiceFor(judging, result.trials[0]?.precision);
    const comparison = comparisonOf(batch.problem, judging.demand);
    const against = (reference: BatchReference) => compareBatch(batch, reference, result, comparison);
    const compare = async (own: ClassChoice) => against(await batchReference(own, answer, batch));
    const parts = await fromReference(compare(choice));
    const mistakes = explaining(batchVariantsOf(choice, batch, answer), parts, against);
    return judgedWith(judging, parts, choice, result.trials, compare, mistakes);
  });
}

/** Why the class has no verdict on a relation; undefined if it has one. */
export function offGrid(name: RelationName, { name: className }: RunChoice): Judged | undefined {
  const onGrid = className === "T4" || className === "T5";
  const relation: Relation = relations[name];
  if (!onGrid || relation.onGrid) return undefined;
  return only("unsupported", `class ${className}: ${name} does not hold on a grid of steps`);
}

/** On a case and the one that is related to it. @param places of both results */
export function judgeRelated(
  { relation: name, problem }: RelatedCase,
  places: readonly [ResultPlace, ResultPlace],
  judging: Judging,
): Promise<Judged> {
  const { demand } = judging;
  return judgement(judging, async () => {
    const own = problem.name;
    const [result, related] = [await readResult(places[0], own), await readResult(places[1], own)];
    const lacking = lackingPart(problem, result, demand);
    if (lacking) return only("fail", `${lacking.name}: ${lacking.message}`);
    const choice = choiceFor(judging, result.precision);
    const parts = relate(problem, relations[name], result, related, choice, demand);
    const { status, message } = summed(parts);
    return { status, message: `${message}${otherPrecision(judging, result.precision)}`, parts };
  });
}

/** A class, and the precision of all results; that which each names itself, if absent. */
export type RunChoice = Omit<ClassChoice, "precision"> & Partial<Pick<ClassChoice, "precision">>;

export interface Judging {
  readonly choice: RunChoice;
  readonly demand: Demand;
}

/** The reference, not the result, is what cannot be had. */
class Unjudged extends Error {}

/** What is made of a reference, for `judgement`, which must tell a ConfigError of the reference from one of the result. */
async function fromReference<T>(made: Promise<T>): Promise<T> {
  return made.catch((error: unknown) => {
    throw error instanceof ConfigError ? new Unjudged(error.message) : error;
  });
}

/** What `work` finds; a ConfigError is what is wrong with the result, unless it came by `fromReference`. */
async function judgement({ choice }: Judging, work: () => Promise<Judged>): Promise<Judged> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Unjudged) return only("unsupported", `class ${choice.name}: ${error.message}`);
    if (error instanceof ConfigError) return only("fail", error.message);
    throw error;
  }
}

/** @param found what the result says of itself; what is neither f64 nor f32 is held to the stricter of both */
export function choiceFor({ choice }: Pick<Judging, "choice">, found: string | undefined): ClassChoice {
  return { ...choice, precision: choice.precision ?? (found === "f32" ? "f32" : "f64") };
}

/** That a result is of another precision than it was to be judged by. */
function otherPrecision({ choice: { precision } }: Judging, found: string | undefined): string {
  if (precision === undefined || found === undefined || found === precision) return "";
  return ` (result.json says precision ${shown(found)}, --precision ${precision})`;
}

/** The verdict that the parts add up to, with what would make them pass if they do not. */
async function judgedWith(
  judging: Judging,
  parts: readonly Part[],
  choice: ClassChoice,
  results: readonly Result[],
  compare: (choice: ClassChoice) => Promise<readonly Part[]>,
  mistakes: AsyncIterable<{ readonly phrase: string }>,
): Promise<Judged> {
  const { status, message } = summed(parts);
  const precision = results[0]?.precision;
  const spikes = results.map((result) => result.spikes);
  const remedy =
    status === "fail" ? await remedyText(choice, spikes, precision ?? "", compare, mistakes) : "";
  return { status, message: `${message}${remedy}${otherPrecision(judging, precision)}`.trim(), parts };
}
