/** What is known about a case, from arithmetic of fifty digits: the content of golden.json. */
import { adjoint } from "../simulate/adjoint.ts";
import { exactCase } from "../simulate/exactCase.ts";
import { evaluateLoss } from "../simulate/loss.ts";
import { simulate } from "../simulate/simulate.ts";
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
import { confirmGradients, confirmTimes, finer, finest, smallSlope, spikeCount, usual } from "./confirm.ts";
import { sensitivity } from "./sensitivity.ts";

/** Times at which states and adjoints are given; no event is likely to fall on them. */
const sampleShares = [0.1234, 0.3456, 0.5678, 0.7891, 0.9012];
/** Of the duration: time constants beyond it make integrals differences of nearly equal terms. */
const slowShare = 1e4;
/** Random changes of the case from which sensitivities are taken. */
const draws = (events: number) => (events < 5000 ? 6 : 3);

export interface Certificate {
  readonly spikeCount: number;
  readonly tree: { readonly [key: string]: Tree };
}

/**
 * @param at times of traces, ms; some that no event is likely to fall on if absent
 * @throws Error if two precisions, or derivatives by two ways, do not agree
 */
export function certify(
  json: CaseJson,
  at = sampleShares.map((share) => share * json.duration),
): Certificate {
  const given = caseFromJson(json);
  const exact = exactCase(given, usual);
  const trial = simulate(exact);
  confirmTimes(trial, simulate(exactCase(given, finer)), json.name);
  const { loss, readout } = evaluateLoss(exact, trial);
  const times = at.map(usual.from);
  const found = adjoint(exact, trial, times);
  const tensors = tensorsOf(exact, found);
  const hasLoss = json.loss.kind !== "none";
  if (hasLoss) {
    const steep = trial.spikes.every(({ slopes }) =>
      slopes.every((slope) => usual.toNumber(slope) > smallSlope),
    );
    const isTame = steep && slowest(json) <= slowShare * json.duration;
    const precise = isTame ? exact : exactCase(given, finest);
    confirmGradients(precise, isTame ? trial : simulate(precise), exact, found, json.name);
  }
  const events = exact.inputTimes.length + spikeCount(trial);
  const sensitive = sensitivity(exact, trial, draws(events));
  return {
    spikeCount: spikeCount(trial),
    tree: {
      spikes: spikesTree(exact, trial, sensitive),
      margins: marginsTree(exact, trial, sensitive),
      ...(hasLoss && {
        loss: usual.toNumber(loss),
        readout: readout.map(usual.toNumber),
        gradients: { ...parametersTree(exact, tensors), ...timesTree(exact, tensors) },
        sensitivities: sensitive
          ? { loss: sensitive.loss, readout: sensitive.readout, gradients: sensitive.gradients }
          : null,
      }),
      traces: tracesTree(exact, found, times),
    },
  };
}

function slowest({ populations }: CaseJson): number {
  return Math.max(...populations.flatMap(({ tau_mem, tau_syn }) => [tau_mem, tau_syn].flat()));
}
