/** What training must know of every loss that runs train with, a row each; what a row lacks does not compile. */
import type { Loss } from "../model/losses.ts";
import type { LossConfig, TrainedLossKind } from "./config/loss.ts";
import type { RunConfig } from "./config/run.ts";

type ConfigOf<K extends TrainedLossKind> = Extract<LossConfig, { readonly kind: K }>;

interface Row<K extends TrainedLossKind> {
  /** As the engine understands it; targets come with the trials. */
  readonly configured: (loss: ConfigOf<K>, population: string) => Loss;
  /** By how much the code of [NTK25] multiplies the exact gradient. */
  readonly paperScale: (run: Pick<RunConfig, "network" | "duration">) => number;
  /** What of a readout is larger for a class the better the trial fits it. */
  readonly score: (readout: number) => number;
  /** Whether a trial in which every readout lies behind its end has no answer. */
  readonly mayBeSilent: boolean;
  /** What a readout is, in words. */
  readonly readout: string;
}

const itself = (readout: number) => readout;
const byTauMem = ({ network }: Pick<RunConfig, "network">) => 1 / network.output.tau_mem;

const rows: { readonly [K in TrainedLossKind]: Row<K> } = {
  integral_cross_entropy: {
    configured: ({ kind, weighting, tau_input: tauInput }, population) => ({
      kind,
      weighting,
      tauInput,
      population,
      target: 0,
    }),
    paperScale: byTauMem,
    score: itself,
    mayBeSilent: false,
    readout: "weighted mean voltage",
  },
  max_cross_entropy: {
    configured: ({ kind }, population) => ({ kind, population, target: 0 }),
    paperScale: ({ duration }) => 1 / duration,
    score: itself,
    mayBeSilent: false,
    readout: "largest voltage",
  },
  average_cross_entropy: {
    configured: ({ kind }, population) => ({ kind, population, target: 0 }),
    paperScale: byTauMem,
    score: itself,
    mayBeSilent: false,
    readout: "mean voltage",
  },
  first_spike: {
    configured: ({ phantom_spikes: phantomSpikes, ...loss }, population) => ({
      ...loss,
      phantomSpikes,
      population,
      target: 0,
    }),
    paperScale: () => 1,
    score: (time) => -time,
    mayBeSilent: true,
    readout: "time of the first spike, ms",
  },
};

/** @param population that tells the class */
export function configuredLoss<K extends TrainedLossKind>(loss: ConfigOf<K>, population: string): Loss {
  const row: Row<K> = rows[loss.kind as K];
  return row.configured(loss, population);
}

/** By how much the gradient is multiplied: 1 unless `gradient_scale` asks for what the code of [NTK25] does. */
export function gradientScale(
  run: Pick<RunConfig, "gradient_scale" | "loss" | "network" | "duration">,
): number {
  return run.gradient_scale.kind === "exact" ? 1 : rows[run.loss.kind].paperScale(run);
}

/** What a readout of the loss is, in words. */
export function readoutLabel(kind: TrainedLossKind): string {
  return rows[kind].readout;
}

/** Of each class, the larger the better the trial fits it: the readout, or minus the time of a first spike. */
export function scoresOf(kind: TrainedLossKind, readout: Float64Array): Float64Array {
  return readout.map(rows[kind].score);
}

/** Stands for "none": every output stayed silent. */
const noClass = -1;

/**
 * The class that fits best, the first of equal ones. A trial without any output spike has no answer, −1, and counts as
 * wrong.
 *
 * @param duration ms; readouts of silent outputs lie behind it
 */
export function predictedClass(kind: TrainedLossKind, readout: Float64Array, duration: number): number {
  const best = largest(scoresOf(kind, readout));
  return rows[kind].mayBeSilent && !(readout[best]! < duration) ? noClass : best;
}

/** Index of the largest number, the first of equal ones. */
export function largest(numbers: Float64Array): number {
  return numbers.reduce((best, number, k) => (number > numbers[best]! ? k : best), 0);
}
