/** What a report of a training run tells, as plain data; accuracies are fractions, times ms unless they say seconds. */
import type { SpikeTrain } from "../model/network.ts";
import type { PopulationSpikes } from "../model/solution.ts";
import type { EpochRecord, Score, TrialOutcome } from "../training/records.ts";

export interface ReportData {
  readonly title: string;
  /** Of goldspike. */
  readonly version: string;
  /** The resolved settings as YAML. */
  readonly settings: string;
  readonly classes: readonly string[];
  readonly history: readonly EpochRecord[];
  /** Wall time of the run. */
  readonly seconds?: number;
  /** Numbers that training moves. */
  readonly parameters: number;
  /** Accuracy of a linear classifier on spike counts, where it was asked. */
  readonly linear?: number | undefined;
  readonly seed: number;
  readonly host: string;
  /** When the run ended, ISO 8601. */
  readonly date: string;
  /** The epoch whose parameters everything below was found with, and on whose accuracy it was chosen. */
  readonly selected: { readonly epoch: number; readonly of: "train" | "validation" };
  /** At least one; the confusion matrix is the last one's. */
  readonly parts: readonly ReportPart[];
  readonly spikeCounts: readonly LayerCounts[];
  /** Of the last part: one that was understood, and one that was not, as far as there are such. */
  readonly trials: readonly ReportTrial[];
}

export interface ReportPart {
  readonly name: "train" | "validation" | "test";
  readonly score: Score;
  readonly outcomes: readonly Pick<TrialOutcome, "label" | "predicted" | "loss">[];
}

/** Mean spikes per trial of each neuron of a hidden layer. */
export interface LayerCounts {
  readonly layer: string;
  readonly meanCounts: Float64Array;
}

/** One trial, as an example. */
export interface ReportTrial {
  /** Where it comes from: a file or a generator, and its place in there. */
  readonly source: string;
  readonly index: number;
  readonly label: number;
  readonly predicted: number;
  readonly duration: number;
  readonly input: SpikeTrain;
  readonly inputChannels: number;
  /** The hidden ones. */
  readonly layers: readonly SpikingLayer[];
  readonly output: OutputTraces;
  readonly readout: Readout;
}

interface SpikingLayer {
  readonly name: string;
  readonly size: number;
  readonly spikes: PopulationSpikes;
}

/** What the output did, a neuron a class: sampled voltages (one array per class), or its spikes. */
export type OutputTraces =
  | { readonly kind: "voltages"; readonly times: Float64Array; readonly values: readonly Float64Array[] }
  | { readonly kind: "spikes"; readonly spikes: PopulationSpikes };

interface Readout {
  /** What the values are, e.g. "time of the first spike, ms". */
  readonly label: string;
  /** One per class; not finite where there is none. */
  readonly values: Float64Array;
}
