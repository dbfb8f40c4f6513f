/** How near the voltages of an exact run came to other spikes, and how far a grid may move them there. */
import type { Case } from "../../case/case.ts";
import type { Elementary } from "../../kernel/elementary.ts";
import { inputName, type Population } from "../../network/network.ts";
import type { Simulation } from "../../solution.ts";

/** Something that happens to one neuron, and by how many ms at most a grid moves it. */
interface Event {
  readonly time: number;
  /** 0 for the neuron's own spike. */
  readonly weight: number;
  readonly shift: number;
  /** Number of the neuron's own spike in its population; −1 for an arrival. */
  readonly spike: number;
}

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
  /** Whether there is a spike that may vanish, rather than none that may appear. */
  readonly spike: boolean;
}

/** Largest |shift| in ms of what the input or a population sends: spike `index`, by whatever synapse. */
export type ShiftOf = (from: string, index: number) => number;

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
    const events = eventsOf(problem, simulation, population, shiftOf, dt);
    for (let neuron = 0; neuron < population.size; neuron++)
      yield* ofNeuron(problem, population, neuron, events[neuron]!, dt, extra, elementary);
  }
}

function eventsOf(
  { network, input, duration }: Case,
  { spikes }: Simulation,
  population: Population,
  shiftOf: ShiftOf,
  dt: number,
): Event[][] {
  const events: Event[][] = Array.from({ length: population.size }, () => []);
  for (const { from, to, weight, delay } of network.projections) {
    if (to !== population.name) continue;
    const pre = weight.length / population.size;
    const train = from === inputName ? { times: input.times, neurons: input.sources } : spikes[from]!;
    for (const [k, time] of train.times.entries())
      for (let post = 0; post < population.size; post++) {
        const synapse = post * pre + train.neurons[k]!;
        const its = typeof delay === "number" ? delay : delay[synapse]!;
        const [at, w] = [time + its, weight[synapse]!];
        // What comes after the end exactly may come before it on a grid; it is late for mattering.
        if (w !== 0 && at < duration)
          events[post]!.push({ time: at, weight: w, shift: shiftOf(from, k) + dt / 2, spike: -1 });
      }
  }
  const own = spikes[population.name]!;
  for (const [k, time] of own.times.entries())
    events[own.neurons[k]!]!.push({ time, weight: 0, shift: shiftOf(population.name, k), spike: k });
  // At one instant: what arrives comes before the spike, except what the spike itself sends, which makes no maximum.
  for (const list of events) list.sort((x, y) => x.time - y.time || y.spike - x.spike);
  return events;
}

function* ofNeuron(
  { duration }: Case,
  population: Population,
  neuron: number,
  events: readonly Event[],
  dt: number,
  extra: number,
  { exp, log }: Elementary,
): Generator<Near> {
  const [a, c] = [1 / population.tauMem[neuron]!, 1 / population.tauSyn[neuron]!];
  const [threshold, bias] = [population.threshold[neuron]!, population.bias[neuron]!];
  let [time, v, i] = [0, population.v0[neuron]!, population.i0[neuron]!];
  const flow = (t: number) => {
    const [em, es] = [exp(-a * t), exp(-c * t)];
    const kernel = Math.abs((c - a) * t) < 1e-6 ? a * t * em : (a * (em - es)) / (c - a);
    return { v: bias + (v - bias) * em + i * kernel, i: i * es };
  };
  const slope = () => a * (i + bias - v);
  const near = (at: number, peak: number, spike: boolean): Near => {
    // Half a step from a maximum V is lower by V̈ dt²/8; V̈ there is at most a c |I|.
    const sampled = spike ? (a * (a + c) * (Math.abs(i) + Math.abs(v)) * dt * dt) / 8 : 0;
    const disturbance = sampled + movedBy(events, at, a, c, dt, extra, exp) + extra * Math.abs(bias);
    return {
      population: population.name,
      neuron,
      time: at,
      margin: Math.abs(threshold - peak),
      disturbance,
      spike,
    };
  };
  const turn = () => {
    // e^((c−a)t) = c I / ((c − a)(V − b) + a I)
    const below = (c - a) * (v - bias) + a * i;
    if (Math.abs(c - a) < 1e-9 * c) return below === 0 ? -1 : (i - (v - bias)) / (a * i);
    const ratio = (c * i) / below;
    return ratio > 0 ? log(ratio) / (c - a) : -1;
  };
  for (const event of [...events, { time: duration, weight: 0, shift: 0, spike: -1 }]) {
    const span = event.time - time;
    const top = slope() > 0 ? turn() : -1;
    if (top > 0 && top < span) yield near(time + top, flow(top).v, false);
    ({ v, i } = flow(span));
    time = event.time;
    const rising = slope() > 0;
    if (event.spike >= 0) {
      const peak = turn();
      yield near(time, peak > 0 ? flow(peak).v : Math.max(bias, v), true);
      v = population.reset[neuron]!;
      continue;
    }
    i += event.weight;
    if (rising && (slope() <= 0 || time === duration)) yield near(time, v, false);
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
