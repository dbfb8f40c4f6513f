/** What a loss is on the grid: what it makes of a trial, and how it pulls in the backward pass. This one is none. */
import type { Elementary } from "../../../engine/kernel/elementary.ts";
import type { Loss } from "../../../model/losses.ts";
import { lossPopulation } from "../../../model/losses.ts";
import { scaleOf } from "../convention.ts";
import type { Grid, TwinSpikes, Values } from "../grid.ts";

/** V of the population of an index. */
export type Voltages = (population: number) => Values;

export class TwinLoss<L extends Loss = Loss> {
  value = 0;
  readout: Float64Array = new Float64Array();
  /** Index of the one population that the loss looks at; −1 for none. */
  readonly population: number;
  protected readonly grid: Grid;
  protected readonly loss: L;

  constructor(grid: Grid, loss: L) {
    this.grid = grid;
    this.loss = loss;
    const { network } = grid.problem;
    const population = lossPopulation(network, loss);
    this.population = population ? network.populations.indexOf(population) : -1;
  }

  /** Whether it sees the voltages of its population before they are updated in a step, or after. */
  get looksBefore(): boolean {
    return this.grid.convention.readoutLooks === "before";
  }

  /** Called once a step with the voltages of its population. */
  look(_v: Values, _step: number): void {}

  /** Called before the first step, between all steps and after the last one. */
  between(_stepsOver: number, _voltages: Voltages): void {}

  /** Called when the trial is over, with the spikes of every population. */
  end(_spikes: readonly TwinSpikes[]): void {}

  /** What λ_V of its population relaxes to while a step is undone: −∂l/∂V, in the convention's scale. */
  target(_neuron: number, _step: number): number {
    return 0;
  }

  /** The jump of λ_V of its population before a step is undone. */
  jump(_neuron: number, _step: number): number {
    return 0;
  }

  /** What is added to λ_V of its population once the last step is undone. */
  pushAtEnd(_neuron: number): number {
    return 0;
  }

  /** As `between`, backwards: adds to λ_V. */
  pull(_stepsOver: number, _lambdas: Voltages): void {}

  /** ∂L/∂t of a spike, by its place among those of its population. */
  onSpike(_population: number, _index: number): number {
    return 0;
  }

  /** The convention's gradient over that of the declared loss, for a neuron of the population. */
  protected scale(neuron: number): number {
    const { convention, problem } = this.grid;
    const [tauMem, share] = [this.tauMem(neuron), this.share(neuron)];
    return scaleOf(convention.scale, this.loss.kind, { tauMem, duration: problem.duration, share });
  }

  /** 1 − e^(−dt/τm): how far a voltage relaxes in a step. */
  protected share(neuron: number): number {
    const { dt, elementary } = this.grid;
    return 1 - elementary.exp(-dt / this.tauMem(neuron));
  }

  protected tauMem(neuron: number): number {
    return this.grid.problem.network.populations[this.population]!.tauMem[neuron]!;
  }

  protected get size(): number {
    return this.grid.problem.network.populations[this.population]!.size;
  }
}

/** −log softmax(x)_y, finite also where the share is too small for a number. */
export function crossEntropy({ exp, log }: Elementary, x: Float64Array, target: number): number {
  const most = x.reduce((a, b) => Math.max(a, b));
  return most - x[target]! + log(x.reduce((sum, value) => sum + exp(value - most), 0));
}

/** softmax(x), less 1 for the target: the derivative of the cross-entropy. */
export function misses({ exp }: Elementary, x: Float64Array, target: number): Float64Array {
  const most = x.reduce((a, b) => Math.max(a, b));
  const powers = x.map((value) => exp(value - most));
  const sum = powers.reduce((a, b) => a + b);
  const shares = powers.map((power) => power / sum);
  shares[target]! -= 1;
  return shares;
}
