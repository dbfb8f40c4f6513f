/** Losses of the times of one population's spikes, on the grid: a spike's time is the start of its step. */
import { ConfigError } from "../../../base/errors.ts";
import type { FirstSpike, SpikeTimeMse } from "../../../model/losses.ts";
import type { TwinSpikes } from "../grid.ts";
import { crossEntropy, misses, TwinLoss } from "./twinLoss.ts";

abstract class OfSpikes<L extends FirstSpike | SpikeTimeMse> extends TwinLoss<L> {
  /** ∂L/∂t of each spike of the population. */
  protected onSpikes: Float64Array = new Float64Array();

  override onSpike(population: number, index: number): number {
    return population === this.population ? this.onSpikes[index]! : 0;
  }
}

/** −log softmax(−t/τ0)_y plus the penalty of t_y, t the neurons' first spikes, T + 1 where there is none. */
export class OfFirstSpikes extends OfSpikes<FirstSpike> {
  #silentLabel = false;

  override end(spikes: readonly TwinSpikes[]): void {
    const { steps, neurons } = spikes[this.population]!;
    const { tau0, tau1 = tau0, alpha, penalty = "exponential", target } = this.loss;
    const { problem, dt, elementary } = this.grid;
    const { duration } = problem;
    const { exp } = elementary;
    const first = Array.from({ length: this.size }, (_, neuron) => neurons.indexOf(neuron));
    const times = Float64Array.from(first, (k) => (k < 0 ? duration + 1 : steps[k]! * dt));
    const logits = times.map((time) => -time / tau0);
    const spiked = first.some((k) => k >= 0);
    const cold = this.grid.convention.softmaxTemperature === "one" && spiked;
    const pulls = misses(
      elementary,
      cold ? times.map((time, neuron) => (first[neuron]! < 0 ? Number.NEGATIVE_INFINITY : -time)) : logits,
      target,
    );
    this.#silentLabel = first[target]! < 0;
    const own = times[target]!;
    // 1.01 T − t, which cancels where the label is silent and T is near 100 ms.
    const left = first[target]! < 0 ? 0.01 * (duration - 100) : duration - own + 0.01 * duration;
    const late = penalty === "exponential" ? alpha * (exp(own / tau1) - 1) : alpha / left;
    const slope = penalty === "exponential" ? (alpha / tau1) * exp(own / tau1) : alpha / (left * left);
    this.value = late + crossEntropy(elementary, logits, target);
    this.readout = times;
    this.onSpikes = new Float64Array(steps.length);
    for (const [neuron, k] of first.entries()) {
      if (k < 0) continue;
      this.onSpikes[k] = -pulls[neuron]! / tau0 + (neuron === target ? slope : 0);
    }
  }

  override pushAtEnd(neuron: number): number {
    const { alpha, target } = this.loss;
    const { convention, problem } = this.grid;
    const pushed = convention.silentLabel === "pushed" && this.#silentLabel && neuron === target;
    return pushed ? alpha / (0.01 * problem.duration) ** 2 : 0;
  }
}

export class OfSpikeTimes extends OfSpikes<SpikeTimeMse> {
  override end(spikes: readonly TwinSpikes[]): void {
    const { steps, neurons } = spikes[this.population]!;
    const { targets } = this.loss;
    const counts = targets.map(() => 0);
    this.onSpikes = Float64Array.from(neurons, (neuron, k) => {
      const wanted = targets[neuron]![counts[neuron]!++];
      if (wanted === undefined) throw new ConfigError(`neuron ${neuron} has more spikes than targets`);
      return steps[k]! * this.grid.dt - wanted;
    });
    const few = counts.findIndex((count, neuron) => count < targets[neuron]!.length);
    if (few >= 0) throw new ConfigError(`neuron ${few} has fewer spikes than targets`);
    this.value = this.onSpikes.reduce((sum, miss) => sum + 0.5 * miss * miss, 0);
  }
}
