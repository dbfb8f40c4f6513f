/** One trial from its input to its loss, and from there to its gradients. */
import { adjoint } from "./adjoint";
import { forward } from "./forward";
import { EventKind, LossKind, Status } from "./kinds";
import { averageCrossEntropy } from "./losses/average_cross_entropy";
import { firstSpike } from "./losses/first_spike";
import { integralAdjoint, integralCrossEntropy } from "./losses/integral_cross_entropy";
import { maxCrossEntropy } from "./losses/max_cross_entropy";
import { spikeTimeMse } from "./losses/spike_time_mse";
import { Plan, eventAt, populationAt } from "./plan";

function runLoss(plan: Plan): Status {
  switch (plan.lossKind) {
    case LossKind.integral: return integralCrossEntropy(plan);
    case LossKind.maximum: return maxCrossEntropy(plan);
    case LossKind.average: return averageCrossEntropy(plan);
    case LossKind.firstSpike: return firstSpike(plan);
    case LossKind.spikeTimeMse: return spikeTimeMse(plan);
    default: return Status.ok;
  }
}

function countSpikes(plan: Plan): void {
  for (let p: u32 = 0; p < plan.spikingCount; p++) {
    const population = populationAt(plan, p);
    memory.fill(population.counts, 0, <usize>population.stride << 2);
  }
  for (let e: u32 = 0; e < plan.eventCount; e++) {
    const event = eventAt(plan, e);
    if (event.kind != EventKind.spike) continue;
    const count = populationAt(plan, event.group - 1).counts + (<usize>event.source << 2);
    store<u32>(count, load<u32>(count) + 1);
  }
}

/** Forward pass and loss; the status is kept in the plan as well. */
export function evaluate(plan: Plan): Status {
  plan.phantomSlope = 0;
  plan.status = forward(plan);
  if (plan.status == Status.ok) {
    countSpikes(plan);
    plan.status = runLoss(plan);
  }
  return plan.status;
}

/** Adds the gradients of a trial that `evaluate` has run. */
export function differentiate(plan: Plan): void {
  if (plan.lossKind == LossKind.integral) integralAdjoint(plan);
  adjoint(plan);
}
