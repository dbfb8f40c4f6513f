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
  const blamed = notFinite(slot, { voltage: "u", current: "i" });
  const what = blamed ? `the ${blamed} is` : "voltages or currents are";
  return `${what} not finite by the end of the trial: values are too large for ${precision}`;
}

/** The first neuron whose adjoint state is no number after the adjoint pass, if there is one. */
export function notFiniteAdjoint(slot: Slot): string | undefined {
  const blamed = notFinite(slot, { voltage: "gu", current: "gi" });
  return blamed && `the gradient by the ${blamed} is not finite`;
}

function notFinite(
  slot: Slot,
  arrays: Readonly<Record<string, "u" | "i" | "gu" | "gi">>,
): string | undefined {
  const { views, shape, layout } = slot;
  for (const [p, { population }] of shape.populations.slice(0, slot.u32("simulatedCount")).entries()) {
    for (const [what, array] of Object.entries(arrays)) {
      const values = views.real(layout.populations[p]![array], population.size);
      const neuron = values.findIndex((value) => !Number.isFinite(value));
      if (neuron >= 0) return `${what} of ${population.name} neuron ${neuron}`;
    }
  }
  return undefined;
}
