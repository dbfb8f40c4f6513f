/** Peaks of readouts that an arrival ends: there the loss changes with the arrival's time, for which no step has a term. */

import { elementary } from "../../engine/kernel/elementary.ts";
import type { Case } from "../../model/case.ts";
import { lossPopulation } from "../../model/losses.ts";
import type { Simulation } from "../../model/solution.ts";
import { eventsOf } from "./events.ts";
import { maxima } from "./maxima.ts";

/** A sentence about the first readout whose highest voltage is one; undefined for other losses. */
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
