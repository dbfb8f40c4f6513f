/** Whether rounding of a class may have decided an event either way. */
import type { Case } from "../model/case.ts";
import { type ExactClass, granted } from "./classes.ts";
import type { Answer } from "./golden.ts";
import type { Divergence } from "./spikes.ts";
import { eventsOf } from "./step/events.ts";

/** Where no sensitivity is known: of a voltage near the threshold, in its unit. */
const usual = 16;

/**
 * The reason, if the first spike at which two rasters part hangs on a margin that the class's rounding is larger than;
 * undefined if it does not, and the difference is a mistake.
 */
export function openEvent(
  answer: Answer,
  population: string,
  { kind, neuron, index, found }: Divergence,
  tolerance: ExactClass,
): string | undefined {
  const { neurons, times, missed, overshoots, sensitivities } = answer.margins[population]!;
  const text = (margin: number, most: number) =>
    `V misses or passes the threshold there by ${margin.toExponential(1)}, within ${most.toExponential(1)} that rounding decides`;
  if (kind !== "extra" && index !== undefined) {
    const most = granted(tolerance, sensitivities?.overshoots[index] ?? usual, 0);
    return overshoots[index]! <= most ? text(overshoots[index]!, most) : undefined;
  }
  // The maximum that became a spike is the nearest one of the neuron, in time.
  let nearest = -1;
  for (let k = 0; k < neurons.length; k++) {
    if (neurons[k] !== neuron) continue;
    if (nearest < 0 || Math.abs(times[k]! - found!) < Math.abs(times[nearest]! - found!)) nearest = k;
  }
  if (nearest < 0) return undefined;
  const most = granted(tolerance, sensitivities?.missed[nearest] ?? usual, 0);
  return missed[nearest]! <= most ? text(missed[nearest]!, most) : undefined;
}

/**
 * The reason, if inhibition arrives so soon after a spike that is missing that rounding may put it first, so that V turns
 * before the threshold.
 *
 * @param reach ms that the class grants the spike's time
 */
export function openArrival(
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
