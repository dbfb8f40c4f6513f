/** Gradients of a solution by the oracle's names of their entries, and errors by tensor. */
import type { Case } from "../../../src/model/case.ts";
import type { Gradients } from "../../../src/model/solution.ts";
import type { Entry } from "../../../src/oracle/simulate/differences.ts";
import type { Oracle } from "../../oracle/consult.ts";

/** One tensor of gradients: its values in the engine's solution, and which entry each of them is. */
export interface Tensor {
  readonly name: string;
  readonly values: Float64Array;
  entry(index: number): Entry;
}

export function tensorsOf({ network }: Case, gradients: Gradients): Tensor[] {
  const tensors: Tensor[] = [];
  network.projections.forEach(({ from, to, weight }, projection) => {
    const preCount = weight.length / network.populations.find(({ name }) => name === to)!.size;
    for (const of of ["weight", "delay"] as const)
      tensors.push({
        name: `${of} ${projection} ${from} to ${to}`,
        values: gradients.projections[projection]![of],
        entry: (index) => ({ of, projection, post: Math.floor(index / preCount), pre: index % preCount }),
      });
  });
  network.populations.forEach(({ name: population }, p) => {
    for (const [of, values] of Object.entries(gradients.populations[p]!))
      tensors.push({
        name: `${population} ${of}`,
        values,
        entry: (neuron) => ({ of, population, neuron }) as Entry,
      });
  });
  tensors.push({
    name: "input times",
    values: gradients.inputTimes,
    entry: (index) => ({ of: "inputTime", index }),
  });
  for (const [population, values] of Object.entries(gradients.spikeTimes))
    tensors.push({
      name: `${population} spike times`,
      values,
      entry: (index) => ({ of: "spikeTime", population, index }),
    });
  return tensors;
}

export interface TensorError {
  readonly tensor: string;
  /** The largest error as a fraction of the tensor's largest entry, or of `leastScale` where that is more. */
  readonly error: number;
  /** The tensor's largest entry. */
  readonly largest: Entry;
  readonly detail: string;
}

/** A loss is of order 1: derivatives far below are what larger ones leave when they cancel. */
const leastScale = 1e-3;

/** Errors of the largest entry and of another one of `count` tensors at most; `pick` chooses. */
export function sampledErrors(
  tensors: readonly Tensor[],
  oracle: Oracle,
  pick: number,
  count: number,
): TensorError[] {
  const filled = tensors.filter(({ values }) => values.length > 0);
  const first = pick % filled.length;
  return [...filled.slice(first), ...filled.slice(0, first)]
    .filter((_, k) => k % Math.ceil(filled.length / count) === 0)
    .map(({ name, values, entry }) => {
      const sizes = Array.from(values, Math.abs);
      const largest = Math.max(0, sizes.indexOf(Math.max(...sizes)));
      const samples = [...new Set([largest, pick % values.length])];
      const truths = samples.map((index) => oracle.derivative(entry(index)));
      const scale = Math.max(leastScale, ...truths.map(Math.abs));
      const errors = truths.map((truth, k) => Math.abs(values[samples[k]!]! - truth) / scale);
      const detail = samples.map((index, k) => `[${index}] is ${values[index]}, not ${truths[k]}`);
      return { tensor: name, error: Math.max(...errors), largest: entry(largest), detail: detail.join(", ") };
    });
}
