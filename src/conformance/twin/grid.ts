/** A case on a grid of time steps: factors per step, delays in steps, states of either precision, spikes by step. */
import { ConfigError } from "../../base/errors.ts";
import type { Elementary } from "../../engine/kernel/elementary.ts";
import type { Case } from "../../model/case.ts";
import { inputName, type Population } from "../../model/network.ts";
import type { Parameter } from "../../model/parameters.ts";
import type { Precision } from "../../model/solution.ts";
import type { Convention } from "./convention.ts";
import { meanDecay } from "./membrane.ts";
import { voltageRounding } from "./rounding.ts";

export type Values = Float64Array | Float32Array;

/**
 * The parameters of a neuron whose part in a step is written down in this folder and in step/. One more does not compile
 * until it is named here, nor is it silently left out.
 */
const known: Readonly<Record<Parameter, true>> = {
  tauMem: true,
  tauSyn: true,
  threshold: true,
  reset: true,
  bias: true,
  v0: true,
  i0: true,
};

/** Of each neuron of a population, per step. */
export interface GridPopulation {
  readonly population: Pick<Population, "name" | "size" | "model" | keyof typeof known>;
  /** V → decayV V + fromI I + drive; I → decayI I, with the current that the convention means. */
  readonly decayV: Values;
  readonly decayI: Values;
  readonly fromI: Values;
  readonly drive: Values;
  /** λ_I gets this share of λ_V per step. */
  readonly adjointFromV: Values;
  /** How near to the threshold single precision may decide either way. */
  readonly rounding: Float64Array;
}

interface GridProjection {
  /** −1: the input. */
  readonly from: number;
  readonly to: number;
  readonly pre: number;
  readonly post: number;
  /** [post][pre], row-major. */
  readonly weight: Values;
  /** Whole steps, [post][pre]; one number for all. */
  readonly delay: number | Int32Array;
}

export interface Grid {
  readonly problem: Case;
  readonly convention: Convention;
  /** ms */
  readonly dt: number;
  readonly steps: number;
  readonly populations: readonly GridPopulation[];
  readonly projections: readonly GridProjection[];
  /** Steps in which input spikes are delivered, one per input spike, delays not included. */
  readonly inputSteps: Int32Array;
  /** Most steps that a delivery is under way, the one to the next step included. */
  readonly longestDelay: number;
  /** The kernel's. */
  readonly elementary: Elementary;
  zeros(count: number): Values;
}

/** Spikes of one population in the order in which they were found. */
export interface TwinSpikes {
  readonly steps: number[];
  readonly neurons: number[];
  /** I − V (+ bias) at each: what the jump of the adjoint is divided by. */
  readonly slopes: number[];
  /** Where V came very near the threshold, from either side. */
  readonly close: Close[];
}

export interface Close {
  readonly step: number;
  readonly neuron: number;
  /** V − threshold, when it was looked at. */
  readonly margin: number;
}

const mostSteps = 1e8;

/** @throws ConfigError a step that does not fit the trial */
export function gridOf(
  problem: Case,
  convention: Convention,
  dt: number,
  precision: Precision,
  elementary: Elementary,
): Grid {
  const zeros = (count: number): Values =>
    precision === "f32" ? new Float32Array(count) : new Float64Array(count);
  const { network, input, duration } = problem;
  requireStep(dt, duration);
  const steps = Math.ceil(duration / dt - 1e-9);
  if (steps > mostSteps)
    throw new ConfigError(`dt: expected a step that makes at most 1e8 of ${duration} ms, got ${dt}`);
  const indexOf = (name: string) =>
    name === inputName ? -1 : network.populations.findIndex((population) => population.name === name);
  const projections = network.projections.map(({ from, to, weight, delay }): GridProjection => {
    const [pre, post] = [indexOf(from), network.populations[indexOf(to)]!.size];
    const values = zeros(weight.length);
    values.set(weight);
    // A delivery after the end is one, however long after.
    const inSteps = (ms: number) => Math.min(Math.round(ms / dt), steps);
    return {
      from: pre,
      to: indexOf(to),
      pre: weight.length / post,
      post,
      weight: values,
      delay: typeof delay === "number" ? inSteps(delay) : Int32Array.from(delay, inSteps),
    };
  });
  const late = convention.inputArrives === "next_step" ? 1 : 0;
  return {
    problem,
    convention,
    dt,
    steps,
    populations: network.populations.map((population) =>
      gridPopulation(population, convention, dt, elementary.exp, zeros),
    ),
    projections,
    // An event at t is seen by the first step that starts at t or later.
    inputSteps: Int32Array.from(input.times, (time) => Math.ceil(time / dt - 1e-9) + late),
    longestDelay: 1 + projections.reduce((most, { delay }) => Math.max(most, largest(delay)), 0),
    elementary,
    zeros,
  };
}

function largest(delay: number | Int32Array): number {
  return typeof delay === "number" ? delay : delay.reduce((a, b) => Math.max(a, b), 0);
}

/** Whole steps. */
export function delayOf({ delay }: GridProjection, synapse: number): number {
  return typeof delay === "number" ? delay : delay[synapse]!;
}

function gridPopulation(
  population: Population,
  { integrator }: Convention,
  dt: number,
  exp: (x: number) => number,
  zeros: (count: number) => Values,
): GridPopulation {
  const { size, tauMem, tauSyn, bias } = population;
  const grid = {
    population,
    decayV: zeros(size),
    decayI: zeros(size),
    fromI: zeros(size),
    drive: zeros(size),
    adjointFromV: zeros(size),
    rounding: Float64Array.from({ length: size }, (_, n) => voltageRounding(population, n, dt, "f32")),
  };
  for (let n = 0; n < size; n++) {
    const [tm, ts] = [tauMem[n]!, tauSyn[n]!];
    if (integrator === "euler") {
      grid.decayV[n] = 1 - dt / tm;
      grid.decayI[n] = 1 - dt / ts;
      grid.fromI[n] = dt / tm;
      grid.drive[n] = (dt / tm) * bias[n]!;
      grid.adjointFromV[n] = dt / ts;
      continue;
    }
    const beta = exp(-dt / ts);
    // 1 − α is made of the α that there is.
    grid.decayV[n] = exp(-dt / tm);
    const alpha = grid.decayV[n]!;
    // (α − β)/(τm − τs), the divided difference of the two decays, without its cancellation.
    const spread =
      Math.max(exp(-dt / tm), beta) * meanDecay(Math.abs(dt / ts - dt / tm), exp) * (dt / (tm * ts));
    grid.decayI[n] = beta;
    const held = integrator === "step_start" ? 1 : (ts / dt) * (1 - beta);
    grid.fromI[n] = integrator === "exact" ? ts * spread : (1 - alpha) * held;
    grid.drive[n] = (1 - alpha) * bias[n]!;
    grid.adjointFromV[n] = integrator === "step_start" ? 1 - beta : tm * spread;
  }
  return grid;
}

/** A time step must fit its trial. @throws ConfigError it is longer */
export function requireStep(dt: number, duration: number): void {
  if (!(dt > 0 && dt <= duration))
    throw new ConfigError(`dt: expected a step of at most the trial's ${duration} ms, got ${dt}`);
}
