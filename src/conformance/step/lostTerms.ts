/** Terms of a linear loss that a step takes for others: a voltage on the wrong side of a reset, a factor of another spike. */
import type { Case } from "../../model/case.ts";
import type { PopulationSpikes, Simulation } from "../../model/solution.ts";
import type { Prediction } from "./predictStep.ts";

/** A sentence about the first look at V that lies so near a spike of the neuron that the step may change their order. */
export function lookNearSpike(
  { loss }: Case,
  { spikes }: Pick<Simulation, "spikes">,
  { bands, dt }: Pick<Prediction, "bands" | "dt">,
): string | undefined {
  if (loss.kind !== "linear") return undefined;
  for (const { population, neuron, time } of loss.voltages ?? []) {
    const { times, neurons } = spikes[population] ?? { times: new Float64Array(), neurons: [] };
    const near = times.findIndex((spike, k) => {
      const { lower, upper } = bands[population]![k]!;
      // A step resets at its end what it finds, and V is looked at up to a step from its time.
      return neurons[k] === neuron && time > spike + lower - 2 * dt && time < spike + upper + 2 * dt;
    });
    if (near >= 0)
      return `the loss looks at V of ${population} ${neuron} at ${time.toPrecision(6)} ms, and a step of ${dt} ms may put the spike at ${times[near]!.toPrecision(6)} ms on either side of that`;
  }
  return undefined;
}

/** A sentence about the first population in which spikes with factors of their own come in another order on the grid. */
export function factorsInOtherOrder(
  { loss }: Case,
  { spikes }: Pick<Simulation, "spikes">,
  found: ReadonlyMap<string, Pick<PopulationSpikes, "times"> & { readonly neurons: ArrayLike<number> }>,
): string | undefined {
  if (loss.kind !== "linear") return undefined;
  for (const name of Object.keys(loss.spikeTimes ?? {})) {
    const theirs = found.get(name)!.neurons;
    const other = spikes[name]!.neurons.findIndex((neuron, k) => neuron !== theirs[k]);
    if (other >= 0)
      return `in steps spike ${other} of ${name}, in order of time, is another neuron's, whose factor it then has`;
  }
  return undefined;
}
