/** The one switch over losses: what each does in each stage of a trial. */
import { LossKind, Status } from "../kinds";
import { Trial } from "../trial/trial";
import { averageCrossEntropy, pullAverage } from "./average_cross_entropy";
import { firstSpike } from "./first_spike";
import { integralAdjoint, integralCrossEntropy } from "./integral_cross_entropy";
import { linear } from "./linear";
import { maxCrossEntropy, pullMaximum } from "./max_cross_entropy";
import { spikeTimeMse } from "./spike_time_mse";

export enum Stage {
  /** After the forward pass: value, readout, and the explicit ∂l/∂t of spikes, if it has any already. */
  value = 0,
  /** Before the adjoint pass: what it adds without a pass. */
  end = 1,
  /** In the adjoint pass, after flow* of interval k, x ms long: what it sees of voltages there. */
  interval = 2,
}

/** An unknown kind traps. */
export function runLoss(stage: Stage, trial: Trial, k: u32, x: f64): Status {
  switch (trial.loss.kind) {
    case LossKind.none:
      return Status.ok;
    case LossKind.integral:
      if (stage == Stage.value) return integralCrossEntropy(trial);
      if (stage == Stage.end) integralAdjoint(trial);
      return Status.ok;
    case LossKind.maximum:
      if (stage == Stage.value) return maxCrossEntropy(trial);
      if (stage == Stage.interval) pullMaximum(trial, k);
      return Status.ok;
    case LossKind.average:
      if (stage == Stage.value) return averageCrossEntropy(trial);
      if (stage == Stage.interval) pullAverage(trial, k, x);
      return Status.ok;
    case LossKind.firstSpike:
      return stage == Stage.value ? firstSpike(trial) : Status.ok;
    case LossKind.spikeTimeMse:
      return stage == Stage.value ? spikeTimeMse(trial) : Status.ok;
    case LossKind.linear:
      return stage == Stage.value ? linear(trial) : Status.ok;
    default:
      return unreachable();
  }
}
