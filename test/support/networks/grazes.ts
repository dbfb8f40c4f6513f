/** How close V comes to the threshold without a spike, found in the oracle's arithmetic from the oracle's spikes. */
import type { Case } from "../../../src/model/case.ts";
import { extremum, flow, slope } from "../../oracle/simulate/flow.ts";
import type { Oracle } from "../../oracle/simulate/oracle.ts";

export interface Graze {
  readonly population: string;
  readonly neuron: number;
  readonly time: number;
  readonly margin: number;
}

interface Jump {
  readonly time: bigint;
  /** Of the current; undefined for the neuron's own reset. */
  readonly weight?: bigint;
}

/** Local maxima of V that did not spike, and peaks that spikes would have reached without reset; closest first. */
export function allGrazes({ network }: Case, { exact, trial }: Oracle): Graze[] {
  const { math: m } = exact;
  const found: Graze[] = [];
  network.populations.forEach(({ name: population, size, model }, p) => {
    if (model !== "lif") return;
    for (let neuron = 0; neuron < size; neuron++)
      for (const { time, margin } of grazesOf(exact, trial, p, neuron))
        found.push({ population, neuron, time: m.toNumber(time), margin: m.toNumber(margin) });
  });
  return found.sort((a, b) => a.margin - b.margin);
}

type Exact = Oracle["exact"];

function grazesOf(exact: Exact, trial: Oracle["trial"], p: number, j: number) {
  const { math: m, duration } = exact;
  const parameters = exact.populations[p]!;
  const threshold = parameters.threshold[j]!;
  const dynamics = {
    a: m.div(m.one, parameters.tauMem[j]!),
    c: m.div(m.one, parameters.tauSyn[j]!),
    bias: parameters.bias[j]!,
  };
  const found: { time: bigint; margin: bigint }[] = [];
  const add = (time: bigint, v: bigint) =>
    found.push({ time, margin: v > threshold ? v - threshold : threshold - v });
  let state = { v: parameters.v0[j]!, i: parameters.i0[j]! };
  let now = 0n;
  const jumps = jumpsOf(exact, trial, p, j);
  for (let k = 0; k <= jumps.length; k++) {
    const { time, weight } = jumps[k] ?? { time: duration };
    const turn = extremum(m, dynamics, state);
    if (turn !== undefined && turn < time - now && slope(m, dynamics, state) > 0n)
      add(now + turn, flow(m, dynamics, state, turn).v);
    const moved = time > now;
    state = flow(m, dynamics, state, time - now);
    now = time;
    if (k === jumps.length) break;
    if (weight === undefined) {
      const peak = extremum(m, dynamics, { v: threshold, i: state.i });
      if (peak !== undefined) add(time, flow(m, dynamics, { v: threshold, i: state.i }, peak).v);
      state = { v: parameters.reset[j]!, i: state.i };
      continue;
    }
    const before = slope(m, dynamics, state);
    state = { v: state.v, i: state.i + weight };
    if (moved && before > 0n && slope(m, dynamics, state) <= 0n) add(time, state.v);
  }
  return found;
}

/** What happens to one neuron, in order of time; arrivals of one instant are added up, after its reset. */
function jumpsOf({ math: m, projections, ...exact }: Exact, trial: Oracle["trial"], p: number, j: number) {
  const jumps: Jump[] = trial.spikes[p]!.times.filter((_, k) => trial.spikes[p]!.neurons[k] === j).map(
    (time) => ({ time }),
  );
  const sums = new Map<bigint, bigint>();
  for (const { from, to, preCount, weight, delay } of projections) {
    if (to !== p) continue;
    const times = from < 0 ? exact.inputTimes : trial.spikes[from]!.times;
    const sources = from < 0 ? exact.inputSources : trial.spikes[from]!.neurons;
    times.forEach((time, k) => {
      const synapse = j * preCount + sources[k]!;
      const arrival = time + delay[synapse]!;
      if (arrival < exact.duration) sums.set(arrival, (sums.get(arrival) ?? 0n) + weight[synapse]!);
    });
  }
  for (const [time, weight] of sums) jumps.push({ time, weight });
  const rank = ({ weight }: Jump) => (weight === undefined ? 0 : 1);
  return jumps.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : rank(a) - rank(b)));
}
