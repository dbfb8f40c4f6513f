/** Certified values as a reference: classes T1 to T3, and what their rounding may decide either way. */
import { norm } from "../../format/tensor.ts";
import type { Case } from "../../model/case.ts";
import type { Reference } from "../compare/comparison.ts";
import type { Divergence } from "../compare/spikes.ts";
import { eventsOf } from "../step/trajectory.ts";
import type { Answer, GoldenSpikes } from "../suite/golden.ts";
import { type ExactClass, granted, leastShare } from "../verdict/classes.ts";

/** Where no sensitivity is known, as where spikes coincide: that of a value a few events deep, per its own size. */
const usual = 64;

/** Certified values with what a class grants each. */
export function exactReference(answer: Answer, tolerance: ExactClass, problem: Case): Reference {
  const { sensitivities } = answer;
  const reach = (golden: GoldenSpikes, k: number) =>
    granted(tolerance, golden.sensitivities?.[k] ?? fallback(golden, k), problem.duration);
  const spikes = Object.entries(answer.spikes).map(([name, golden]) => {
    const near = (k: number) => reach(golden, k);
    return [name, { times: golden.times, neurons: golden.neurons, earlier: near, later: near }] as const;
  });
  const largest = Math.max(0, ...[...answer.gradients.values()].map(({ values }) => norm(values)));
  const gradients = [...answer.gradients].map(([name, tensor]) => {
    const size = Math.max(norm(tensor.values), leastShare * largest);
    const sensitivity = sensitivities?.gradients[name] ?? usual * size;
    return [name, { tensor, tolerance: granted(tolerance, sensitivity, size) }] as const;
  });
  return {
    spikes: Object.fromEntries(spikes),
    open: (population, divergence) =>
      openEvent(answer, population, divergence, tolerance) ??
      (divergence.index === undefined
        ? undefined
        : openArrival(
            problem,
            answer,
            population,
            divergence,
            reach(answer.spikes[population]!, divergence.index),
          )),
    ...(answer.loss !== undefined && {
      loss: {
        value: answer.loss,
        tolerance: granted(tolerance, sensitivities?.loss ?? usual, Math.abs(answer.loss)),
      },
    }),
    ...(answer.readout && {
      readout: {
        tensor: { shape: [answer.readout.length], values: answer.readout },
        tolerance: granted(tolerance, sensitivities?.readout ?? usual, norm(answer.readout)),
      },
    }),
    gradients: new Map(gradients),
    partial: false,
  };
}

/** ms: a voltage of the threshold's size that is wrong, at the spike's slope. */
function fallback({ slopes }: GoldenSpikes, k: number): number {
  return usual / slopes[k]!;
}

/** Where no sensitivity is known: of a voltage near the threshold, in its unit. */
const usualVoltage = 16;

/**
 * The reason, if the first spike at which two rasters part hangs on a margin that the class's rounding is larger than;
 * undefined if it does not, and the difference is a mistake.
 */
function openEvent(
  answer: Answer,
  population: string,
  { kind, neuron, index, found }: Divergence,
  tolerance: ExactClass,
): string | undefined {
  const { neurons, times, missed, overshoots, sensitivities } = answer.margins[population]!;
  const text = (margin: number, most: number) =>
    `V misses or passes the threshold there by ${margin.toExponential(1)}, within ${most.toExponential(1)} that rounding decides`;
  if (kind !== "extra" && index !== undefined) {
    const most = granted(tolerance, sensitivities?.overshoots[index] ?? usualVoltage, 0);
    return overshoots[index]! <= most ? text(overshoots[index]!, most) : undefined;
  }
  // The maximum that became a spike is the nearest one of the neuron, in time.
  let nearest = -1;
  for (let k = 0; k < neurons.length; k++) {
    if (neurons[k] !== neuron) continue;
    if (nearest < 0 || Math.abs(times[k]! - found!) < Math.abs(times[nearest]! - found!)) nearest = k;
  }
  if (nearest < 0) return undefined;
  const most = granted(tolerance, sensitivities?.missed[nearest] ?? usualVoltage, 0);
  return missed[nearest]! <= most ? text(missed[nearest]!, most) : undefined;
}

/**
 * The reason, if inhibition arrives so soon after a spike that is missing that rounding may put it first, so that V turns
 * before the threshold.
 *
 * @param reach ms that the class grants the spike's time
 */
function openArrival(
  problem: Case,
  answer: Answer,
  name: string,
  { kind, neuron, expected }: Divergence,
  reach: number,
): string | undefined {
  if (kind === "extra" || expected === undefined) return undefined;
  const spikes = Object.fromEntries(
    Object.entries(answer.spikes).map(([key, { times, neurons }]) => [
      key,
      { times, neurons: Int32Array.from(neurons) },
    ]),
  );
  const population = problem.network.populations.find((one) => one.name === name)!;
  const events = eventsOf(problem, { spikes }, population, () => 0)[neuron]!;
  const next = events.find(({ time, weight }) => weight < 0 && time > expected && time <= expected + reach);
  return (
    next &&
    `inhibition arrives ${(next.time - expected).toExponential(1)} ms after it, within ${reach.toExponential(1)} that rounding decides`
  );
}
