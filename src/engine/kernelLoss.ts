/** How each loss is evaluated in the kernel: what it is told, what it runs, and which readout it yields. */
import { ConfigError, KernelError } from "../base/errors.ts";
import { defaultTauInput, type Loss } from "../model/loss.ts";
import { populationIndex, type Shape } from "./kernel/shape.ts";
import type { Slot } from "./kernel/slot.ts";

/** Place of the loss's population in the kernel's order; −1 without one. */
export function lossPopulation(loss: Loss, shape: Shape): number {
  if (loss.kind === "none") return -1;
  const { population: name } = loss;
  if (name !== undefined) {
    const found = populationIndex(shape, name);
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

const kernelKind = {
  integral_cross_entropy: "integral",
  max_cross_entropy: "maximum",
  average_cross_entropy: "average",
  first_spike: "firstSpike",
  spike_time_mse: "spikeTimeMse",
  none: "none",
} as const;

/** Tells the kernel about the loss of a trial, and which populations must be simulated for it. */
export function writeLoss(loss: Loss, slot: Slot): void {
  const { constant, shape, layout } = slot;
  const simulated = needsVoltage(loss) ? shape.populations.length : shape.spikingCount;
  slot.setU32("simulatedCount", simulated);
  slot.setU32("stateBytes", layout.stateBytes[simulated]!);
  slot.setU32("lossKind", constant("LossKind", kernelKind[loss.kind]));
  if (loss.kind === "none") return;
  slot.setU32("lossPopulation", lossPopulation(loss, shape));
  if ("target" in loss) slot.setU32("target", loss.target);
  if (loss.kind === "integral_cross_entropy") {
    slot.setU32("weighting", constant("Weighting", loss.weighting));
    slot.setF64("tauInput", loss.tauInput ?? defaultTauInput);
  }
  if (loss.kind === "first_spike") {
    slot.setU32("penalty", constant("Penalty", loss.penalty));
    slot.setF64("tau0", loss.tau0);
    slot.setF64("tau1", loss.tau1);
    slot.setF64("alpha", loss.alpha);
    slot.setU32("phantomSpikes", loss.phantomSpikes ? 1 : 0);
  }
  if (loss.kind === "spike_time_mse") writeTargets(loss.targets, slot);
}

function writeTargets(targets: readonly (readonly number[])[], { views, layout }: Slot): void {
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

/** What the status of a trial says, undefined for a good one; the caller words what it knows more about. */
export function statusError(
  slot: Slot,
  own: { readonly eventsFull: () => string; readonly notFinite: () => string },
): KernelError | undefined {
  const { constant } = slot;
  const sentences: Readonly<Record<string, () => string>> = {
    ...own,
    spikeCountDiffers: () => "loss.targets: a neuron did not emit as many spikes as it has target times",
    piecesFull: () =>
      "average_cross_entropy: the readout's voltages are too steep to be integrated; lower the weights to the readout",
  };
  const status = slot.u32("status");
  const name = Object.keys(sentences).find((key) => constant("Status", key) === status);
  return name === undefined ? undefined : new KernelError(sentences[name]!());
}

/** Elements of the loss's readout. */
export function readoutSize(loss: Loss, shape: Shape): number {
  if (loss.kind === "none" || loss.kind === "spike_time_mse") return 0;
  return shape.populations[lossPopulation(loss, shape)]!.population.size;
}
