/** Why a trial got out of hand, with the neuron to blame. */
import type { Slot } from "./slot.ts";
import { readTrial } from "./trial.ts";

/** How far the trial came, and the neuron that spiked most until then. */
export function budgetSentence(slot: Slot, maxEvents: number, duration: number): string {
  const { populations } = readTrial(slot);
  let blamed = { name: "", neuron: 0, spikes: -1 };
  let [last, total] = [0, 0];
  populations.forEach(({ times, neurons }, p) => {
    const { population } = slot.shape.populations[p]!;
    const counts = new Uint32Array(population.size);
    for (const neuron of neurons) counts[neuron]!++;
    total += times.length;
    last = Math.max(last, times.at(-1) ?? 0);
    const neuron = counts.indexOf(Math.max(...counts));
    if (counts[neuron]! > blamed.spikes) blamed = { name: population.name, neuron, spikes: counts[neuron]! };
  });
  const budget = `budget of ${maxEvents} spikes and delayed deliveries at ${last.toFixed(3)} of ${duration} ms`;
  const blame = `${total} spikes, ${blamed.spikes} of them of ${blamed.name} neuron ${blamed.neuron}`;
  return `runaway spiking: the trial used up its ${budget} (${blame}); lower the weights, or raise max_events (--max-events)`;
}

/** The first neuron whose state is no number. */
export function notFiniteSentence(slot: Slot, precision: string): string {
  const { views, shape, layout } = slot;
  for (const [p, { population }] of shape.populations.slice(0, slot.u32("simulatedCount")).entries()) {
    const { u, i } = layout.populations[p]!;
    for (const [what, at] of [
      ["voltage", u],
      ["current", i],
    ] as const) {
      const neuron = views.real(at, population.size).findIndex((value) => !Number.isFinite(value));
      if (neuron >= 0)
        return `the ${what} of ${population.name} neuron ${neuron} is not finite by the end of the trial: values are too large for ${precision}`;
    }
  }
  return `voltages or currents are not finite by the end of the trial: values are too large for ${precision}`;
}
