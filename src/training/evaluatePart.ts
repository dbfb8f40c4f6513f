/** The trials of a part of a data set with the parameters as they are. */
import type { Batch } from "../engine/batch/batch.ts";
import { populationIndex } from "../engine/kernel/shape.ts";
import { hiddenNames } from "./config/projections.ts";
import type { Score, TrialOutcome } from "./records.ts";
import { Tally } from "./tally.ts";
import { readyTrials, runTrials, type TrialPlace } from "./trials.ts";

export interface PartResult {
  readonly score: Score;
  /** In the order of the trials. */
  readonly outcomes: readonly TrialOutcome[];
  /** Mean spikes per trial of each neuron of each hidden layer. */
  readonly meanCounts: readonly Float64Array[];
}

/**
 * @param told is called after every batch; false ends it, and nothing comes out
 * @throws KernelError naming the recording that fails
 */
export async function evaluatePart(
  engine: Batch,
  place: TrialPlace,
  told: (score: Score) => Promise<boolean> = async () => true,
): Promise<PartResult | undefined> {
  const { populations } = engine.shape;
  const layers = hiddenNames(place.config.network).map((name) => populationIndex(engine.shape, name));
  const tally = new Tally(layers.map((p) => populations[p]!.population.size));
  const outcomes: TrialOutcome[] = [];
  const trials = Array.from(place.samples.labels.keys());
  for (let from = 0; from < trials.length; from += place.config.batch_size) {
    const batch = trials.slice(from, from + place.config.batch_size);
    runTrials(engine, place, readyTrials(engine, place, batch), false, (slot, outcome) => {
      outcomes.push(outcome);
      tally.add(outcome.loss, outcome.predicted === outcome.label);
      for (const [layer, p] of layers.entries()) tally.addCounts(layer, engine.counts(slot, p));
    });
    if (!(await told(tally.score))) return undefined;
  }
  const meanCounts = tally.counts.map((counts) => counts.map((count) => count / trials.length));
  return { score: tally.score, outcomes, meanCounts };
}
