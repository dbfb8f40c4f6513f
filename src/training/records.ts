/** What a run writes down, and the sums that it comes from. Losses are means over trials, accuracies fractions. */

/** How the trials of one part of the data set went. */
export interface Score {
  /** Their number. */
  readonly trials: number;
  /** Mean over the trials. */
  readonly loss: number;
  /** Fraction of right answers. */
  readonly accuracy: number;
}

/** How an epoch went. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** After the last batch. */
  readonly learningRate: number;
  /** Of every trial with the parameters of its batch. */
  readonly train: Score;
  /** With the parameters at the end of the epoch. */
  readonly validation?: Score;
  /** Spikes of all hidden neurons per training trial. */
  readonly hiddenSpikes: number;
  /** Hidden neurons that spiked in no training trial of the epoch. */
  readonly silentNeurons: number;
}

/** Seconds that an epoch took; unlike everything else they differ from run to run. */
export interface EpochSeconds {
  readonly train: number;
  readonly validation: number;
}

/** The outcome for one trial of a part, in the part's order. */
export interface TrialOutcome {
  /** Its class. */
  readonly label: number;
  /** The class that the readout prefers; −1 if the loss is of first spikes and every output stayed silent. */
  readonly predicted: number;
  /** Of the trial. */
  readonly loss: number;
  /** What the class was read from, one value a class: a voltage's integral, maximum or mean, or a first spike's time in ms. */
  readonly readout: Float64Array;
}

/** Sums over the trials of an epoch; plain data, kept in checkpoints. */
export interface TallyState {
  readonly trials: number;
  readonly loss: number;
  readonly correct: number;
  /** Spikes of each neuron of each hidden layer. */
  readonly counts: readonly (readonly number[])[];
}

export class Tally {
  #trials = 0;
  #loss = 0;
  #correct = 0;
  readonly #counts: readonly Float64Array[];

  constructor(layerSizes: readonly number[], state?: TallyState) {
    this.#counts = layerSizes.map((size, k) =>
      Float64Array.from(state?.counts[k] ?? new Array(size).fill(0)),
    );
    if (state === undefined) return;
    this.#trials = state.trials;
    this.#loss = state.loss;
    this.#correct = state.correct;
  }

  get state(): TallyState {
    const counts = this.#counts.map((layer) => Array.from(layer));
    return { trials: this.#trials, loss: this.#loss, correct: this.#correct, counts };
  }

  add(loss: number, isCorrect: boolean): void {
    this.#trials++;
    this.#loss += loss;
    if (isCorrect) this.#correct++;
  }

  addCounts(layer: number, counts: ArrayLike<number>): void {
    const sums = this.#counts[layer]!;
    for (let j = 0; j < sums.length; j++) sums[j]! += counts[j]!;
  }

  get score(): Score {
    const trials = this.#trials;
    return { trials, loss: this.#loss / trials, accuracy: this.#correct / trials };
  }

  /** Of each hidden layer, per neuron. */
  get counts(): readonly Float64Array[] {
    return this.#counts;
  }

  /** Spikes of all hidden neurons per trial. */
  get hiddenSpikes(): number {
    return (
      this.#counts.reduce((sum, layer) => sum + layer.reduce((all, count) => all + count, 0), 0) /
      this.#trials
    );
  }

  /** Neurons that never spiked. */
  get silentNeurons(): number {
    return this.#counts.reduce((sum, layer) => sum + layer.filter((count) => count === 0).length, 0);
  }
}
