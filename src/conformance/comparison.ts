/** What a comparison looks at, and what it may recognise in a wrong tensor; what is right is up to the reference. */
import type { Case } from "../model/case.ts";
import type { Projection } from "../model/network.ts";
import { factorsOf } from "./factors.ts";
import type { Factor } from "./hints.ts";

export interface Comparison {
  /** Which tensors are looked at. */
  readonly wanted: (tensor: string) => boolean;
  /** For hints. */
  readonly factors: readonly Factor[];
  /** What the result must say that its projections lead from and to; anything, if absent. */
  readonly projections?: readonly Ends[] | undefined;
}

/** Which tensors words choose: those with one of them in their name; all, without words. */
export function withWords(words: readonly string[] | undefined): Comparison["wanted"] {
  return (tensor) => words?.some((word) => tensor.includes(word)) ?? true;
}

export type Ends = Pick<Projection, "from" | "to">;

/** Of results for this case. */
export function comparisonOf(problem: Case, wanted: Comparison["wanted"]): Comparison {
  return { wanted, factors: factorsOf(problem), projections: problem.network.projections };
}
