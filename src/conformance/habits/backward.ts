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
import { Cells } from "./cells.ts";
import type { Arrival, Look, Sender, Spike } from "./events.ts";
import { type Habit, rightFelt, rightTotal, type SpikeParts } from "./habit.ts";
import { hamiltonian } from "./hamiltonian.ts";
import { peakMove } from "./peakMove.ts";
import type { Replay } from "./replay.ts";
import { lostOf, type Step, stepsOf, waitingOf } from "./schedule.ts";

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
  new Pass(replay, { name: "", phrase: "" }, known, pulls).run();
  return pulls;
}

/** @param pulls ∂l/∂t of each spike */
export function backward(replay: Replay, habit: Habit, pulls: BySpike): Backward {
  return new Pass(replay, habit, habit.total ?? rightTotal, pulls).run();
}

class Pass {
  readonly #replay: Replay;
  readonly #habit: Habit;
  readonly #total: Total;
  readonly #pulls: BySpike;
  readonly #cells: Cells;
  readonly #lost: ReadonlySet<Sender>;
  readonly #waiting: ReadonlyMap<Spike, Arrival>;
  /** Arrivals that feel nothing. */
  readonly #missing: ReadonlySet<Arrival>;
  readonly #weights: Float64Array[];
  readonly #delays: Float64Array[];
  readonly #spikeTimes: number[][];
  readonly #added: number[][];
  /** What a spike's arrivals feel, with the habit and without. */
  readonly #told = new Map<Sender, number>();
  readonly #toldRight = new Map<Sender, number>();

  constructor(replay: Replay, habit: Habit, total: Total, pulls: BySpike) {
    const { populations, projections } = replay.problem.network;
    this.#replay = replay;
    this.#habit = habit;
    this.#total = total;
    this.#pulls = pulls;
    this.#cells = new Cells(replay);
    this.#lost = lostOf(replay.events, habit.loses);
    this.#waiting = habit.afterSpike ? waitingOf(replay.events) : new Map();
    this.#missing = new Set(habit.afterSpike === "missing" ? this.#waiting.values() : []);
    this.#weights = projections.map(({ weight }) => new Float64Array(weight.length));
    this.#delays = projections.map(({ weight }) => new Float64Array(weight.length));
    this.#spikeTimes = populations.map(() => []);
    this.#added = populations.map(() => []);
  }

  run(): Backward {
    const { problem, events } = this.#replay;
    for (const { event, time, part } of stepsOf(events, this.#habit)) {
      if (event.kind === "arrival") this.#arrival(event, time, part);
      else if (event.kind === "spike") this.#spike(event);
      else this.#look(event);
    }
    const inputTimes = new Float64Array(problem.input.times.length);
    for (const [{ population, index }, value] of this.#told) if (population < 0) inputTimes[index] = value;
    return {
      weights: this.#weights,
      delays: this.#delays,
      inputTimes,
      spikeTimes: this.#spikeTimes,
      added: this.#added,
    };
  }

  #arrival(arrival: Arrival, time: number, part: Step["part"]): void {
    const { network } = this.#replay.problem;
    const { sender, projection, target, posts } = arrival;
    const { weight, from } = network.projections[projection]!;
    const { name, tauMem, tauSyn } = network.populations[target]!;
    const { felt = rightFelt, tells = () => true, peakHeld = false } = this.#habit;
    for (const post of posts) {
      const synapse = this.#synapse(arrival, post);
      const { byV, byI } = this.#cells.at(target, post, time);
      const [v, i] = [byV / tauMem[post]!, byI / tauSyn[post]!];
      const moved = peakMove(this.#replay, target, post, arrival.time);
      if (part !== "habit") add(this.#toldRight, sender, weight[synapse]! * rightFelt(v, i) + moved);
      if (part === "right" || this.#lost.has(sender)) continue;
      this.#weights[projection]![synapse]! += byI;
      const feels = weight[synapse]! * felt(v, i) + (peakHeld ? 0 : moved);
      const own = this.#missing.has(arrival) ? 0 : feels;
      this.#delays[projection]![synapse]! += own;
      const within = from === name;
      if (sender.population < 0 || tells({ within, self: within && post === sender.neuron }))
        add(this.#told, sender, own);
    }
  }

  #spike(spike: Spike): void {
    const { population, index, neuron, slope, time } = spike;
    const { byV } = this.#cells.at(population, neuron, time);
    const { threshold, reset, tauMem } = this.#replay.problem.network.populations[population]!;
    const parts = {
      fed: this.#told.get(spike) ?? 0,
      pull: this.#pulls[population]![index] ?? 0,
      carried: byV,
      slope,
      threshold: threshold[neuron]!,
      reset: reset[neuron]!,
      tauMem: tauMem[neuron]!,
    };
    const total = this.#lost.has(spike) ? -byV * slope : this.#total(parts, spike);
    this.#spikeTimes[population]![index] = total;
    const right = rightTotal({ ...parts, fed: this.#toldRight.get(spike) ?? 0 });
    this.#added[population]![index] = total - right;
    this.#cells.setByV(population, neuron, -total / slope);
    const next = this.#waiting.get(spike);
    if (next && this.#habit.afterSpike === "wrong") this.#countEnd(next, time);
  }

  /** An arrival is told what moving the end of a stretch does that a spike has ended. */
  #countEnd(next: Arrival, time: number): void {
    const end = hamiltonian(this.#replay, this.#cells, time);
    this.#delays[next.projection]![this.#synapse(next, next.posts[0]!)]! += end;
    add(this.#told, next.sender, end);
  }

  #look({ population, neuron, time, factor }: Look): void {
    if (this.#replay.problem.network.populations[population]!.model === "li") return;
    this.#cells.setByV(population, neuron, this.#cells.at(population, neuron, time).byV + factor);
  }

  #synapse({ projection, sender }: Arrival, post: number): number {
    const { network } = this.#replay.problem;
    return post * preOf(network, network.projections[projection]!) + sender.neuron;
  }
}

function add(to: Map<Sender, number>, sender: Sender, value: number): void {
  to.set(sender, (to.get(sender) ?? 0) + value);
}
