/** One trial from its input to its loss, and from there to its gradients. */
import { EventKind, Phase, Status } from "../kinds";
import { runLoss, Stage } from "../losses/loss";
import { setU32, u32Of } from "../memory";
import { enter } from "../profile";
import { Network, populationAt } from "../trial/network";
import { eventAt, Record } from "../trial/record";
import { Trial } from "../trial/trial";
import { adjoint } from "./adjoint";
import { forward } from "./forward";

function countSpikes(network: Network, record: Record): void {
  for (let p: u32 = 0; p < network.spikingCount; p++) {
    const population = populationAt(network, p);
    memory.fill(population.counts, 0, (<usize>population.stride) << 2);
  }
  for (let e: u32 = 0; e < record.eventCount; e++) {
    const event = eventAt(record, e);
    if (event.kind != EventKind.spike) continue;
    const counts = populationAt(network, event.group - 1).counts;
    setU32(counts, event.source, u32Of(counts, event.source) + 1);
  }
}

/** Loss of the trial that lies recorded; the status is kept in the trial as well. */
export function evaluateLoss(trial: Trial): Status {
  const outer = enter(Phase.loss);
  trial.status = runLoss(Stage.value, trial, 0, 0);
  enter(outer);
  return trial.status;
}

/** Forward pass and loss; the status is kept in the trial as well. */
export function evaluate(trial: Trial): Status {
  trial.loss.phantomSlope = 0;
  trial.status = forward(trial);
  if (trial.status != Status.ok) return trial.status;
  countSpikes(trial.network, trial.record);
  return evaluateLoss(trial);
}

/** Adds the gradients of a trial that `evaluate` has run. */
export function differentiate(trial: Trial): void {
  const outer = enter(Phase.loss);
  runLoss(Stage.end, trial, 0, 0);
  enter(outer);
  adjoint(trial);
}
