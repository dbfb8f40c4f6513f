/** The parts of certifying that can be done one beside the other: each from plain data to plain data. */
import { type Adjoint, adjoint } from "../simulate/adjoint.ts";
import { difference, type Entry } from "../simulate/differences.ts";
import type { ExactCase } from "../simulate/exactCase.ts";
import { simulate, type Trial } from "../simulate/simulate.ts";
import { type ExactBatch, type SolvedBatch, solveExactBatch } from "./batch.ts";
import { movedBatch } from "./batchSensitivity.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { arithmeticOf } from "./precision.ts";
import { moved } from "./sensitivity.ts";

/** A case without its arithmetic, which is told by its bits: what can be sent to a thread. */
export type Plain = Omit<ExactCase, "math"> & { readonly bits: number };

export interface PlainBatch extends Omit<ExactBatch, "trials"> {
  readonly trials: readonly Plain[];
}

export function plain({ math, ...numbers }: ExactCase): Plain {
  return { ...numbers, bits: math.bits };
}

export function plainBatch({ trials, ...rest }: ExactBatch): PlainBatch {
  return { ...rest, trials: trials.map(plain) };
}

function revived({ bits, ...numbers }: Plain): ExactCase {
  return { ...numbers, math: arithmeticOf(bits) };
}

function revivedBatch({ trials, ...rest }: PlainBatch): ExactBatch {
  return { ...rest, trials: trials.map(revived) };
}

/** By name. */
export const jobs = {
  trial: ({ exact }: { exact: Plain }): Trial => simulate(revived(exact)),
  adjoint: ({ exact, trial, times }: { exact: Plain; trial: Trial; times: readonly bigint[] }): Adjoint =>
    adjoint(revived(exact), trial, times),
  outcome: ({ exact, trial }: { exact: Plain; trial: Trial }): Outcome => outcomeOf(revived(exact), trial),
  difference: ({ exact, trial, entry }: { exact: Plain; trial: Trial; entry: Entry }): number =>
    difference(revived(exact), trial, entry),
  /** After random change number `draw` of all numbers. */
  moved: ({ exact, draw }: { exact: Plain; draw: number }): Outcome => outcomeOf(moved(revived(exact), draw)),
  batch: ({ batch }: { batch: PlainBatch }): SolvedBatch => solveExactBatch(revivedBatch(batch)),
  movedBatch: ({ batch, draw }: { batch: PlainBatch; draw: number }): SolvedBatch =>
    solveExactBatch(movedBatch(revivedBatch(batch), draw)),
} as const;

type Jobs = typeof jobs;
export type JobName = keyof Jobs;
type JobInput<N extends JobName> = Parameters<Jobs[N]>[0];
type JobResult<N extends JobName> = ReturnType<Jobs[N]>;

/** Who does them. */
export interface Workers {
  run<N extends JobName>(name: N, given: JobInput<N>): Promise<JobResult<N>>;
  /** Told as soon as it is known how many there will be. */
  expect(count: number): void;
}

/** One after the other, in the thread that asks. */
export const inThisThread: Workers = {
  run: async (name, given) => (jobs[name] as (given: unknown) => JobResult<typeof name>)(given),
  expect: () => {},
};
