/** Trials of one network with a step of gradient descent after each batch, in fixed point throughout. */

import { type ExactCase, exactCase } from "../simulate/exactCase.ts";
import type { Arithmetic } from "../simulate/fixed.ts";
import type { Tensors } from "../simulate/tensors.ts";
import { type CaseJson, caseFromJson } from "./caseJson.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";

export interface BatchJson {
  readonly trials: readonly {
    readonly input: { readonly times: number[]; readonly sources: number[] };
    readonly target: number;
  }[];
  readonly batch_size: number;
  readonly learning_rate: number;
}

/** Trials with the weights that all of them start from. */
export interface ExactBatch {
  readonly trials: readonly ExactCase[];
  readonly size: number;
  readonly rate: bigint;
}

export interface SolvedBatch {
  readonly trials: readonly Outcome[];
  /** What each trial was solved with. */
  readonly projections: readonly ExactCase["projections"][];
  /** Of each batch, gradients of what its trials share. */
  readonly sums: readonly Tensors[];
}

export function exactBatch(json: CaseJson, { trials, ...rest }: BatchJson, math: Arithmetic): ExactBatch {
  return {
    trials: trials.map(({ input, target }) => {
      const loss = { ...json.loss, target } as CaseJson["loss"];
      return exactCase(caseFromJson({ ...json, input: { ...json.input, ...input }, loss }), math);
    }),
    size: rest.batch_size,
    rate: math.from(rest.learning_rate),
  };
}

export function solveExactBatch({ trials, size, rate }: ExactBatch): SolvedBatch {
  let { projections } = trials[0]!;
  const { math: m } = trials[0]!;
  const found: { trials: Outcome[]; projections: ExactCase["projections"][]; sums: Tensors[] } = {
    trials: [],
    projections: [],
    sums: [],
  };
  for (let first = 0; first < trials.length; first += size) {
    const those = trials.slice(first, first + size).map((trial) => outcomeOf({ ...trial, projections }));
    for (const outcome of those) {
      found.trials.push(outcome);
      found.projections.push(projections);
    }
    const sum = those.map(({ gradients }) => sharedOf(gradients)).reduce(added);
    projections = projections.map((projection, p) => ({
      ...projection,
      weight: projection.weight.map((w, k) => w - m.mul(rate, sum[`projections[${p}].weight`]![k]!)),
    }));
    found.sums.push(sum);
  }
  return found;
}

function sharedOf(tensors: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).filter(([name]) => /^(projections|populations)/.test(name)),
  );
}

function added(a: Tensors, b: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(a).map(([name, values]) => [name, values.map((value, k) => value + b[name]![k]!)]),
  );
}
