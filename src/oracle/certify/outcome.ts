/** Everything about a solved case whose changes are looked at. */
import { adjoint } from "../simulate/adjoint.ts";
import type { ExactCase } from "../simulate/exactCase.ts";
import { type ExactLoss, evaluateLoss } from "../simulate/loss.ts";
import { type Margins, margins } from "../simulate/margins.ts";
import { simulate, type Trial } from "../simulate/simulate.ts";
import { type Tensors, tensorsOf } from "../simulate/tensors.ts";

export interface Outcome extends ExactLoss {
  readonly trial: Trial;
  readonly gradients: Tensors;
  readonly margins: Margins;
}

/** Trials of many events, where less is confirmed, and what only shows how much rounding may do is taken the quick way. */
export function isLarge({ inputTimes }: ExactCase, { spikes }: Trial): boolean {
  return inputTimes.length + spikes.reduce((sum, { times }) => sum + times.length, 0) >= 5000;
}

export function outcomeOf(exact: ExactCase, trial = simulate(exact)): Outcome {
  return {
    trial,
    ...evaluateLoss(exact, trial),
    gradients: tensorsOf(exact, adjoint(exact, trial, [], isLarge(exact, trial))),
    margins: margins(exact, trial),
  };
}
