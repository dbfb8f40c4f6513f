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
  /** Neurons whose spikes do nothing. */
  readonly lost: ReadonlySet<number>;
  /** Whether it projects to anything. */
  readonly sends: boolean;
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
    (spikes, p): Undone => ({
      left: spikes.steps.length,
      lambdas: grid.zeros(spikes.steps.length),
      lost: lostOf(grid, spikes.steps, spikes.neurons),
      sends: projections.some(({ from }) => from === p),
    }),
  );
  const late = grid.convention.inputArrives === "next_step" ? 1 : 0;
  const lostChannels = lostOf(
    grid,
    inputSteps.map((step) => step - late),
    problem.input.sources,
  );
  const order = [...inputSteps.keys()].sort((a, b) => inputSteps[b]! - inputSteps[a]!);
  let next = 0;
  for (let q = steps - 1; q >= 0; q--) {
    // Where a spike of this step arrives, all later steps have been undone, and this one has not.
    const returned = trial.spikes.map(({ steps: found, neurons }, p) => {
      const back: number[] = [];
      const { left, lost } = undone[p]!;
      for (let k = left - 1; k >= 0 && found[k] === q; k--)
        back.push(lost.has(neurons[k]!) ? 0 : feedback(grid, adjoints, gradients, p, neurons[k]!, q + 1));
      return back;
    });
    loss.pull(q + 1, (p) => adjoints[p]!.v);
    populations.forEach((population, p) => {
      const its = adjoints[p]!;
      if (p === loss.population) pull(trial, its, q);
      undo(grid, population, its, p === loss.population ? (n) => loss.target(n, q) : undefined);
      if (p === loss.population && q === steps - 1) push(trial, its);
      jumps(grid, trial, population, p, its, q, undone[p]!, returned[p]!);
      const slot = its.past[q % its.past.length]!;
      slot.v.set(its.v);
      slot.i.set(its.i);
    });
    for (; next < order.length && inputSteps[order[next]!]! > q; next++);
    for (; next < order.length && inputSteps[order[next]!]! === q; next++) {
      const channel = problem.input.sources[order[next]!]!;
      if (!lostChannels.has(channel)) feedback(grid, adjoints, gradients, -1, channel, q);
    }
  }
  return { projections: gradients, lambdas: undone.map(({ lambdas }) => lambdas) };
}

/** Of one population, or of the input: neurons or channels that spike in the last step, if that keeps them from being undone. */
function lostOf(
  { convention, steps: count }: Grid,
  steps: ArrayLike<number>,
  neurons: ArrayLike<number>,
): Set<number> {
  const lost = new Set<number>();
  if (convention.lastStepSpikes === "undone") return lost;
  for (let k = 0; k < steps.length; k++) if (steps[k] === count - 1) lost.add(neurons[k]!);
  return lost;
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

function push({ loss }: Trial, { v }: Adjoint): void {
  for (let n = 0; n < v.length; n++) v[n]! += loss.pushAtEnd(n);
}

/** One step back: λ_V relaxes to the loss's pull, λ_I to λ_V. */
function undo(
  { convention }: Grid,
  { decayV, decayI, adjointFromV }: GridPopulation,
  { v, i }: Adjoint,
  target: ((neuron: number) => number) | undefined,
): void {
  for (let n = 0; n < v.length; n++) {
    const to = target?.(n) ?? 0;
    // Where λ_V is held at what it is at the start, what it relaxes to has no effect on λ_I yet.
    const its = convention.integrator === "step_start" ? 0 : to;
    i[n] = its + decayI[n]! * (i[n]! - its) + adjointFromV[n]! * (v[n]! - its);
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
    if (undone.lost.has(n)) continue;
    const height = population.threshold[n]! - (convention.jump === "threshold" ? 0 : population.reset[n]!);
    const own = trial.loss.onSpike(p, k);
    v[n]! += (height * v[n]! + back + own) / slopes[k]!;
    if (convention.adjointLimit === "one" && own === 0 && undone.sends) {
      const most = 1 / population.tauMem[n]!;
      v[n] = Math.min(Math.max(v[n]!, -most), most);
    }
    undone.lambdas[k] = v[n]!;
  }
}
