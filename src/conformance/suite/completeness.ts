/** Whether a golden knows everything that a result of its case has: what it lacks would never be looked at. */
import type { Case } from "../../model/case.ts";
import { lossPopulation } from "../../model/losses.ts";
import { inputTimesName, spikeTimesName, tensorNames, tensorPlaces } from "../../model/tensors.ts";
import type { BatchAnswer } from "./batchGolden.ts";
import type { Answer } from "./golden.ts";

/** What is missing of a trial, in a few words; undefined if nothing is. */
export function lackOf(answer: Answer, problem: Case): string | undefined {
  const { network, loss } = problem;
  const early = lackOfTrial(answer, problem);
  if (early !== undefined || loss.kind === "none") return early;
  return lackOfGradients(answer, tensorNames(network), problem);
}

/** The same of a batch. @param counts how many there should be */
export function lackOfBatch(
  { trials, batches }: BatchAnswer,
  problem: Case,
  counts: { readonly trials: number; readonly batches: number },
): string | undefined {
  if (trials.length !== counts.trials) return `trials: ${trials.length} of ${counts.trials}`;
  if (batches.length !== counts.batches) return `batches: ${batches.length} of ${counts.batches}`;
  for (const [k, trial] of trials.entries()) {
    const lack = lackOfTrial(trial, problem);
    if (lack !== undefined) return `trials[${k}].${lack}`;
  }
  for (const [b, batch] of batches.entries()) {
    const lack = lackOfGradients(batch, [...tensorPlaces(problem.network).keys()], problem);
    if (lack !== undefined) return `batches[${b}].${lack}`;
  }
  return undefined;
}

/** What a trial yields before its backward pass. */
function lackOfTrial({ spikes, margins, loss: value, readout }: Answer, problem: Case): string | undefined {
  const { network, loss } = problem;
  for (const { name, model } of network.populations) {
    if (model === "li") continue;
    const [own, near] = [spikes[name], margins[name]];
    if (!own) return `spikes.${name}`;
    if (!near) return `margins.${name}`;
    const count = own.times.length;
    for (const [key, values] of Object.entries({ ...own, overshoots: near.overshoots }))
      if (values && values.length !== count) return `spikes.${name}.${key}: ${values.length} of ${count}`;
  }
  if (loss.kind === "none") return undefined;
  if (value === undefined) return "loss";
  const classes = "target" in loss ? lossPopulation(network, loss)!.size : 0;
  return (readout?.length ?? 0) < classes ? "readout" : undefined;
}

function lackOfGradients(
  { gradients, sensitivities, spikes }: Answer,
  names: readonly string[],
  problem: Case,
): string | undefined {
  for (const name of names) {
    const tensor = gradients.get(name);
    if (!tensor) return `gradients: ${name}`;
    const [found, wanted] = [tensor.values.length, sizeOf(name, problem, spikes)];
    if (found !== wanted) return `gradients: ${name}: ${found} of ${wanted} numbers`;
    if (sensitivities && sensitivities.gradients[name] === undefined) return `sensitivities: ${name}`;
  }
  return undefined;
}

/** How many numbers a tensor has. */
function sizeOf(name: string, { network, input }: Case, spikes: Answer["spikes"]): number {
  const place = tensorPlaces(network).get(name);
  if (place?.kind === "parameter") return network.populations[place.population]!.size;
  if (place) return network.projections[place.projection]!.weight.length;
  if (name === inputTimesName) return input.times.length;
  const [, spiking] = Object.entries(spikes).find(([population]) => spikeTimesName(population) === name)!;
  return spiking.times.length;
}
