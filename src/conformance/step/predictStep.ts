/** What a time step will do to a case, from its exact solution alone. */

import { ConfigError } from "../../base/errors.ts";
import { Engine } from "../../engine/engine.ts";
import { elementary } from "../../engine/kernel/elementary.ts";
import { solveCase } from "../../engine/solve.ts";
import type { Case } from "../../model/case.ts";
import { inputName } from "../../model/network.ts";
import type { Simulation, Solution } from "../../model/solution.ts";
import type { Convention } from "../twin/convention.ts";
import { requireStep } from "../twin/grid.ts";
import { type Near, nearness } from "./nearness.ts";
import { inputShift, knownShift, largerCurrents, shortestTau } from "./shifts.ts";

/** ms by which a spike's time on the grid may differ from its exact one. */
interface Band {
  readonly lower: number;
  readonly upper: number;
}

/** Where a spike may appear or vanish. */
export interface Risk {
  readonly population: string;
  readonly neuron: number;
  /** ms, the earliest at which it may do so on the grid. */
  readonly time: number;
  /** What is left of V as a share of what a step may do to it at most, which is far more than it mostly does. */
  readonly share: number;
  readonly text: string;
}

export interface Prediction {
  /** ms */
  readonly dt: number;
  /** Of each spike, per `lif` population by name. */
  readonly bands: Readonly<Record<string, readonly Band[]>>;
  /** Where a spike may appear or vanish, nearest first; none means that spike counts will agree. */
  readonly risks: readonly Risk[];
}

/** An exact solution with what predictions need of it, for any number of steps. */
export interface Predictable {
  readonly problem: Case;
  readonly solution: Solution;
  readonly rows: readonly SpikeRow[];
}

/** @throws ConfigError more than 5000 spikes; KernelError as `solveCase` */
export async function predictable(problem: Case): Promise<Predictable> {
  const solution = await solveCase(problem);
  return { problem, solution, rows: await spikeJacobian(problem, solution) };
}

/**
 * To first order: every spike of the network is noticed up to one step after V has reached the threshold, and moves those
 * after it by their derivatives; input spikes, delays and constants move by what is known. The label of a spike is the
 * start of the step in which it is noticed.
 *
 * @throws ConfigError a step that is longer than the trial
 */
export async function predictStep(
  { problem, solution, rows }: Predictable,
  dt: number,
  convention: Convention,
): Promise<Prediction> {
  requireStep(dt, problem.duration);
  const bands: Record<string, Band[]> = {};
  for (const { population, index, gradients } of rows) {
    let lower = knownShift(problem, gradients, dt, convention) - dt;
    let upper = lower;
    for (const derivatives of Object.values(gradients.spikeTimes))
      for (const derivative of derivatives) {
        if (derivative > 0) upper += derivative * dt;
        else lower += derivative * dt;
      }
    const list = bands[population] ?? [];
    list[index] = { lower, upper };
    bands[population] = list;
  }
  for (const name of Object.keys(solution.spikes)) bands[name] ??= [];
  return { dt, bands, risks: await risksOf(problem, solution, bands, dt, convention) };
}

async function risksOf(
  problem: Case,
  solution: Solution,
  bands: Prediction["bands"],
  dt: number,
  convention: Convention,
): Promise<Risk[]> {
  // A spike happens a step after its label.
  const shiftOf = (from: string, index: number) => {
    if (from === inputName) return inputShift(problem.input.times[index]!, dt, convention);
    const { lower, upper } = bands[from]![index]!;
    return Math.max(Math.abs(lower + dt), Math.abs(upper + dt));
  };
  const extra = largerCurrents(convention) ? dt / shortestTau(problem.network) : 0;
  const open: Near[] = [];
  for (const near of nearness(problem, solution, shiftOf, dt, extra, await elementary()))
    if (near.margin <= near.disturbance) open.push(near);
  open.sort((x, y) => x.margin / x.disturbance - y.margin / y.disturbance);
  return [...open.map(riskOf), ...crowded(solution, dt), ...late(problem, solution, bands, dt)];
}

function riskOf({ population, neuron, time, margin, disturbance, lead, spike }: Near): Risk {
  const what = spike ? "may vanish" : "may appear";
  const text = `${population} ${neuron}: a spike near ${time.toPrecision(6)} ms ${what}: margin ${margin.toExponential(1)}, moved by up to ${disturbance.toExponential(1)}`;
  return { population, neuron, time: time - lead, share: margin / disturbance, text };
}

/** A neuron spikes once a step at most. */
function* crowded({ spikes }: Solution, dt: number): Generator<Risk> {
  for (const [name, { times, neurons }] of Object.entries(spikes)) {
    const last = new Map<number, number>();
    for (const [k, neuron] of neurons.entries()) {
      const before = last.get(neuron);
      if (before !== undefined && times[k]! - before < 2 * dt)
        yield {
          population: name,
          neuron,
          time: before,
          share: 0,
          text: `${name} ${neuron}: two spikes within two steps at ${times[k]!.toPrecision(6)} ms`,
        };
      last.set(neuron, times[k]!);
    }
  }
}

/** The grid may move a spike beyond the trial's end. */
function* late(
  { duration }: Case,
  { spikes }: Solution,
  bands: Prediction["bands"],
  dt: number,
): Generator<Risk> {
  for (const [name, { times, neurons }] of Object.entries(spikes))
    for (const [k, time] of times.entries())
      if (time + bands[name]![k]!.upper + 2 * dt >= duration)
        yield {
          population: name,
          neuron: neurons[k]!,
          time,
          share: 0,
          text: `${name} ${neurons[k]}: the spike at ${time.toPrecision(6)} ms may come after the end`,
        };
}

/** How a spike's time depends on everything. */
interface SpikeRow {
  readonly population: string;
  readonly index: number;
  readonly gradients: Solution["gradients"];
}

/** Each costs a trial and its adjoint. */
const mostSpikes = 5000;

/** One exact solution per spike, whose loss is that spike's time. @throws ConfigError more than 5000 spikes */
async function spikeJacobian(problem: Case, { spikes }: Simulation): Promise<SpikeRow[]> {
  const { network, input, duration } = problem;
  const total = Object.values(spikes).reduce((sum, { times }) => sum + times.length, 0);
  if (total > mostSpikes)
    throw new ConfigError(`${problem.name}: expected at most ${mostSpikes} spikes to predict, got ${total}`);
  const engine = await Engine.create(network, { duration, maxInputSpikes: input.times.length });
  const rows: SpikeRow[] = [];
  for (const [population, { times }] of Object.entries(spikes)) {
    const factors = new Array<number>(times.length).fill(0);
    for (const index of times.keys()) {
      // The loss is the time itself.
      factors[index] = 1;
      const { gradients } = engine.solve(input, { kind: "linear", spikeTimes: { [population]: factors } });
      factors[index] = 0;
      rows.push({ population, index, gradients });
    }
  }
  return rows;
}
