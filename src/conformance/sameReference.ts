/** This machine's own result as a reference: class T0, bit by bit. */
import type { Case } from "../case/case.ts";
import type { Solution } from "../solution.ts";
import { solveCase } from "../solve.ts";
import type { Reference } from "./reference.ts";
import type { Tensor } from "./tensor.ts";

export async function sameReference(problem: Case): Promise<Reference> {
  const solution = await solveCase(problem);
  const { spikes, loss, readout } = solution;
  const exactly = () => 0;
  const hasLoss = problem.loss.kind !== "none";
  const tensors = [...gradientTensors(problem, solution)].map(
    ([name, tensor]) => [name, { tensor, tolerance: 0 }] as const,
  );
  return {
    spikes: Object.fromEntries(
      Object.entries(spikes).map(([name, its]) => [name, { ...its, earlier: exactly, later: exactly }]),
    ),
    open: () => undefined,
    ...(hasLoss && { loss: { value: loss, tolerance: 0 } }),
    ...(readout.length > 0 && {
      readout: { tensor: { shape: [readout.length], values: readout }, tolerance: 0 },
    }),
    gradients: new Map(hasLoss ? tensors : []),
    partial: false,
  };
}

/** Of a solution, by the names and shapes of a result file. */
export function gradientTensors({ network }: Case, { gradients }: Solution): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  const add = (name: string, values: Float64Array, columns?: number) => {
    const shape = columns === undefined ? [values.length] : [values.length / columns, columns];
    tensors.set(name, { shape, values });
  };
  for (const [k, { from }] of network.projections.entries()) {
    const pre = network.populations.find(({ name }) => name === from)?.size ?? network.inputChannels;
    add(`projections[${k}].weight`, gradients.projections[k]!.weight, pre);
    add(`projections[${k}].delay`, gradients.projections[k]!.delay, pre);
  }
  for (const [k, { name }] of network.populations.entries()) {
    const { tauMem, tauSyn, ...rest } = gradients.populations[k]!;
    for (const [key, values] of Object.entries({ tau_mem: tauMem, tau_syn: tauSyn, ...rest }))
      add(`populations.${name}.${key}`, values);
  }
  add("input_times", gradients.inputTimes);
  for (const [name, values] of Object.entries(gradients.spikeTimes)) add(`spike_times.${name}`, values);
  return tensors;
}
