/** By how much a time step may change the numbers that a trial yields, from exact solutions of cases jittered like a grid. */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { Engine } from "../../engine/engine.ts";
import { elementary } from "../../engine/kernel/elementary.ts";
import { gradientTensors } from "../../format/solutionResult.ts";
import { norm } from "../../format/tensor.ts";
import type { Case } from "../../model/case.ts";
import { type Linear, lossPopulation } from "../../model/losses.ts";
import type { Network, Population, Projection } from "../../model/network.ts";
import type { Solution } from "../../model/solution.ts";
import { type Convention, scaleOf } from "../twin/convention.ts";
import type { Predictable } from "./predictStep.ts";
import { delayShift, inputShift, largerCurrents, shortestTau } from "./shifts.ts";

export interface NumberBands {
  /** Euclidean, of the tensors that a twin computes, by name. */
  readonly gradients: ReadonlyMap<string, number>;
  readonly loss: number;
  readonly readout: number;
  /** The convention's gradient over the exact one. */
  readonly scale: number;
}

const draws = 8;
/** A band is the largest change among the draws times this. */
const allowance = 5;
/** Where nothing moves, a share of the largest tensor's norm for what rounding leaves. */
const rounding = 1e-9;

/**
 * Spikes noticed up to a step late are modelled by thresholds that are up to V̇ dt higher, V̇ the slopes of the neuron's
 * spikes; input spikes, delays and looks at voltages move as the grid moves them. Draws that lose or add spikes do not count.
 */
export async function predictGradients(
  { problem, solution }: Predictable,
  dt: number,
  convention: Convention,
): Promise<NumberBands> {
  const { network, duration, loss } = problem;
  const exact = numbersOf(problem, solution);
  const bands = new Map([...exact.keys()].map((name) => [name, 0]));
  const sizes = { loss: 0, readout: 0 };
  const engine = await Engine.create(network, { duration, maxInputSpikes: problem.input.times.length });
  const generator = xoroshiro128plus(11);
  const uniform = () => (generator.next() >>> 0) / 2 ** 32;
  for (let draw = 0; draw < draws; draw++) {
    const moved = jittered(problem, solution, dt, convention, uniform);
    engine.setNetwork(moved.network);
    let found: Solution;
    try {
      found = engine.solve(moved.input, moved.loss);
    } catch {
      // The jitter has removed a spike that the loss needs.
      continue;
    }
    const numbers = numbersOf(problem, found);
    for (const [name, values] of exact) {
      const change = norm(numbers.get(name)!.map((value, k) => value - values[k]!));
      bands.set(name, Math.max(bands.get(name)!, allowance * change));
    }
    sizes.loss = Math.max(sizes.loss, allowance * Math.abs(found.loss - solution.loss));
    const change = norm(found.readout.map((value, k) => value - solution.readout[k]!));
    sizes.readout = Math.max(sizes.readout, allowance * change);
  }
  // Adjoints are read, and I − V is taken, up to a step from where they should be.
  const norms = [...exact.values()].map(norm);
  const share = (allowance * dt) / shortestTau(network);
  for (const [k, name] of [...exact.keys()].entries())
    bands.set(name, bands.get(name)! + share * norms[k]! + rounding * Math.max(...norms));
  const size = share * norm(solution.readout) + rounding;
  sizes.readout += size;
  // Where the trial is no whole number of steps, the last one counts in full.
  const whole = loss.kind === "average_cross_entropy" ? dt / duration : 0;
  sizes.loss += size + (whole + rounding) * Math.abs(solution.loss);
  const { exp } = await elementary();
  // Where readouts have different ones, the first one's.
  const tauMem = lossPopulation(network, loss)?.tauMem[0] ?? 1;
  const scale = scaleOf(convention.scale, loss.kind, { tauMem, duration, share: 1 - exp(-dt / tauMem) });
  return { gradients: bands, ...sizes, scale };
}

/** Of those tensors that a twin computes. */
function numbersOf(problem: Case, solution: Solution): Map<string, Float64Array> {
  const all = [...gradientTensors(problem, solution)];
  return new Map(
    all.flatMap(([name, { values }]) => (name.startsWith("projections") ? [[name, values] as const] : [])),
  );
}

function jittered(
  problem: Case,
  { spikes, slopes }: Solution,
  dt: number,
  convention: Convention,
  uniform: () => number,
): Pick<Case, "network" | "input" | "loss"> {
  const { network, input, duration, loss } = problem;
  const populations = network.populations.map((population) => {
    const own = spikes[population.name];
    const stepped = inSteps(population, dt, convention);
    if (!own) return stepped;
    const slope = meanSlopes(population.size, own.neurons, slopes[population.name]!);
    const threshold = population.threshold.map((value, n) => value + slope[n]! * dt * uniform());
    return { ...stepped, threshold };
  });
  const projections = network.projections.map((projection) => ({
    ...projection,
    ...(largerCurrents(convention) && { weight: largerWeights(projection, network, dt) }),
    delay:
      typeof projection.delay === "number"
        ? projection.delay + delayShift(projection.delay, dt)
        : projection.delay.map((delay) => delay + delayShift(delay, dt)),
  }));
  const times = input.times.map((time) =>
    Math.min(time + inputShift(time, dt, convention), duration * (1 - 1e-12)),
  );
  return {
    network: { ...network, populations, projections },
    input: { ...input, times },
    loss: loss.kind === "linear" ? lookingElsewhere(loss, dt, duration, uniform) : loss,
  };
}

/** V is looked at up to a step before or after its time. */
function lookingElsewhere(loss: Linear, dt: number, duration: number, uniform: () => number): Linear {
  const voltages = loss.voltages?.map((term) => {
    const time = term.time + dt * (2 * uniform() - 1);
    return { ...term, time: time > 0 ? Math.min(time, duration) : term.time };
  });
  return { ...loss, voltages };
}

function largerWeights({ weight, to }: Projection, { populations }: Network, dt: number): Float64Array {
  const { tauSyn, size } = populations.find(({ name }) => name === to)!;
  const pre = weight.length / size;
  return weight.map((value, k) => value * (1 + dt / (2 * tauSyn[Math.floor(k / pre)]!)));
}

/** With the constants whose exact flow is nearest to the convention's steps: see `knownShift`. */
function inSteps(population: Population, dt: number, convention: Convention): Population {
  if (!largerCurrents(convention)) return population;
  const { tauMem, tauSyn, i0 } = population;
  const shorter = convention.integrator === "euler" ? dt / 2 : 0;
  return {
    ...population,
    tauMem: tauMem.map((tau) => tau - shorter),
    tauSyn: tauSyn.map((tau) => tau - shorter),
    i0: i0.map((value, n) => value * (1 + dt / (2 * tauSyn[n]!))),
  };
}

function meanSlopes(size: number, neurons: ArrayLike<number>, slopes: ArrayLike<number>): Float64Array {
  const [sums, counts] = [new Float64Array(size), new Float64Array(size)];
  for (let k = 0; k < neurons.length; k++) {
    sums[neurons[k]!]! += slopes[k]!;
    counts[neurons[k]!]! += 1;
  }
  return sums.map((sum, n) => (counts[n]! > 0 ? sum / counts[n]! : 0));
}
