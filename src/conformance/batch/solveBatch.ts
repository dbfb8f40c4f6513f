/** Trial after trial, batch after batch, by whatever solves a trial, such as goldspike's own implementations. */

import { solveCase } from "../../engine/solve.ts";
import type { Result } from "../../format/result.ts";
import { solutionResult } from "../../format/solutionResult.ts";
import type { Tensor } from "../../format/tensor.ts";
import type { Case } from "../../model/case.ts";
import type { Network } from "../../model/network.ts";
import type { Precision } from "../../model/solution.ts";
import { startTwin, type TwinOptions, type TwinTrial, twinResult, twinTensors } from "../twin/twin.ts";
import { type Batch, membersOf, trialCase } from "./batch.ts";

type Tensors = ReadonlyMap<string, Tensor>;

/** A trial after its forward pass. */
interface TrialRun {
  /** Spikes, loss and readout. */
  readonly result: Result;
  /** What the backward pass yields with the weights of `network`: those of the forward pass, unless it is stale. */
  gradients(network: Network): Tensors;
}

export interface BatchResult {
  /** Without gradients, in the order of the trials. */
  readonly trials: readonly Result[];
  /** Gradients summed over a batch's trials, without anything else. */
  readonly batches: readonly Result[];
}

/**
 * @param stale whether a batch's backward pass is made during the next one's forward pass and with its weights, as
 *   implementations do that pipeline the two; after the last batch it is made at once
 */
export async function solveBatch(
  batch: Batch,
  start: (trial: Case) => Promise<TrialRun>,
  stale = false,
): Promise<BatchResult> {
  const trials: Result[] = [];
  const batches: Result[] = [];
  let { network } = batch.problem;
  let waiting: readonly TrialRun[] = [];
  const learn = (runs: readonly TrialRun[]): void => {
    if (runs.length === 0) return;
    const sum = runs.map((run) => run.gradients(network)).reduce(sumOf);
    batches.push(gradientResult(runs[0]!.result, sum));
    network = descended(network, sum, batch.learningRate);
  };
  for (const members of membersOf(batch)) {
    const runs: TrialRun[] = [];
    for (const index of members) runs.push(await start(trialCase(batch, index, network)));
    trials.push(...runs.map(({ result }) => result));
    learn(stale ? waiting : runs);
    waiting = runs;
  }
  if (stale) learn(waiting);
  return { trials, batches };
}

function sumOf(a: Tensors, b: Tensors): Tensors {
  return new Map(
    [...a].map(([name, { shape, values }]) => {
      const other = b.get(name)!.values;
      return [name, { shape, values: values.map((value, k) => value + other[k]!) }];
    }),
  );
}

function descended(network: Network, gradients: Tensors, rate: number): Network {
  return {
    ...network,
    projections: network.projections.map((projection, p) => {
      const { values } = gradients.get(`projections[${p}].weight`)!;
      return { ...projection, weight: projection.weight.map((w, k) => w - rate * values[k]!) };
    }),
  };
}

function gradientResult({ case: name, backend, precision }: Result, tensors: Tensors): Result {
  return {
    case: name,
    backend,
    precision,
    spikes: new Map(),
    loss: undefined,
    readout: undefined,
    gradients: { tensors, unreadable: new Map() },
    unreadable: new Map(),
  };
}

/** Of goldspike's own trials, what a batch sums: not of input and spike times, which are each trial's own. */
const shared = /^(projections\[|populations\.)/;

const none: Result["gradients"] = { tensors: new Map(), unreadable: new Map() };

/** By the exact engine, whose backward pass is always that of its forward pass. */
export function engineTrial(precision: Precision): (trial: Case) => Promise<TrialRun> {
  return async (trial) => {
    const result = solutionResult(trial, await solveCase(trial, { precision }), precision);
    const tensors = new Map([...result.gradients.tensors].filter(([name]) => shared.test(name)));
    return { result: { ...result, gradients: none }, gradients: () => tensors };
  };
}

/** By a twin. */
export function twinTrial(
  options: Required<TwinOptions>,
): (trial: Case) => Promise<TrialRun & Pick<TwinTrial, "close">> {
  return async (trial) => {
    const { trial: found, backward } = await startTwin(trial, options);
    return {
      result: twinResult(trial, found, options.precision, options.dt),
      close: found.close,
      gradients: (network) => twinTensors(trial, backward(network).projections),
    };
  };
}
