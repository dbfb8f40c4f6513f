/**
 * Regularisers of the hidden activity [NTK25]: at every spike of a hidden neuron j of a trial, after its jump,
 *
 *   λ_V,j −= κ (n_j − ν)                   n_j its spikes in the trial, or their mean over the batch; κ above or below ν
 *   λ_V,j −= κ_global (N − limit)/neurons   if the trial has N > limit hidden spikes
 *
 * in units of the gradient that the optimiser sees, of which the mean over the batch is taken later. Here, as jumps of
 * ∂L/∂V = −tau_mem λ_V of the exact gradient, which `scale` will multiply.
 */
import type { Batch } from "../engine/batch/batch.ts";
import type { RegularizationConfig } from "./config/optimizer.ts";

/**
 * Tells the trials in the first `trials` slots their jumps, after `evaluate` and before `differentiate`.
 *
 * @param layers the hidden populations' places in the kernel's order
 */
export function regularize(
  { spike_count, global }: RegularizationConfig,
  engine: Batch,
  layers: readonly number[],
  trials: number,
  scale: number,
): void {
  if (spike_count === undefined && global === undefined) return;
  const neurons = layers.reduce((sum, p) => sum + engine.shape.populations[p]!.population.size, 0);
  const means = layers.map((p) => meanCounts(engine, p, trials));
  for (let slot = 0; slot < trials; slot++) {
    const all = global && globalJump(global, spikesOf(engine, layers, slot), neurons);
    layers.forEach((p, layer) => {
      const { tauMem } = engine.shape.populations[p]!.population;
      const counts = spike_count?.counts === "trial" ? engine.counts(slot, p) : means[layer]!;
      const jumps = engine.trials[slot]!.regularization(p);
      for (let j = 0; j < jumps.length; j++) {
        const own = spike_count ? countJump(spike_count, counts[j]!) : 0;
        jumps[j] = (tauMem[j]! * (own + (all ?? 0))) / scale;
      }
    });
  }
}

/** λ_V that each spike of a neuron loses. */
function countJump(
  { target, upper, lower }: NonNullable<RegularizationConfig["spike_count"]>,
  n: number,
): number {
  return (n > target ? upper : lower) * (n - target);
}

function globalJump(
  { limit, strength }: NonNullable<RegularizationConfig["global"]>,
  spikes: number,
  neurons: number,
): number {
  return spikes > limit ? (strength * (spikes - limit)) / neurons : 0;
}

function spikesOf(engine: Batch, layers: readonly number[], slot: number): number {
  return layers.reduce((sum, p) => sum + engine.counts(slot, p).reduce((all, count) => all + count, 0), 0);
}

function meanCounts(engine: Batch, p: number, trials: number): Float64Array {
  const means = new Float64Array(engine.shape.populations[p]!.population.size);
  for (let slot = 0; slot < trials; slot++) {
    const counts = engine.counts(slot, p);
    for (let j = 0; j < means.length; j++) means[j]! += counts[j]!;
  }
  return means.map((sum) => sum / trials);
}
