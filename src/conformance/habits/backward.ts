/**
 * The adjoint of a trial whose spikes are known, backwards through its events, with a habit or without. With p_V = ∂L/∂V and
 * p_I = ∂L/∂I of a neuron,
 *
 *   between events, s ms back   p_I ← p_I e^(−s/τs) + p_V (response of V to I),  p_V ← p_V e^(−s/τm)
 *   arrival                     dL/dw = p_I,  dL/dt = w (p_I/τs − p_V/τm)
 *   spike                       dL/dt = Σ dL/dt of its arrivals + ∂l/∂t − p_V⁺ (dV/dt)⁺,  p_V⁻ = −(dL/dt)/(dV/dt)⁻
 *
 * with (dV/dt)⁺ = (dV/dt)⁻ + (threshold − reset)/τm. No habit changes the adjoint of leaky integrators, which is the engine's.
 */
import { preOf } from "../../model/network.ts";
import { flow, membraneOf } from "../twin/membrane.ts";
import type { Arrival, Sender, Spike } from "./events.ts";
import { type Habit, rightFelt, rightTotal, type SpikeParts } from "./habit.ts";
import { hamiltonian } from "./hamiltonian.ts";
import { peakMove } from "./peakMove.ts";
import type { Adjoint, Replay } from "./replay.ts";
import { lostOf, stepsOf, waitingOf } from "./schedule.ts";

/** Numbers of spikes, by population of the network and spike. */
export type BySpike = readonly (readonly number[])[];

export interface Backward {
  /** By projection, [post][pre]. */
  readonly weights: readonly Float64Array[];
  readonly delays: readonly Float64Array[];
  readonly inputTimes: Float64Array;
  /** dL/dt, total. */
  readonly spikeTimes: BySpike;
  /** What a loss of spike times would have to add to ∂l/∂t for the adjoint without the habit to come out like this. */
  readonly added: BySpike;
}

type Total = (parts: SpikeParts, spike: Spike) => number;

/** ∂l/∂t of each spike, which makes its dL/dt what it is known to be. */
export function pullsOf(replay: Replay, spikeTimes: BySpike): BySpike {
  const pulls: number[][] = spikeTimes.map(() => []);
  const known: Total = (parts, { population, index }) => {
    const total = spikeTimes[population]![index]!;
    pulls[population]![index] = total - rightTotal({ ...parts, pull: 0 });
    return total;
  };
  passOf(replay, { name: "", phrase: "" }, known, pulls);
  return pulls;
}

/** @param pulls ∂l/∂t of each spike */
export function backward(replay: Replay, habit: Habit, pulls: BySpike): Backward {
  return passOf(replay, habit, habit.total ?? rightTotal, pulls);
}

function passOf(replay: Replay, habit: Habit, totalOf: Total, pulls: BySpike): Backward {
  const { problem, events, after, elementary } = replay;
  const { populations, projections } = problem.network;
  const { felt = rightFelt, tells = () => true, afterSpike } = habit;
  const cells = populations.map(({ size }) =>
    Array.from({ length: size }, () => ({ time: problem.duration, byV: 0, byI: 0 })),
  );
  const zeros = () => projections.map(({ weight }) => new Float64Array(weight.length));
  const [weights, delays] = [zeros(), zeros()];
  const spikeTimes: number[][] = populations.map(() => []);
  const added: number[][] = populations.map(() => []);
  const [told, toldRight] = [new Map<Sender, number>(), new Map<Sender, number>()];
  const lost = lostOf(events, habit.loses);
  const waiting = afterSpike ? waitingOf(events) : new Map<Spike, Arrival>();
  const missing = new Set(afterSpike === "missing" ? waiting.values() : []);

  /** A spiking neuron's, flown back to a time; a leaky integrator's there. */
  const at = (population: number, neuron: number, time: number): Adjoint => {
    const own = populations[population]!;
    if (own.model === "li") return after(population, neuron, time);
    const cell = cells[population]![neuron]!;
    if (time === cell.time) return cell;
    const membrane = { ...membraneOf(own, neuron), bias: 0 };
    const ofV = flow(membrane, { v: 1, i: 0 }, cell.time - time, elementary).v;
    const ofI = flow(membrane, { v: 0, i: 1 }, cell.time - time, elementary);
    cell.byI = cell.byI * ofI.i + cell.byV * ofI.v;
    cell.byV *= ofV;
    cell.time = time;
    return cell;
  };

  const arrive = (arrival: Arrival, time: number, part: "both" | "habit" | "right"): void => {
    const { sender, projection, target, posts } = arrival;
    const { weight, from } = projections[projection]!;
    const { name, tauMem, tauSyn } = populations[target]!;
    const pre = preOf(problem.network, projections[projection]!);
    for (const post of posts) {
      const synapse = post * pre + sender.neuron;
      const { byV, byI } = at(target, post, time);
      const [v, i] = [byV / tauMem[post]!, byI / tauSyn[post]!];
      const moved = peakMove(replay, target, post, arrival.time);
      if (part !== "habit") add(toldRight, sender, weight[synapse]! * rightFelt(v, i) + moved);
      if (part === "right" || lost.has(sender)) continue;
      weights[projection]![synapse]! += byI;
      const own = missing.has(arrival) ? 0 : weight[synapse]! * felt(v, i) + moved;
      delays[projection]![synapse]! += own;
      const within = from === name;
      if (sender.population < 0 || tells({ within, self: within && post === sender.neuron }))
        add(told, sender, own);
    }
  };

  const undo = (spike: Spike): void => {
    const { population, index, neuron, slope, time } = spike;
    at(population, neuron, time);
    const cell = cells[population]![neuron]!;
    const { threshold, reset, tauMem } = populations[population]!;
    const parts = {
      fed: told.get(spike) ?? 0,
      pull: pulls[population]![index] ?? 0,
      carried: cell.byV,
      slope,
      threshold: threshold[neuron]!,
      reset: reset[neuron]!,
      tauMem: tauMem[neuron]!,
    };
    const total = lost.has(spike) ? -cell.byV * slope : totalOf(parts, spike);
    spikeTimes[population]![index] = total;
    added[population]![index] = total - rightTotal({ ...parts, fed: toldRight.get(spike) ?? 0 });
    cell.byV = -total / slope;
    const next = afterSpike === "wrong" ? waiting.get(spike) : undefined;
    if (!next) return;
    const end = hamiltonian(replay, at, time);
    const pre = preOf(problem.network, projections[next.projection]!);
    delays[next.projection]![next.posts[0]! * pre + next.sender.neuron]! += end;
    add(told, next.sender, end);
  };

  for (const { event, time, part } of stepsOf(events, habit)) {
    if (event.kind === "arrival") arrive(event, time, part);
    else if (event.kind === "spike") undo(event);
    else if (populations[event.population]!.model === "lif") {
      at(event.population, event.neuron, time);
      cells[event.population]![event.neuron]!.byV += event.factor;
    }
  }
  const inputTimes = new Float64Array(problem.input.times.length);
  for (const [{ population, index }, value] of told) if (population < 0) inputTimes[index] = value;
  return { weights, delays, inputTimes, spikeTimes, added };
}

function add(to: Map<Sender, number>, sender: Sender, value: number): void {
  to.set(sender, (to.get(sender) ?? 0) + value);
}
