/** What is known about a case, from arithmetic of fifty digits: the content of golden.json. */
import { exactCase } from "../simulate/exactCase.ts";
import { evaluateLoss } from "../simulate/loss.ts";
import type { Trial } from "../simulate/simulate.ts";
import { tensorsOf } from "../simulate/tensors.ts";
import { type CaseJson, caseFromJson } from "./caseJson.ts";
import {
  marginsTree,
  parametersTree,
  spikesTree,
  type Tree,
  timesTree,
  tracesTree,
} from "./certificateTrees.ts";
import { confirmGradients, confirmTimes, drawnEntries, smallSlope, spikeCount } from "./confirm.ts";
import { inThisThread, plain } from "./jobs.ts";
import { isLarge } from "./outcome.ts";
import { finer, finest, usual } from "./precision.ts";
import { changeBetween, worst } from "./sensitivity.ts";

/** Times at which states and adjoints are given; no event is likely to fall on them. */
const sampleShares = [0.1234, 0.3456, 0.5678, 0.7891, 0.9012];
/** Of the duration: time constants beyond it make integrals differences of nearly equal terms. */
const slowShare = 1e4;
/** Random changes of the case from which sensitivities are taken. */
const draws = (large: boolean) => (large ? 3 : 6);

export interface Certificate {
  readonly spikeCount: number;
  readonly tree: { readonly [key: string]: Tree };
}

/**
 * @param at times of traces, ms; some that no event is likely to fall on if absent
 * @throws ConfigError if two precisions, or derivatives by two ways, do not agree, or the case has no such answer
 */
export async function certify(
  json: CaseJson,
  at: readonly number[] = sampleShares.map((share) => share * json.duration),
  workers = inThisThread,
): Promise<Certificate> {
  const given = caseFromJson(json);
  const exact = exactCase(given, usual);
  const numbers = plain(exact);
  const trial = await workers.run("trial", { exact: numbers });
  // Whether the spikes are as many as the loss says, before anything is made of them.
  if (json.loss.kind === "spike_time_mse" || json.loss.kind === "linear") evaluateLoss(exact, trial);
  const times = at.map(usual.from);
  const hasLoss = json.loss.kind !== "none";
  const entries = hasLoss ? drawnEntries(exact, trial) : [];
  const precise = isTame(json, trial) ? numbers : plain(exactCase(given, finest()));
  const drawn = [...Array(draws(isLarge(exact, trial))).keys()];
  workers.expect(4 + entries.length + drawn.length);
  // Those that take longest first.
  const [found, base, moved, finely, differences] = await Promise.all([
    workers.run("adjoint", { exact: numbers, trial, times }),
    workers.run("outcome", { exact: numbers, trial }),
    Promise.all(drawn.map((draw) => workers.run("moved", { exact: numbers, draw }))),
    workers.run("trial", { exact: plain(exactCase(given, finer)) }),
    Promise.all(entries.map((entry) => workers.run("difference", { exact: precise, trial, entry }))),
  ]);
  confirmTimes(trial, finely, json.name);
  const pairs = entries.map((entry, k) => [entry, differences[k]!] as const);
  if (hasLoss) confirmGradients(exact, trial, found, new Map(pairs), json.name);
  const sensitive = worst(moved.map((outcome) => changeBetween(exact, base, outcome)));
  const tensors = tensorsOf(exact, found);
  return {
    spikeCount: spikeCount(trial),
    tree: {
      spikes: spikesTree(exact, trial, sensitive),
      margins: marginsTree(exact, base.margins, sensitive),
      ...(hasLoss && {
        loss: usual.toNumber(base.loss),
        readout: base.readout.map(usual.toNumber),
        gradients: { ...parametersTree(exact, tensors), ...timesTree(exact, tensors) },
        sensitivities: sensitive
          ? { loss: sensitive.loss, readout: sensitive.readout, gradients: sensitive.gradients }
          : null,
      }),
      traces: tracesTree(exact, found, times),
    },
  };
}

/** Whether differences in the usual arithmetic are good for as many digits as are asked of them. */
function isTame(json: CaseJson, { spikes }: Trial): boolean {
  const steep = spikes.every(({ slopes }) => slopes.every((slope) => usual.toNumber(slope) > smallSlope));
  return steep && slowest(json) <= slowShare * json.duration;
}

function slowest({ populations }: CaseJson): number {
  return Math.max(...populations.flatMap(({ tau_mem, tau_syn }) => [tau_mem, tau_syn].flat()));
}
