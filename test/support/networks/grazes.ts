/**
 * How close V comes to another set of spikes: to the threshold without a spike, or to none where there is one; found in the
 * oracle's arithmetic from the oracle's spikes.
 */
import type { Case } from "../../../src/model/case.ts";
import { extremum, flow, type State, slope } from "../../../src/oracle/simulate/flow.ts";
import { peakAfter } from "../../../src/oracle/simulate/margins.ts";
import type { Oracle } from "../../oracle/consult.ts";

export interface Graze {
  readonly population: string;
  readonly neuron: number;
  readonly time: number;
  readonly margin: number;
}

/** What happens to one neuron at one instant: its spike (its place in its population's train), and then what arrives. */
interface Instant {
  readonly time: bigint;
  readonly spike?: number;
  readonly arrivals: readonly Arrival[];
}

interface Arrival {
  readonly weight: bigint;
  /** The spike that it comes from, of population −1 if that is the input. */
  readonly sender: { readonly population: number; readonly spike: number };
}

/** Local maxima of V that did not spike, and peaks that V would have reached without a spike; closest first. */
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
  const rises = (at: State) => slope(m, dynamics, at) > 0n;
  const found: { time: bigint; margin: bigint }[] = [];
  const instants = [...instantsOf(exact, trial, p, j), { time: duration, arrivals: [] }];
  let state = { v: parameters.v0[j]!, i: parameters.i0[j]! };
  let now = 0n;
  for (const [k, { time, spike, arrivals }] of instants.entries()) {
    const turn = extremum(m, dynamics, state);
    if (turn !== undefined && turn < time - now && rises(state))
      found.push({ time: now + turn, margin: threshold - flow(m, dynamics, state, turn).v });
    const before = flow(m, dynamics, state, time - now);
    const after = { v: before.v, i: arrivals.reduce((sum, { weight }) => sum + weight, before.i) };
    if (spike !== undefined) {
      const peak = peakAfter(
        exact,
        dynamics,
        { ...before, time },
        arrivalsFrom(instants, k, { population: p, spike }),
      );
      found.push({ time, margin: peak - threshold });
      after.v = parameters.reset[j]!;
    } else if (time > now && rises(before) && (time === duration || !rises(after))) {
      found.push({ time, margin: threshold - before.v });
    }
    state = after;
    now = time;
  }
  return found;
}

/** What arrives from instant k on, but for what one spike sends. */
function arrivalsFrom(instants: readonly Instant[], k: number, { population, spike }: Arrival["sender"]) {
  return instants
    .slice(k)
    .flatMap(({ time, arrivals }) => arrivals.map((arrival) => ({ time, ...arrival })))
    .filter(({ sender }) => sender.population !== population || sender.spike !== spike);
}

/** In order of time. */
function instantsOf(
  { projections, ...exact }: Exact,
  trial: Oracle["trial"],
  p: number,
  j: number,
): Instant[] {
  const instants = new Map<bigint, { time: bigint; spike?: number; arrivals: Arrival[] }>();
  const at = (time: bigint) => {
    const instant = instants.get(time) ?? { time, arrivals: [] };
    instants.set(time, instant);
    return instant;
  };
  trial.spikes[p]!.times.forEach((time, spike) => {
    if (trial.spikes[p]!.neurons[spike] === j) at(time).spike = spike;
  });
  for (const { from, to, preCount, weight, delay } of projections) {
    if (to !== p) continue;
    const times = from < 0 ? exact.inputTimes : trial.spikes[from]!.times;
    const sources = from < 0 ? exact.inputSources : trial.spikes[from]!.neurons;
    times.forEach((time, spike) => {
      const synapse = j * preCount + sources[spike]!;
      const arrival = time + delay[synapse]!;
      const sender = { population: from, spike };
      if (arrival < exact.duration) at(arrival).arrivals.push({ weight: weight[synapse]!, sender });
    });
  }
  return [...instants.values()].sort((a, b) => (a.time < b.time ? -1 : 1));
}
