/** Which reference a class of tolerance compares with, and one result as the reference of another. */
import { ConfigError } from "../../base/errors.ts";
import { solveCase } from "../../engine/solve.ts";
import type { Result } from "../../format/result.ts";
import { solutionResult } from "../../format/solutionResult.ts";
import { norm } from "../../format/tensor.ts";
import type { Case } from "../../model/case.ts";
import type { Precision } from "../../model/solution.ts";
import type { Reference } from "../compare/comparison.ts";
import { within } from "../compare/spikes.ts";
import type { Answer } from "../suite/golden.ts";
import type { Convention } from "../twin/convention.ts";
import { type ClassName, type ExactClass, exactClasses } from "../verdict/classes.ts";
import { exactReference } from "./exactReference.ts";
import { stepReference } from "./stepReference.ts";
import { twinReference } from "./twinReference.ts";

/** A tolerance class, and what it needs to know of the backend. */
export interface ClassChoice {
  /** T0 to T5; `classReasons` says what each means. */
  readonly name: ClassName;
  /** Of classes T4 and T5: how the backend steps. */
  readonly convention: Convention;
  /** Of classes T4 and T5: time step, ms. */
  readonly dt: number;
  /** Of a backend in class T4, and where it is held against itself: cases of the metamorphic group. */
  readonly precision: Precision;
  /** Of classes T1 to T3: relative error of every number of the case, that is granted besides. */
  readonly rtol?: number;
}

/** What a class against exact values grants by this choice. */
export function exactClassOf(name: ExactClass["name"], { rtol = 0 }: ClassChoice): ExactClass {
  return { ...exactClasses[name], rtol };
}

/**
 * @param answer certified values, which T0 and T4 do without
 * @throws ConfigError a case that the class cannot judge
 */
export async function referenceOf(
  choice: ClassChoice,
  answer: Answer | undefined,
  problem: Case,
): Promise<Reference> {
  const { name, convention, dt, precision } = choice;
  switch (name) {
    case "T0":
      return sameReference(problem);
    case "T4":
      return twinReference(problem, { convention, dt, precision });
    case "T5":
      return stepReference(certified(answer), problem, dt, convention);
    default:
      return exactReference(certified(answer), exactClassOf(name, choice), problem);
  }
}

/** @throws ConfigError there are no certified values */
export function certified<T>(answer: T | undefined): T {
  if (answer !== undefined) return answer;
  throw new ConfigError("there is no golden.json to compare with; only T0 and T4 need none");
}

/** This machine's own result: class T0, bit by bit. */
async function sameReference(problem: Case): Promise<Reference> {
  return resultReference(solutionResult(problem, await solveCase(problem)), exactly);
}

export interface Nearness {
  /** Of a spike, ms. */
  readonly milliseconds: number;
  /** Of numbers, Euclidean, as a share of their norm. */
  readonly share: number;
}

/** Bit by bit. */
export const exactly: Nearness = { milliseconds: 0, share: 0 };

export function resultReference(result: Result, { milliseconds, share }: Nearness): Reference {
  return {
    spikes: Object.fromEntries(
      [...result.spikes].map(([name, spikes]) => [name, within(spikes, milliseconds)]),
    ),
    open: () => undefined,
    ...(result.loss !== undefined && {
      loss: { value: result.loss, tolerance: share * Math.abs(result.loss) },
    }),
    ...(result.readout && {
      readout: { tensor: result.readout, tolerance: share * norm(result.readout.values) },
    }),
    gradients: new Map(
      [...result.gradients.tensors].map(([name, tensor]) => [
        name,
        { tensor, tolerance: share * norm(tensor.values) },
      ]),
    ),
    partial: false,
  };
}
