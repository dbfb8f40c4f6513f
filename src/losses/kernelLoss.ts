/** How each loss is evaluated in the kernel: what it is told, what it runs, and which readout it yields. */
import { ConfigError, KernelError } from "../errors.ts";
import type { Instance } from "../kernel/instance.ts";
import type { Shape } from "../kernel/shape.ts";
import type { Loss } from "./loss.ts";

/** Place of the loss's population in the kernel's order; −1 without one. */
export function lossPopulation(loss: Loss, shape: Shape): number {
  if (loss.kind === "none") return -1;
  const { population: name } = loss;
  if (name !== undefined) {
    const found = shape.populations.findIndex(({ population }) => population.name === name);
    if (found < 0) throw new ConfigError(`loss.population: expected the name of a population, got "${name}"`);
    return found;
  }
  if (shape.populations.length !== shape.spikingCount + 1)
    throw new ConfigError(
      "loss.population: expected a name, since the network has not exactly one li population",
    );
  return shape.spikingCount;
}

/** Whether the loss needs the course of the readout's voltage simulated, not spikes alone. */
export function needsVoltage(loss: Loss): boolean {
  return loss.kind === "max_cross_entropy" || loss.kind === "average_cross_entropy";
}

/** Tells the kernel about the loss. */
export function writeLoss(loss: Loss, instance: Instance): void {
  const { constant, shape } = instance;
  const course = { max_cross_entropy: "maximum", average_cross_entropy: "average" } as const;
  const kind = loss.kind in course ? course[loss.kind as keyof typeof course] : "other";
  instance.setU32("lossKind", constant("LossKind", kind));
  if (loss.kind === "none") return;
  instance.setU32("lossPopulation", lossPopulation(loss, shape));
  if ("target" in loss) instance.setU32("target", loss.target);
  if (loss.kind === "integral_cross_entropy")
    instance.setU32("weighting", constant("Weighting", loss.weighting));
  if (loss.kind === "first_spike") {
    instance.setU32("penalty", constant("Penalty", loss.penalty));
    instance.setF64("tau0", loss.tau0);
    instance.setF64("tau1", loss.tau1);
    instance.setF64("alpha", loss.alpha);
  }
  if (loss.kind === "spike_time_mse") writeTargets(loss.targets, instance);
}

function writeTargets(targets: readonly (readonly number[])[], { views, layout }: Instance): void {
  const flat = targets.flat();
  if (flat.length > layout.eventCapacity)
    throw new ConfigError(`loss.targets: expected at most ${layout.eventCapacity} times, got ${flat.length}`);
  views.f64(layout.fields.targets!, flat.length).set(flat);
  const offsets = views.u32(layout.fields.targetOffsets!, targets.length + 1);
  offsets[0] = 0;
  targets.forEach((times, j) => {
    offsets[j + 1] = offsets[j]! + times.length;
  });
}

const kernelFunction = {
  integral_cross_entropy: "integralCrossEntropy",
  max_cross_entropy: "maxCrossEntropy",
  average_cross_entropy: "averageCrossEntropy",
  first_spike: "firstSpike",
  spike_time_mse: "spikeTimeMse",
} as const;

/**
 * Loss and readout of the recorded trial, and what the loss itself says about moving each spike.
 *
 * @throws KernelError where it is not defined for the spikes or voltages of the trial
 */
export function runLoss(loss: Loss, { functions, constant, layout: { plan } }: Instance): void {
  if (loss.kind === "none") return;
  const status = functions[kernelFunction[loss.kind]](plan);
  if (status === constant("Status", "spikeCountDiffers"))
    throw new KernelError("loss.targets: a neuron did not emit as many spikes as it has target times");
  if (status === constant("Status", "piecesFull"))
    throw new KernelError(
      "average_cross_entropy: the readout's voltages are too steep to be integrated; lower the weights to the readout",
    );
}

/** Elements of the loss's readout. */
export function readoutSize(loss: Loss, shape: Shape): number {
  if (loss.kind === "none" || loss.kind === "spike_time_mse") return 0;
  return shape.populations[lossPopulation(loss, shape)]!.population.size;
}
