/** How near the voltages of an exact run came to other spikes, and how far a grid may move them there. */

import type { Elementary } from "../../engine/kernel/elementary.ts";
import type { Case } from "../../model/case.ts";
import type { Population } from "../../model/network.ts";
import type { Simulation } from "../../model/solution.ts";
import { type Event, eventsOf, maxima, type ShiftOf } from "./trajectory.ts";

/** A maximum of V, spiking or not. */
export interface Near {
  readonly population: string;
  readonly neuron: number;
  /** ms */
  readonly time: number;
  /** |threshold − V| there, or at the peak that a spike's V would have reached. */
  readonly margin: number;
  /** By how much V may differ there. */
  readonly disturbance: number;
  /** ms before the maximum at which V, higher by that much, may reach the threshold; 0 of a spike. */
  readonly lead: number;
  /** Whether there is a spike that may vanish, rather than none that may appear. */
  readonly spike: boolean;
}

/** @param extra share of V by which an integrator is off per step, 0 for an exact one */
export function* nearness(
  problem: Case,
  simulation: Simulation,
  shiftOf: ShiftOf,
  dt: number,
  extra: number,
  elementary: Elementary,
): Generator<Near> {
  for (const population of problem.network.populations) {
    if (population.model === "li") continue;
    const events = eventsOf(problem, simulation, population, (from, k) => shiftOf(from, k) + dt / 2);
    for (let neuron = 0; neuron < population.size; neuron++)
      yield* ofNeuron(problem, population, neuron, events[neuron]!, dt, extra, elementary);
  }
}

function* ofNeuron(
  { duration }: Case,
  population: Population,
  neuron: number,
  events: readonly Event[],
  dt: number,
  extra: number,
  elementary: Elementary,
): Generator<Near> {
  const [a, c] = [1 / population.tauMem[neuron]!, 1 / population.tauSyn[neuron]!];
  const [threshold, bias] = [population.threshold[neuron]!, population.bias[neuron]!];
  let before = 0;
  for (const { time, v, i, at, peak } of maxima(population, neuron, events, duration, elementary)) {
    const spike = at === "spike";
    // Half a step from a maximum V is lower by V̈ dt²/8; V̈ there is at most a (a + c) (|I| + |V|).
    const sampled = spike ? (a * (a + c) * (Math.abs(i) + Math.abs(v)) * dt * dt) / 8 : 0;
    const moved = movedBy(events, time, a, c, dt, extra, elementary.exp);
    const [margin, disturbance] = [Math.abs(threshold - peak), sampled + moved + extra * Math.abs(bias)];
    const rise = Math.max(0, disturbance - margin);
    // At a maximum V̈ is −a c I, and where V still rises V̇ is a (I + bias − V); twice that for what is of higher order.
    const straight = rise / Math.max(a * (i + bias - v), Number.MIN_VALUE);
    const bent = Math.sqrt((2 * rise) / Math.max(a * c * i, Number.MIN_VALUE));
    const sooner = 2 * (at === "inside" ? bent : Math.min(straight, bent));
    // What is above the threshold before the last maximum or spike belongs to that.
    const lead = spike ? 0 : Math.min(sooner, time - before);
    before = time;
    yield { population: population.name, neuron, time, margin, disturbance, lead, spike };
  }
}

/** Σ |w| times what one unit of time does to a postsynaptic potential, and what the last reset's shift does. */
function movedBy(
  events: readonly Event[],
  at: number,
  a: number,
  c: number,
  dt: number,
  extra: number,
  exp: (x: number) => number,
): number {
  let sum = 0;
  const slower = Math.min(a, c);
  for (const { time, weight, shift, spike } of events) {
    if (time > at + shift + dt) break;
    const since = Math.max(0, at - time);
    const fading = exp(-slower * since);
    // |dV/dt| of a potential of weight 1 is at most a; of a reset, a times the way back.
    sum += spike >= 0 ? a * shift * exp(-a * since) : Math.abs(weight) * (a * shift + extra) * fading;
  }
  return sum;
}
