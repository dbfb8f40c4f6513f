/** Where a result leaves the exact solution: the first spike, the states there, and then the adjoint jump by jump. */
import type { Case } from "../case/case.ts";
import { ConfigError } from "../errors.ts";
import { elementary } from "../kernel/elementary.ts";
import type { Simulation, Solution } from "../solution.ts";
import { solveCase } from "../solve.ts";
import { malformed } from "./compare.ts";
import type { FoundSpikes, Result } from "./result.ts";
import { type Divergence, matchSpikes } from "./spikes.ts";
import { eventsOf } from "./step/events.ts";
import { flow, membraneOf, type State } from "./step/membrane.ts";

export interface Parting extends Divergence {
  readonly population: string;
  /** ms at which the states are given: just before the earlier of both spikes. */
  readonly time: number;
  readonly threshold: number;
  /** By the exact spikes until then, and by those found. */
  readonly exact: State;
  readonly own: State;
}

/** One spike in the backward pass. */
export interface Jump {
  readonly population: string;
  readonly neuron: number;
  /** ms */
  readonly time: number;
  /** τm dV/dt = I − V (+ bias), by which the jump is divided. */
  readonly slope: number;
  /** Total derivative of the loss with respect to the spike's time. */
  readonly derivative: number;
  /** λ_V before the spike, in forward time: derivative / slope. */
  readonly lambdaV: number;
  /** The derivative in the result, if it has it. */
  readonly found: number | undefined;
}

export interface Explanation {
  readonly parting: Parting | undefined;
  /** Latest first; empty where the spikes differ or there is no loss. */
  readonly jumps: readonly Jump[];
}

/** @param tolerance ms within which a spike is the same */
export async function explain(problem: Case, result: Result, tolerance: number): Promise<Explanation> {
  requireSpikes(problem, result);
  const solution = await solveCase(problem);
  const near = () => tolerance;
  let parting: (Divergence & { population: string }) | undefined;
  for (const [population, spikes] of Object.entries(solution.spikes)) {
    const found = result.spikes.get(population) ?? { times: new Float64Array(), neurons: new Float64Array() };
    const { divergence } = matchSpikes({ ...spikes, earlier: near, later: near }, found);
    if (divergence && (!parting || timeOf(divergence) < timeOf(parting)))
      parting = { ...divergence, population };
  }
  if (!parting) return { parting: undefined, jumps: jumpsOf(problem, solution, result) };
  const { population: name, neuron } = parting;
  const population = problem.network.populations.find((one) => one.name === name)!;
  const time = timeOf(parting);
  const at = (simulation: Pick<Simulation, "spikes">) => stateBefore(problem, simulation, name, neuron, time);
  return {
    parting: {
      ...parting,
      time,
      threshold: population.threshold[neuron]!,
      exact: await at(solution),
      own: await at({ spikes: spikesOf(problem, result.spikes) }),
    },
    jumps: [],
  };
}

/** @throws ConfigError spikes that cannot be read, or are none of this case's neurons */
function requireSpikes({ network }: Case, { spikes, unreadable }: Result): void {
  for (const [name, reason] of unreadable) if (name.startsWith("spikes.")) throw new ConfigError(reason);
  for (const { name, model, size } of network.populations) {
    const found = spikes.get(name);
    if (model === "li" || !found) continue;
    const wrong =
      malformed(found) ?? (found.neurons.some((n) => n >= size) && `expected neurons below ${size}`);
    if (wrong) throw new ConfigError(`result.json: spikes.${name}: ${wrong}`);
  }
}

function timeOf({
  expected = Number.POSITIVE_INFINITY,
  found = Number.POSITIVE_INFINITY,
}: Divergence): number {
  return Math.min(expected, found);
}

function spikesOf({ network }: Case, found: ReadonlyMap<string, FoundSpikes>): Simulation["spikes"] {
  return Object.fromEntries(
    network.populations.flatMap(({ name, model }) => {
      if (model === "li") return [];
      const { times, neurons } = found.get(name) ?? {
        times: new Float64Array(),
        neurons: new Float64Array(),
      };
      return [[name, { times, neurons: Int32Array.from(neurons) }] as const];
    }),
  );
}

/** Of a neuron, all events before `time` having happened, by the exact flow between them. */
async function stateBefore(
  problem: Case,
  simulation: Pick<Simulation, "spikes">,
  name: string,
  neuron: number,
  time: number,
): Promise<State> {
  const functions = await elementary();
  const population = problem.network.populations.find((one) => one.name === name)!;
  const membrane = membraneOf(population, neuron);
  let [now, state] = [0, { v: population.v0[neuron]!, i: population.i0[neuron]! } as State];
  for (const event of eventsOf(problem, simulation, population, () => 0)[neuron]!) {
    if (event.time >= time) break;
    const { v, i } = flow(membrane, state, event.time - now, functions);
    state = event.spike >= 0 ? { v: population.reset[neuron]!, i } : { v, i: i + event.weight };
    now = event.time;
  }
  return flow(membrane, state, time - now, functions);
}

function jumpsOf({ network, loss }: Case, { spikes, slopes, gradients }: Solution, result: Result): Jump[] {
  if (loss.kind === "none") return [];
  const jumps = Object.entries(spikes).flatMap(([population, { times, neurons }]) => {
    const { tauMem } = network.populations.find(({ name }) => name === population)!;
    const found = result.gradients.tensors.get(`spike_times.${population}`)?.values;
    return Array.from(times, (time, k): Jump => {
      const neuron = neurons[k]!;
      const slope = tauMem[neuron]! * slopes[population]![k]!;
      const derivative = gradients.spikeTimes[population]![k]!;
      return { population, neuron, time, slope, derivative, lambdaV: derivative / slope, found: found?.[k] };
    });
  });
  return jumps.sort((x, y) => y.time - x.time);
}
