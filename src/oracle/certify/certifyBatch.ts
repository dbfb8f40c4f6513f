/** What is known about a batch: the content of golden.json of the format `goldspike/batch_golden@1`. */
import { adjoint } from "../simulate/adjoint.ts";
import { evaluateLoss } from "../simulate/loss.ts";
import { type BatchJson, batchSensitivity, exactBatch, solveExactBatch } from "./batch.ts";
import type { CaseJson } from "./caseJson.ts";
import { marginsTree, parametersTree, spikesTree, type Tree } from "./certificateTrees.ts";
import { confirmGradients, confirmTimes, finer, usual } from "./confirm.ts";

const draws = 6;

/** @throws Error if two precisions, or derivatives by two ways, do not agree */
export function certifyBatch(json: CaseJson, batch: BatchJson): { readonly [key: string]: Tree } {
  const given = exactBatch(json, batch, usual);
  const { trials, sums } = solveExactBatch(given);
  const finely = solveExactBatch(exactBatch(json, batch, finer));
  for (const [k, { exact, trial }] of trials.entries()) {
    const name = `${json.name}, trial ${k}`;
    confirmTimes(trial, finely.trials[k]!.trial, name);
    confirmGradients(exact, trial, exact, adjoint(exact, trial), name);
  }
  const sensitive = batchSensitivity(given, { trials, sums }, draws);
  return {
    trials: trials.map(({ exact, trial }, k) => {
      const its = sensitive?.trials[k];
      const { loss, readout } = evaluateLoss(exact, trial);
      return {
        spikes: spikesTree(exact, trial, its),
        margins: marginsTree(exact, trial, its),
        loss: usual.toNumber(loss),
        readout: readout.map(usual.toNumber),
        sensitivities: its ? { loss: its.loss, readout: its.readout } : null,
      };
    }),
    batches: sums.map((sum, b) => ({
      gradients: parametersTree(given.trials[0]!, sum),
      sensitivities: sensitive ? sensitive.sums[b]! : null,
    })),
  };
}
