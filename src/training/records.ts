/** What a run writes down. Losses are means over trials, accuracies fractions of them. */

/** How the trials of one part of the data set went. */
export interface Score {
  readonly trials: number;
  readonly loss: number;
  readonly accuracy: number;
}

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
  readonly label: number;
  /** The class that the readout prefers. */
  readonly predicted: number;
  readonly loss: number;
  /** What the class was read from, one value a class; see `predictedClass`. */
  readonly readout: Float64Array;
}
