/** What is known about a batch: the content of golden.json of the format `goldspike/batch_golden@1`. */
import { type BatchJson, exactBatch } from "./batch.ts";
import { changeBetweenBatches, worstOfBatch } from "./batchSensitivity.ts";
import type { CaseJson } from "./caseJson.ts";
import { marginsTree, parametersTree, spikesTree, type Tree } from "./certificateTrees.ts";
import { confirmGradients, confirmTimes, drawnEntries } from "./confirm.ts";
import { inThisThread, plain, plainBatch } from "./jobs.ts";
import { finer, usual } from "./precision.ts";

const draws = [0, 1, 2, 3, 4, 5];

/** @throws ConfigError if two precisions, or derivatives by two ways, do not agree, or a trial has no such answer */
export async function certifyBatch(
  json: CaseJson,
  batch: BatchJson,
  workers = inThisThread,
): Promise<{ readonly [key: string]: Tree }> {
  const given = exactBatch(json, batch, usual);
  const numbers = plainBatch(given);
  const base = await workers.run("batch", { batch: numbers });
  const trials = base.trials.map((outcome, k) => {
    const exact = { ...given.trials[k]!, projections: base.projections[k]! };
    return { ...outcome, exact, entries: drawnEntries(exact, outcome.trial) };
  });
  workers.expect(2 + draws.length + trials.reduce((sum, { entries }) => sum + 1 + entries.length, 0));
  const finelySolved = workers.run("batch", { batch: plainBatch(exactBatch(json, batch, finer)) });
  const confirmed = trials.map(async ({ exact, trial, entries }, k) => {
    const its = plain(exact);
    const [found, ...differences] = await Promise.all([
      workers.run("adjoint", { exact: its, trial, times: [] }),
      ...entries.map((entry) => workers.run("difference", { exact: its, trial, entry })),
    ]);
    const pairs = entries.map((entry, n) => [entry, differences[n]!] as const);
    confirmGradients(exact, trial, found, new Map(pairs), `${json.name}, trial ${k}`);
  });
  const moved = draws.map((draw) => workers.run("movedBatch", { batch: numbers, draw }));
  const [finely, others] = await Promise.all([finelySolved, Promise.all(moved), ...confirmed]);
  const exact = given.trials[0]!;
  const worst = worstOfBatch(others.map((other) => changeBetweenBatches(exact, base, other)));
  for (const [k, { trial }] of trials.entries())
    confirmTimes(trial, finely.trials[k]!.trial, `${json.name}, trial ${k}`);
  return {
    trials: trials.map(({ exact, trial, margins, loss, readout }, k) => {
      const its = worst?.trials[k];
      return {
        spikes: spikesTree(exact, trial, its),
        margins: marginsTree(exact, margins, its),
        loss: usual.toNumber(loss),
        readout: readout.map(usual.toNumber),
        sensitivities: its ? { loss: its.loss, readout: its.readout } : null,
      };
    }),
    batches: base.sums.map((sum, b) => ({
      gradients: parametersTree(exact, sum),
      sensitivities: worst ? worst.sums[b]! : null,
    })),
  };
}
