/** L = Σ a t + Σ c V on the grid: factors of spikes in the order in which steps find them, voltages between two steps. */
import { ConfigError } from "../../../base/errors.ts";
import type { Linear } from "../../../model/losses.ts";
import type { Grid, TwinSpikes } from "../grid.ts";
import { TwinLoss, type Voltages } from "./twinLoss.ts";

interface Look {
  /** Index. */
  readonly population: number;
  readonly neuron: number;
  readonly factor: number;
}

/**
 * A time lies in the step that ends there or later. V is looked at as this step leaves it, resets and all, or as it finds
 * it where the convention's readouts look before the update; its gradient is taken at the same place.
 */
export class OfTerms extends TwinLoss<Linear> {
  /** By the number of steps that are over. */
  readonly #looks = new Map<number, Look[]>();
  /** By population; undefined where spikes do not count. */
  readonly #factors: readonly (readonly number[] | undefined)[];

  constructor(grid: Grid, loss: Linear) {
    super(grid, loss);
    const { populations } = grid.problem.network;
    this.#factors = populations.map(({ name }) => loss.spikeTimes?.[name]);
    for (const { population, neuron, time, factor } of loss.voltages ?? []) {
      const ending = Math.min(Math.ceil(time / grid.dt - 1e-9), grid.steps);
      const over = this.looksBefore ? ending - 1 : ending;
      const its = this.#looks.get(over) ?? [];
      its.push({ population: populations.findIndex(({ name }) => name === population), neuron, factor });
      this.#looks.set(over, its);
    }
  }

  override between(over: number, voltages: Voltages): void {
    for (const { population, neuron, factor } of this.#looks.get(over) ?? [])
      this.value += factor * voltages(population)[neuron]!;
  }

  override end(spikes: readonly TwinSpikes[]): void {
    for (const [p, factors] of this.#factors.entries()) {
      const { steps } = spikes[p]!;
      if (!factors) continue;
      if (factors.length !== steps.length) {
        const { name } = this.grid.problem.network.populations[p]!;
        throw new ConfigError(
          `loss.spike_times.${name}: ${factors.length} factors for the ${steps.length} spikes that there are in steps of ${this.grid.dt} ms`,
        );
      }
      for (const [k, factor] of factors.entries()) this.value += factor * steps[k]! * this.grid.dt;
    }
  }

  override pull(over: number, lambdas: Voltages): void {
    const { populations } = this.grid.problem.network;
    for (const { population, neuron, factor } of this.#looks.get(over) ?? [])
      lambdas(population)[neuron]! -= factor / populations[population]!.tauMem[neuron]!;
  }

  override onSpike(population: number, index: number): number {
    return this.#factors[population]?.[index] ?? 0;
  }
}
