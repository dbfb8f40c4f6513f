/** Running means over the trials of an epoch. */
import type { TrialLoss } from "../engine.ts";

export class Tally {
  trials = 0;
  #loss = 0;
  #correct = 0;
  #spikes = 0;

  /** `spikes`: how many the hidden layer sent. */
  add({ loss, readout }: TrialLoss, label: number, spikes: number): void {
    this.trials++;
    this.#loss += loss;
    if (largest(readout) === label) this.#correct++;
    this.#spikes += spikes;
  }

  get loss(): number {
    return this.#loss / this.trials;
  }

  /** Fraction of trials whose label has the largest readout. */
  get accuracy(): number {
    return this.#correct / this.trials;
  }

  get spikes(): number {
    return this.#spikes / this.trials;
  }
}

/** Index of the largest number, the first of equal ones. */
export function largest(numbers: Float64Array): number {
  return numbers.reduce((best, number, k) => (number > numbers[best]! ? k : best), 0);
}
