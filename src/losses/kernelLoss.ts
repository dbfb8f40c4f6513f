/** How each loss is evaluated in the kernel: what it is told, what it runs, and which readout it yields. */
import { ConfigError, KernelError } from "../errors.ts";
import type { Constants, Kernel } from "../kernel/kernel.ts";
import type { Layout } from "../kernel/layout.ts";
import type { Shape } from "../kernel/shape.ts";
import type { Views } from "../kernel/writer.ts";
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
export function writeLoss(loss: Loss, views: Views, constant: Constants, shape: Shape, layout: Layout): void {
  const u32 = (field: string, value: number) =>
    views.data.setUint32(layout.plan + constant("PlanAt", field), value, true);
  const f64 = (field: string, value: number) =>
    views.data.setFloat64(layout.plan + constant("PlanAt", field), value, true);
  const course = { max_cross_entropy: "maximum", average_cross_entropy: "average" } as const;
  u32(
    "lossKind",
    constant("LossKind", needsVoltage(loss) ? course[loss.kind as keyof typeof course] : "other"),
  );
  if (loss.kind === "none") return;
  u32("lossPopulation", lossPopulation(loss, shape));
  if ("target" in loss) u32("target", loss.target);
  if (loss.kind === "integral_cross_entropy") u32("weighting", constant("Weighting", loss.weighting));
  if (loss.kind === "first_spike") {
    u32("penalty", constant("Penalty", loss.penalty));
    f64("tau0", loss.tau0);
    f64("tau1", loss.tau1);
    f64("alpha", loss.alpha);
  }
  if (loss.kind === "spike_time_mse") writeTargets(loss.targets, views, layout);
}

function writeTargets(targets: readonly (readonly number[])[], views: Views, layout: Layout): void {
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

/** Loss and readout of the recorded trial, and what the loss itself says about moving each spike. */
export function runLoss(loss: Loss, { functions, constant }: Kernel, plan: number): void {
  switch (loss.kind) {
    case "integral_cross_entropy":
      functions.integralCrossEntropy(plan);
      return;
    case "max_cross_entropy":
      functions.maxCrossEntropy(plan);
      return;
    case "average_cross_entropy":
      functions.averageCrossEntropy(plan);
      return;
    case "first_spike":
      functions.firstSpike(plan);
      return;
    case "spike_time_mse":
      if (functions.spikeTimeMse(plan) !== constant("Status", "ok"))
        throw new KernelError(
          `loss.targets: a neuron of ${loss.population} did not emit as many spikes as it has target times`,
        );
      return;
    case "none":
  }
}

/** Elements of the loss's readout. */
export function readoutSize(loss: Loss, shape: Shape): number {
  if (loss.kind === "none" || loss.kind === "spike_time_mse") return 0;
  return shape.populations[lossPopulation(loss, shape)]!.population.size;
}
