/** The trials of a batch by goldspike's own implementations. */

import { solveCase } from "../../engine/solve.ts";
import type { Result } from "../../format/result.ts";
import { solutionResult } from "../../format/solutionResult.ts";
import type { Case } from "../../model/case.ts";
import type { Precision } from "../../model/solution.ts";
import type { TwinOptions, TwinTrial } from "../twin/twin.ts";
import { startTwin } from "../twin/twin.ts";
import { twinResult, twinTensors } from "../twin/twinResult.ts";
import type { TrialRun } from "./solveBatch.ts";

/** Of what a batch sums: not of input and spike times, which are each trial's own. */
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
