/** Why a convention's gradient is another one than the exact: however small its steps, or at a step. */

import { elementary } from "../../engine/kernel/elementary.ts";
import type { Case } from "../../model/case.ts";
import { lossPopulation } from "../../model/losses.ts";
import type { PopulationSpikes, Simulation } from "../../model/solution.ts";
import { type Convention, scalesByReadout } from "../twin/convention.ts";
import type { Prediction } from "./predictStep.ts";
import { eventsOf, maxima } from "./trajectory.ts";

/** The reason; undefined if it does, peaks that an arrival ends apart (`cutPeak`). */
export function otherGradient(problem: Case, convention: Convention): string | undefined {
  const { populations } = problem.network;
  if (convention.jump === "threshold" && populations.some(({ reset }) => reset.some((v) => v !== 0)))
    return "the convention's jump has the threshold where threshold - reset belongs";
  if (scaleTaus(problem, convention) > 1)
    return "readouts of different time constants: the convention's gradient is no one gradient";
  return undefined;
}

/** How many different scales the convention has in the readouts of a case. */
function scaleTaus({ network, loss }: Case, { scale }: Convention): number {
  if (!scalesByReadout(scale, loss.kind)) return 1;
  return new Set(lossPopulation(network, loss)?.tauMem).size;
}

/**
 * A sentence about the first readout whose peak an arrival ends: there the loss changes with the arrival's time, for which
 * no step has a term. Undefined for other losses.
 */
export async function cutPeak(problem: Case, simulation: Simulation): Promise<string | undefined> {
  const { loss, network, duration } = problem;
  if (loss.kind !== "max_cross_entropy") return undefined;
  const readout = lossPopulation(network, loss)!;
  const events = eventsOf(problem, simulation, readout, () => 0);
  const functions = await elementary();
  for (let neuron = 0; neuron < readout.size; neuron++) {
    let highest = { peak: Math.max(0, readout.v0[neuron]!), at: "start" as string, time: 0 };
    for (const maximum of maxima(readout, neuron, events[neuron]!, duration, functions))
      if (maximum.peak > highest.peak) highest = maximum;
    if (highest.at === "arrival")
      return `an arrival ends the peak of ${readout.name} ${neuron} at ${highest.time.toPrecision(6)} ms, and Eventprop in steps has no term for its time`;
  }
  return undefined;
}

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
