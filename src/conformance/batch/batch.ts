/**
 * Trials of one network in batches, with a step of gradient descent after each: the file batch.json beside case.json. It
 * shows what one trial cannot: what is left over from the trial before, how gradients add up, and whose weights are used.
 */
import { join } from "node:path";
import { z } from "zod";
import { exists } from "../../base/files.ts";
import { complaint, parseWith } from "../../base/parseWith.ts";
import { arraySchema } from "../../format/arraySchemas.ts";
import { type ArraySource, readVector } from "../../format/arrays.ts";
import { blobsOf, loadCase } from "../../format/loadCase.ts";
import { readJson } from "../../format/readJson.ts";
import type { Case } from "../../model/case.ts";
import { checkInput } from "../../model/checkInput.ts";
import { lossPopulation } from "../../model/losses.ts";
import type { Network, SpikeTrain } from "../../model/network.ts";

interface BatchTrial {
  readonly input: SpikeTrain;
  /** Label. */
  readonly target: number;
}

export interface Batch {
  /** Network, length of every trial, loss; its own input and target are those of the first trial. */
  readonly problem: Case;
  /** In the order in which they are presented. Each starts anew from v0 and i0, with nothing under way. */
  readonly trials: readonly BatchTrial[];
  /** Trials between two steps; the last batch may have fewer. */
  readonly batchSize: number;
  /** After a batch w ← w − learningRate Σ ∂L/∂w over its trials, for every weight and nothing else. */
  readonly learningRate: number;
}

export const batchSchema = z.strictObject({
  format: z.literal("goldspike/batch@1"),
  trials: z
    .array(
      z.strictObject({
        input: z
          .strictObject({
            times: arraySchema.describe("ms, ascending, in [0, duration)."),
            sources: arraySchema.describe("Channel of each input spike."),
          })
          .describe("Input spikes."),
        target: z.int().min(0).describe("Label."),
      }),
    )
    .min(1)
    .describe("In the order in which they are presented; the first is that of case.json."),
  batch_size: z.int().min(1).describe("Trials between two steps; the last batch may have fewer."),
  learning_rate: z.number().describe("After a batch w ← w − learning_rate · Σ ∂L/∂w."),
});

/**
 * The batch in a folder with case.json; undefined if the folder has no batch.json.
 *
 * @throws ConfigError one line for a file that is no batch, or does not fit its case
 */
export async function loadBatch(folder: string): Promise<Batch | undefined> {
  const path = join(folder, "batch.json");
  if (!(await exists(path))) return undefined;
  const problem = await loadCase(folder);
  const raw = parseWith(batchSchema, await readJson(path), path);
  const { loss } = problem;
  if (!("target" in loss)) throw complaint(path, [], "expected a case whose loss has a target", loss.kind);
  const from = { source: path, readBlob: blobsOf(folder) };
  const trials = raw.trials.map((trial, k) => checkedTrial(trial, k, problem, from));
  const [first] = trials;
  const same =
    first!.target === loss.target &&
    first!.input.times.join() === problem.input.times.join() &&
    first!.input.sources.join() === problem.input.sources.join();
  if (!same)
    throw complaint(path, ["trials", 0], "expected the input and target of case.json", raw.trials[0]);
  return { problem, trials, batchSize: raw.batch_size, learningRate: raw.learning_rate };
}

function checkedTrial(
  { input, target }: z.output<typeof batchSchema>["trials"][number],
  k: number,
  { network, duration, loss }: Case,
  from: ArraySource,
): BatchTrial {
  const path = ["trials", k];
  const times = readVector(input.times, [...path, "input", "times"], from);
  const sources = readVector(input.sources, [...path, "input", "sources"], from);
  checkInput({ times, sources }, network.inputChannels, duration, from.source, [...path, "input"]);
  const classes = lossPopulation(network, loss)!.size;
  if (target >= classes)
    throw complaint(from.source, [...path, "target"], `expected an integer from 0 to ${classes - 1}`, target);
  return { input: { times, sources: Int32Array.from(sources) }, target };
}

/** Indices of trials, batch by batch. */
export function membersOf({ trials, batchSize }: Pick<Batch, "trials" | "batchSize">): number[][] {
  return Array.from({ length: Math.ceil(trials.length / batchSize) }, (_, b) =>
    [...trials.keys()].slice(b * batchSize, (b + 1) * batchSize),
  );
}

/** One trial as a case of its own, with the weights of `network`. */
export function trialCase({ problem, trials }: Batch, index: number, network: Network): Case {
  const { input, target } = trials[index]!;
  return { ...problem, network, input, loss: { ...problem.loss, target } as Case["loss"] };
}
