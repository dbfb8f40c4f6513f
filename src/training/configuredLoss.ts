/** A run's loss as the engine understands it; targets come with the trials. */

import type { Loss } from "../model/losses.ts";
import type { LossConfig } from "./config/loss.ts";
import { outputName } from "./config/projections.ts";

export function configuredLoss(loss: LossConfig): Loss {
  const common = { population: outputName, target: 0 };
  switch (loss.kind) {
    case "integral_cross_entropy":
      return { kind: loss.kind, weighting: loss.weighting, tauInput: loss.tau_input, ...common };
    case "first_spike": {
      const { kind, tau0, tau1, alpha, penalty, phantom_spikes: phantomSpikes } = loss;
      return { kind, tau0, tau1, alpha, penalty, phantomSpikes, ...common };
    }
    default:
      return { kind: loss.kind, ...common };
  }
}
