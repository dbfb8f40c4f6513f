/** Why a trial got out of hand, with the neuron to blame. */
import { KernelError } from "../base/errors.ts";
import type { Loss } from "../model/losses.ts";
import type { Precision } from "../model/solution.ts";
import { enums } from "./kernel/description.ts";
import type { Layout } from "./kernel/layout.ts";
import type { Shape } from "./kernel/shape.ts";
import type { Structure, StructureName, Views } from "./kernel/structures.ts";
import { lossIndex } from "./losses.ts";
import type { Recorded } from "./recorded.ts";

/** What there is to know of a trial that failed. */
export interface FailedTrial {
  readonly shape: Shape;
  readonly views: Views;
  readonly layout: Layout;
  readonly loss: Loss;
  readonly options: { readonly maxEvents: number; readonly duration: number; readonly precision: Precision };
  part<S extends StructureName>(field: string, name: S): Structure<S>;
  recorded(): Recorded;
}

/** What went wrong in the forward pass, if anything did. */
export function failureOf(trial: FailedTrial): KernelError | undefined {
  const status = trial.part("trial", "Trial").get("status");
  switch (status) {
    case enums.Status.ok:
      return undefined;
    case enums.Status.eventsFull:
      return new KernelError(budgetSentence(trial));
    case enums.Status.notFinite:
      return new KernelError(notFiniteSentence(trial));
    case enums.Status.spikeCountDiffers:
      return new KernelError(countSentence(trial));
    case enums.Status.piecesFull:
      return new KernelError(
        "average_cross_entropy: the readout's voltages are too steep to be integrated; lower the weights to the readout",
      );
    default:
      throw new Error(`the kernel ended a trial with the unknown status ${status}`);
  }
}

/** How far the trial came, and the neuron that spiked most until then. */
function budgetSentence(trial: FailedTrial): string {
  const { maxEvents, duration } = trial.options;
  let blamed = { name: "", neuron: 0, spikes: -1 };
  let [last, total] = [0, 0];
  trial.recorded().populations.forEach(({ times, neurons }, p) => {
    const { population } = trial.shape.populations[p]!;
    const counts = new Uint32Array(population.size);
    for (const neuron of neurons) counts[neuron]!++;
    total += times.length;
    last = Math.max(last, times.at(-1) ?? 0);
    const neuron = counts.indexOf(counts.reduce((a, b) => Math.max(a, b), 0));
    if (counts[neuron]! > blamed.spikes) blamed = { name: population.name, neuron, spikes: counts[neuron]! };
  });
  const budget = `budget of ${maxEvents} spikes and delayed deliveries at ${last.toFixed(3)} of ${duration} ms`;
  const blame = `${total} spikes, ${blamed.spikes} of them of ${blamed.name} neuron ${blamed.neuron}`;
  return `runaway spiking: the trial used up its ${budget} (${blame}); lower the weights, or raise max_events (--max-events)`;
}

function notFiniteSentence(trial: FailedTrial): string {
  const blamed = notFinite(trial, { voltage: "u", current: "i" });
  const what = blamed ? `the ${blamed} is` : "voltages or currents are";
  return `${what} not finite by the end of the trial: values are too large for ${trial.options.precision}`;
}

/** Who has not spiked as often as the loss has numbers for. */
function countSentence(trial: FailedTrial): string {
  const { loss, layout, shape, views } = trial;
  const blamed = trial.part("loss", "LossPlan").get("blamed");
  const wanted = views.u32(layout.loss.counts, blamed + 1)[blamed]!;
  const found = views.u32(layout.loss.found, blamed + 1)[blamed]!;
  if (loss.kind === "linear") {
    const { name } = shape.populations[blamed]!.population;
    return `loss.spike_times.${name}: expected one factor a spike of "${name}", got ${wanted} factors for ${found} spikes`;
  }
  const { name } = shape.populations[lossIndex(loss, shape)]!.population;
  const option = found > wanted ? "extraCost (--extra-cost)" : "missingCost (--missing-cost)";
  return (
    `loss.targets[${blamed}]: expected one time a spike of ${name} neuron ${blamed}, got ${wanted} times for ${found} spikes` +
    `; say with ${option} what each of the ${Math.abs(found - wanted)} costs, or give other targets`
  );
}

/** The first neuron whose adjoint state is no number after the adjoint pass, if there is one. */
export function notFiniteAdjoint(trial: FailedTrial): string | undefined {
  const blamed = notFinite(trial, { voltage: "gu", current: "gi" });
  return blamed && `the gradient by the ${blamed} is not finite`;
}

/** The first neuron of which an array holds something that is no number. */
function notFinite(
  trial: FailedTrial,
  arrays: Readonly<Record<string, "u" | "i" | "gu" | "gi">>,
): string | undefined {
  const simulated = trial.part("network", "Network").get("simulatedCount");
  for (const [p, { population }] of trial.shape.populations.slice(0, simulated).entries()) {
    for (const [what, field] of Object.entries(arrays)) {
      const values = trial.views.real(trial.layout.populations[p]![field], population.size);
      const neuron = values.findIndex((value) => !Number.isFinite(value));
      if (neuron >= 0) return `${what} of ${population.name} neuron ${neuron}`;
    }
  }
  return undefined;
}
