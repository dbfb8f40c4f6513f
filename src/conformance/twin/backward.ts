/** Eventprop on the grid: the steps of a trial undone one by one. */
import type { Trial } from "./forward.ts";
import { delayOf, type Grid, type GridPopulation, type Values } from "./grid.ts";

/** Of one projection, [post][pre]. */
interface TwinGradient {
  readonly weight: Values;
  readonly delay: Values;
}

interface Adjoint {
  readonly v: Values;
  readonly i: Values;
  /** Of the last steps undone, the latest included, [step modulo length]. */
  readonly past: readonly { readonly v: Values; readonly i: Values }[];
}

/** Of one population, while its spikes are undone, latest first. */
interface Undone {
  /** How many are left. */
  left: number;
  /** λ_V at each spike that is undone. */
  readonly lambdas: Values;
}

export interface TwinAdjoints {
  readonly projections: readonly TwinGradient[];
  /** λ_V before each spike in forward time, by population. */
  readonly lambdas: readonly Values[];
}

export function backward(grid: Grid, trial: Trial): TwinAdjoints {
  const { populations, projections, steps, inputSteps, problem } = grid;
  const { loss } = trial;
  const adjoints = populations.map(
    ({ population: { size } }): Adjoint => ({
      v: grid.zeros(size),
      i: grid.zeros(size),
      past: Array.from({ length: grid.longestDelay + 1 }, () => ({
        v: grid.zeros(size),
        i: grid.zeros(size),
      })),
    }),
  );
  const gradients = projections.map(({ weight }) => ({
    weight: grid.zeros(weight.length),
    delay: grid.zeros(weight.length),
  }));
  const undone = trial.spikes.map(
    ({ steps: { length } }): Undone => ({ left: length, lambdas: grid.zeros(length) }),
  );
  const order = [...inputSteps.keys()].sort((a, b) => inputSteps[b]! - inputSteps[a]!);
  let next = 0;
  for (let q = steps - 1; q >= 0; q--) {
    // Where a spike of this step arrives, all later steps have been undone, and this one has not.
    const returned = trial.spikes.map(({ steps: found, neurons }, p) => {
      const back: number[] = [];
      for (let k = undone[p]!.left - 1; k >= 0 && found[k] === q; k--)
        back.push(feedback(grid, adjoints, gradients, p, neurons[k]!, q + 1));
      return back;
    });
    loss.pull(q + 1, (p) => adjoints[p]!.v);
    populations.forEach((population, p) => {
      const its = adjoints[p]!;
      if (p === loss.population) pull(trial, its, q);
      undo(population, its, p === loss.population ? (n) => loss.target(n, q) : undefined);
      jumps(grid, trial, population, p, its, q, undone[p]!, returned[p]!);
      const slot = its.past[q % its.past.length]!;
      slot.v.set(its.v);
      slot.i.set(its.i);
    });
    for (; next < order.length && inputSteps[order[next]!]! > q; next++);
    for (; next < order.length && inputSteps[order[next]!]! === q; next++)
      feedback(grid, adjoints, gradients, -1, problem.input.sources[order[next]!]!, q);
  }
  return { projections: gradients, lambdas: undone.map(({ lambdas }) => lambdas) };
}

/** What a spike that arrived in `step` has done, through every synapse: gradients, and Σ w (λ_V − λ_I) of its targets. */
function feedback(
  grid: Grid,
  adjoints: readonly Adjoint[],
  gradients: readonly TwinGradient[],
  from: number,
  source: number,
  step: number,
): number {
  let sum = 0;
  for (const [k, projection] of grid.projections.entries()) {
    if (projection.from !== from) continue;
    const { past } = adjoints[projection.to]!;
    const { tauSyn } = grid.populations[projection.to]!.population;
    const { weight, pre, post } = projection;
    for (let n = 0; n < post; n++) {
      const synapse = n * pre + source;
      const at = step + delayOf(projection, synapse);
      if (at >= grid.steps) continue;
      const { v, i } = past[at % past.length]!;
      const difference = v[n]! - i[n]!;
      gradients[k]!.weight[synapse]! -= tauSyn[n]! * i[n]!;
      gradients[k]!.delay[synapse]! += weight[synapse]! * difference;
      sum += weight[synapse]! * difference;
    }
  }
  return sum;
}

function pull({ loss }: Trial, { v }: Adjoint, step: number): void {
  for (let n = 0; n < v.length; n++) v[n]! += loss.jump(n, step);
}

/** One step back: λ_V relaxes to the loss's pull, λ_I to λ_V. */
function undo(
  { decayV, decayI, adjointFromV }: GridPopulation,
  { v, i }: Adjoint,
  target: ((neuron: number) => number) | undefined,
): void {
  for (let n = 0; n < v.length; n++) {
    const to = target?.(n) ?? 0;
    i[n] = to + decayI[n]! * (i[n]! - to) + adjointFromV[n]! * (v[n]! - to);
    v[n] = to + decayV[n]! * (v[n]! - to);
  }
}

/** λ_V of every neuron that spiked in this step, and that its spikes are undone. */
function jumps(
  { convention }: Grid,
  trial: Trial,
  { population }: GridPopulation,
  p: number,
  { v }: Adjoint,
  step: number,
  undone: Undone,
  returned: readonly number[],
): void {
  const { steps, neurons, slopes } = trial.spikes[p]!;
  for (const back of returned) {
    const k = --undone.left;
    if (steps[k] !== step) throw new Error("spikes of a step went missing");
    const n = neurons[k]!;
    const height = population.threshold[n]! - (convention.jump === "threshold" ? 0 : population.reset[n]!);
    v[n]! += (height * v[n]! + back + trial.loss.onSpike(p, k)) / slopes[k]!;
    undone.lambdas[k] = v[n]!;
  }
}
