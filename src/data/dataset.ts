/** What a data set is: labelled trials for training and for testing, as plain data. */

/**
 * Labelled spike trains. The spikes of all trials lie in three flat arrays, those of trial i at
 * offsets[i] … offsets[i + 1]: speech has thousands of trials of thousands of spikes each.
 */
export interface Samples {
  /** Where the trials come from, a file's path or a generator; starts messages about them. */
  readonly source: string;
  /** Shape [trials]; a label is an index of the data set's classes. */
  readonly labels: Uint16Array;
  /** Shape [trials + 1], from 0, ascending. */
  readonly offsets: Uint32Array;
  /** ms, ascending in each trial; single precision where it holds the source's times exactly. */
  readonly times: Float32Array | Float64Array;
  /** The channel of each spike. */
  readonly sources: Uint16Array;
  /** Events of the source that were left out because they are not within a trial's duration. */
  readonly dropped: number;
  /** Trials of the source whose times were not in order. */
  readonly unsorted?: number;
  /** Who spoke each trial, shape [trials], where the source says so. */
  readonly speakers?: Uint16Array;
}

export interface Dataset {
  /** Names of the classes; labels index them. */
  readonly classes: readonly string[];
  readonly channels: number;
  readonly train: Samples;
  /** What schedule and selection may look at; absent where there is none. */
  readonly validation?: Samples;
  readonly test: Samples;
}

/** Most spikes a trial has. */
export function mostSpikes(samples: Samples): number {
  let most = 0;
  for (let i = 0; i < samples.labels.length; i++) {
    const spikes = samples.offsets[i + 1]! - samples.offsets[i]!;
    if (spikes > most) most = spikes;
  }
  return most;
}
