/** The loss of a trial on the grid, and how it pulls at voltages and spikes in the backward pass. */
import { ConfigError } from "../../base/errors.ts";
import type { Elementary } from "../../engine/kernel/elementary.ts";
import type { FirstSpike, SpikeTimeMse } from "../../model/losses.ts";
import { lossPopulation } from "../../model/losses.ts";
import { scaleOf } from "./convention.ts";
import type { Grid, TwinSpikes, Values } from "./grid.ts";

export class Readout {
  /** Index of the population that the loss looks at; −1 for none. */
  readonly population: number;
  loss = 0;
  values: Float64Array = new Float64Array();
  readonly #grid: Grid;
  /** Sums or maxima of V, per readout. */
  readonly #collected: Float64Array;
  readonly #peakSteps: Int32Array;
  /** Shares of the classes minus the target: ∂L/∂(readout), or per step. */
  #pulls: Float64Array = new Float64Array();
  readonly #pullsByStep: Float64Array[] = [];
  /** ∂L/∂t of each spike of the population. */
  #onSpikes: Float64Array = new Float64Array();

  constructor(grid: Grid) {
    this.#grid = grid;
    const { network, loss } = grid.problem;
    const population = lossPopulation(network, loss);
    this.population = population ? network.populations.indexOf(population) : -1;
    const size = population?.size ?? 0;
    this.#collected = new Float64Array(size);
    this.#peakSteps = new Int32Array(size).fill(-1);
  }

