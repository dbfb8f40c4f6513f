/** Known mistakes as references: what a program with one of them would find, where that is not what is right. */
import { ConfigError, KernelError } from "../../base/errors.ts";
import { norm } from "../../format/tensor.ts";
import type { Case } from "../../model/case.ts";
import type { Reference } from "../compare/comparison.ts";
import { exactReference } from "../reference/exactReference.ts";
import { type ClassChoice, exactClassOf } from "../reference/references.ts";
import type { Answer } from "../suite/golden.ts";
import { type Part, summed } from "../verdict/verdict.ts";
import { gradientsWithHabits } from "./adjointVariants.ts";
import { adjointHabits } from "./habit.ts";
import { otherForwards } from "./otherForward.ts";

export interface Variant<R = Reference> {
  /** In tables. */
  readonly name: string;
  /** After "with". */
  readonly phrase: string;
  readonly reference: R;
}

/** How many times what is granted two references must differ by, for a result not to be near to both. */
const apart = 4;

/** Of a case, in classes T1 to T3. The certified values stay the reference for all that a habit leaves alone. */
export async function* variantsOf(
  choice: ClassChoice,
  problem: Case,
  answer: Answer | undefined,
): AsyncGenerator<Variant> {
  const className = classFor(choice);
  if (!answer || !className) return;
  const tolerance = exactClassOf(className, choice);
  const right = exactReference(answer, tolerance, problem);
  const told = (its: Answer, untold: RegExp | undefined): Reference => {
    const gradients = new Map([...its.gradients].filter(([tensor]) => !untold?.test(tensor)));
    return { ...exactReference({ ...its, gradients }, tolerance, problem), partial: true };
  };
  for (const { name, phrase, solve, untold } of otherForwards) {
    const its = await solvable(() => solve(problem, answer));
    const reference = its && told(its, untold);
    if (reference && differ(right, reference)) yield { name, phrase, reference };
  }
  const gradients = await solvable(() => gradientsWithHabits(problem, answer));
  if (!gradients) return;
  for (const habit of adjointHabits) {
    const reference = told({ ...answer, gradients: gradients(habit) }, habit.untold);
    if (differ(right, reference)) yield { name: habit.name, phrase: habit.phrase, reference };
  }
}

/** That which grants the rounding of what is made here too; undefined for one that is not against exact values. */
export function classFor({ name }: ClassChoice): "T2" | "T3" | undefined {
  if (name === "T3") return name;
  return name === "T1" || name === "T2" ? "T2" : undefined;
}

/**
 * Those with which a wrong result passes: all of it that is compared, and what was wrong among it.
 *
 * @param parts of the result as it is
 */
export async function* explaining<R>(
  variants: AsyncIterable<Variant<R>>,
  parts: readonly Part[],
  against: (reference: R) => readonly Part[],
): AsyncGenerator<Variant<R>> {
  const wrong = new Set(parts.filter(({ status }) => status === "fail").map(({ name }) => name));
  for await (const variant of variants) {
    const its = against(variant.reference);
    const right = its.some(({ name, status }) => status === "pass" && wrong.has(name));
    if (right && summed(its).status === "pass") yield variant;
  }
}

/** Undefined where the engine cannot solve the case, or another one that the habit makes of it. */
export async function solvable<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConfigError || error instanceof KernelError) return undefined;
    throw error;
  }
}

function differ(right: Reference, other: Reference): boolean {
  for (const [name, { times, neurons, later }] of Object.entries(right.spikes)) {
    const its = other.spikes[name]!;
    if (its.times.length !== times.length) return true;
    for (let k = 0; k < times.length; k++)
      if (neurons[k] !== its.neurons[k] || Math.abs(its.times[k]! - times[k]!) > apart * later(k))
        return true;
  }
  if (
    right.loss &&
    other.loss &&
    Math.abs(right.loss.value - other.loss.value) > apart * right.loss.tolerance
  )
    return true;
  return [...other.gradients].some(([name, { tensor, tolerance }]) => {
    const own = right.gradients.get(name)!;
    if (own.tensor.values.length !== tensor.values.length) return true;
    const distance = norm(tensor.values.map((value, k) => value - own.tensor.values[k]!));
    return distance > apart * Math.max(tolerance, own.tolerance);
  });
}
