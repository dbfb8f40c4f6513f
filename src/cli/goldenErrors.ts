/** How far a solution is from the certified values of its case. */

import type { Answer, GoldenSpikes } from "../conformance/suite/golden.ts";
import { gradientTensors } from "../format/solutionResult.ts";
import type { Tensor } from "../format/tensor.ts";
import type { Case } from "../model/case.ts";
import type { Solution } from "../model/solution.ts";

/** What of an answer is looked at; gradients may be some of the tensors. */
export interface Certified extends Pick<Answer, "loss" | "readout" | "gradients"> {
  readonly spikes: Readonly<Record<string, Pick<GoldenSpikes, "times" | "neurons">>>;
}

/** Infinite where spikes or numbers are missing, or others. */
export interface GoldenErrors {
  /** Worst error of a spike's time, as a share of the trial. */
  readonly times: number;
  /** Of the loss, relative, or of the worst number of loss and readout as a share of their largest, whichever is more. */
  readonly loss: number;
  /** Worst error in each tensor, as a share of its largest entry. */
  readonly gradients: ReadonlyMap<string, number>;
}

export function goldenErrors(certified: Certified, problem: Case, solution: Solution): GoldenErrors {
  return {
    times: timeError(certified, solution) / problem.duration,
    loss: lossError(certified, solution),
    gradients: gradientErrors(certified.gradients, gradientTensors(problem, solution)),
  };
}

function timeError(certified: Certified, { spikes }: Solution): number {
  const errors = Object.entries(certified.spikes).map(([name, { times, neurons }]) => {
    const found = spikes[name];
    return found?.neurons.join() === neurons.join() ? worstError(times, found.times) : Infinity;
  });
  return Math.max(0, ...errors);
}

/** A case without a loss has a loss of 0 and no readout, as its solution has. */
function lossError({ loss = 0, readout = new Float64Array() }: Certified, solution: Solution): number {
  const numbers = [loss, ...readout];
  const error = worstError(numbers, [solution.loss, ...solution.readout]);
  return Math.max(share(Math.abs(solution.loss - loss), [loss]), share(error, numbers));
}

function gradientErrors(
  certified: ReadonlyMap<string, Tensor>,
  found: ReadonlyMap<string, Tensor>,
): Map<string, number> {
  const errors = [...certified].map(([name, { values }]) => {
    const error = worstError(values, found.get(name)?.values ?? []);
    return [name, share(error, values)] as const;
  });
  return new Map(errors);
}

function worstError(expected: ArrayLike<number>, found: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity;
  return Math.max(0, ...Array.from(expected, (value, k) => Math.abs(found[k]! - value)));
}

/** 0 of zeros that are right. */
function share(error: number, values: ArrayLike<number>): number {
  return error === 0 ? 0 : error / Math.max(...Array.from(values, Math.abs));
}