  /** Called once a step with the readouts' voltages. */
  look(v: Values | undefined, step: number): void {
    const { loss, duration } = this.#grid.problem;
    const { dt } = this.#grid;
    if (!v) return;
    switch (loss.kind) {
      case "integral_cross_entropy": {
        const weight = (dt / duration) * weightAt(this.#grid, step * dt);
        for (let k = 0; k < v.length; k++) this.#collected[k]! += weight * v[k]!;
        break;
      }
      case "max_cross_entropy":
        for (let k = 0; k < v.length; k++) {
          if (!(v[k]! > this.#collected[k]!)) continue;
          this.#collected[k] = v[k]!;
          this.#peakSteps[k] = step;
        }
        break;
      case "average_cross_entropy": {
        const shares = softmax(this.#grid.elementary, Float64Array.from(v));
        this.loss += (dt / duration) * crossEntropy(this.#grid.elementary, Float64Array.from(v), loss.target);
        shares[loss.target]! -= 1;
        this.#pullsByStep.push(shares);
        for (let k = 0; k < v.length; k++) this.#collected[k]! += (dt / duration) * v[k]!;
        break;
      }
      default:
    }
  }

  /** Called when the trial is over. */
  end(spikes: readonly TwinSpikes[]): void {
    const { loss, duration } = this.#grid.problem;
    switch (loss.kind) {
      case "integral_cross_entropy":
      case "max_cross_entropy": {
        const shares = softmax(this.#grid.elementary, this.#collected);
        this.loss = crossEntropy(this.#grid.elementary, this.#collected, loss.target);
        shares[loss.target]! -= 1;
        this.#pulls = shares;
        this.values = this.#collected;
        break;
      }
      case "average_cross_entropy":
        this.values = this.#collected;
        break;
      case "first_spike":
        this.#ofFirstSpikes(loss, spikes[this.population]!, duration);
        break;
      case "spike_time_mse":
        this.#ofSpikeTimes(loss, spikes[this.population]!);
        break;
      default:
    }
  }

  /**
   * What λ_V of a readout relaxes to while `step` is undone: −∂l/∂V, in the convention's scale. The weighting is taken at
   * the end of the step.
   */
  target(readout: number, step: number): number {
    const { loss, duration, network } = this.#grid.problem;
    const scale = this.#scale(network.populations[this.population]!.tauMem[readout]!);
    if (loss.kind === "average_cross_entropy")
      return (-scale * this.#pullsByStep[step]![readout]!) / duration;
    if (loss.kind !== "integral_cross_entropy") return 0;
    const weight = weightAt(this.#grid, (step + 1) * this.#grid.dt);
    return (-scale * weight * this.#pulls[readout]!) / duration;
  }

  /** The jump of a readout's λ_V before `step` is undone. */
  jump(readout: number, step: number): number {
    const { loss, network } = this.#grid.problem;
    if (loss.kind !== "max_cross_entropy" || this.#peakSteps[readout] !== step) return 0;
    const tauMem = network.populations[this.population]!.tauMem[readout]!;
    return (-this.#scale(tauMem) * this.#pulls[readout]!) / tauMem;
  }

  /** ∂L/∂t of spike `index` of a population. */
  onSpike(population: number, index: number): number {
    return population === this.population && this.#onSpikes.length > 0 ? this.#onSpikes[index]! : 0;
  }

  /** The convention's gradient over that of the declared loss, for a readout of this time constant. */
  #scale(tauMem: number): number {
    const { convention, dt, problem, elementary } = this.#grid;
    const share = 1 - elementary.exp(-dt / tauMem);
    return scaleOf(convention.scale, problem.loss.kind, { tauMem, duration: problem.duration, share });
  }

  /** −log softmax(−t/τ0)_y plus the penalty of t_y, t the neurons' first spikes, T + 1 where there is none. */
  #ofFirstSpikes(
    { tau0, tau1 = tau0, alpha, penalty = "exponential", target }: FirstSpike,
    { steps, neurons }: TwinSpikes,
    duration: number,
  ): void {
    const { problem, dt, elementary } = this.#grid;
    const { exp } = elementary;
    const size = problem.network.populations[this.population]!.size;
    const first = Array.from({ length: size }, (_, neuron) => neurons.indexOf(neuron));
    const times = Float64Array.from(first, (k) => (k < 0 ? duration + 1 : steps[k]! * dt));
    const logits = times.map((time) => -time / tau0);
    const shares = softmax(elementary, logits);
    const own = times[target]!;
    // 1.01 T − t, which cancels where the label is silent and T is near 100 ms.
    const left = first[target]! < 0 ? 0.01 * (duration - 100) : duration - own + 0.01 * duration;
    const late = penalty === "exponential" ? alpha * (exp(own / tau1) - 1) : alpha / left;
    const slope = penalty === "exponential" ? (alpha / tau1) * exp(own / tau1) : alpha / (left * left);
    this.loss = late + crossEntropy(elementary, logits, target);
    this.values = times;
    this.#onSpikes = new Float64Array(steps.length);
    for (const [neuron, k] of first.entries()) {
      if (k < 0) continue;
      this.#onSpikes[k] =
        ((neuron === target ? 1 : 0) - shares[neuron]!) / tau0 + (neuron === target ? slope : 0);
    }
  }

  #ofSpikeTimes({ targets }: SpikeTimeMse, { steps, neurons }: TwinSpikes): void {
    const counts = targets.map(() => 0);
    this.#onSpikes = Float64Array.from(neurons, (neuron, k) => {
      const wanted = targets[neuron]![counts[neuron]!++];
      if (wanted === undefined) throw new ConfigError(`neuron ${neuron} has more spikes than targets`);
      return steps[k]! * this.#grid.dt - wanted;
    });
    const few = counts.findIndex((count, neuron) => count < targets[neuron]!.length);
    if (few >= 0) throw new ConfigError(`neuron ${few} has fewer spikes than targets`);
    this.loss = this.#onSpikes.reduce((sum, miss) => sum + 0.5 * miss * miss, 0);
  }
}

/** ω at a time in ms. */
function weightAt({ problem, elementary: { exp } }: Grid, time: number): number {
  const { loss, duration } = problem;
  if (loss.kind !== "integral_cross_entropy") return 1;
  const share = time / duration;
  switch (loss.weighting) {
    case "uniform":
      return 1;
    case "exponential":
      return exp(-share);
    case "linear":
      return 1 - share;
    case "sigmoid":
      return 1 / (1 + exp((share - 0.5) / 0.2));
    case "input":
      throw new ConfigError("loss.weighting: a twin does not know the weighting input");
  }
}

/** −log softmax(x)_y, finite also where the share is too small for a number. */
function crossEntropy({ exp, log }: Elementary, x: Float64Array, target: number): number {
  const most = x.reduce((a, b) => Math.max(a, b));
  return most - x[target]! + log(x.reduce((sum, value) => sum + exp(value - most), 0));
}

function softmax({ exp }: Elementary, x: Float64Array): Float64Array {
  const most = x.reduce((a, b) => Math.max(a, b));
  const powers = x.map((value) => exp(value - most));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}
