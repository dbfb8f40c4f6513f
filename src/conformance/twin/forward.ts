/** One trial, step by step. */
import { delayOf, type Grid, type GridPopulation, type TwinSpikes, type Values } from "./grid.ts";
import { twinLoss } from "./losses/losses.ts";
import type { TwinLoss, Voltages } from "./losses/twinLoss.ts";

/** Of the threshold's unit, where rounding is not larger. */
const closeness = 1e-3;

export interface Trial {
  /** By population; empty for `li`. */
  readonly spikes: readonly TwinSpikes[];
  readonly loss: TwinLoss;
}

interface State {
  readonly v: Values;
  readonly i: Values;
  /** What arrives in coming steps, [step modulo its length][neuron]. */
  readonly underWay: readonly Values[];
  /** What arrives in the last step without a delay of its own. */
  readonly promptAtLast: Values;
}

export function forward(grid: Grid): Trial {
  const { populations, steps, convention, inputSteps, problem } = grid;
  const loss = twinLoss(grid);
  const states = populations.map(
    ({ population }): State => ({
      v: valuesOf(grid, population.v0),
      i: valuesOf(grid, population.i0),
      underWay: Array.from({ length: grid.longestDelay + 1 }, () => grid.zeros(population.size)),
      promptAtLast: grid.zeros(population.size),
    }),
  );
  const spikes = populations.map((): TwinSpikes => ({ steps: [], neurons: [], slopes: [], close: [] }));
  const voltages: Voltages = (p) => states[p]!.v;
  const look = (step: number): void => {
    if (loss.population >= 0) loss.look(voltages(loss.population), step);
  };
  const order = [...inputSteps.keys()].sort((a, b) => inputSteps[a]! - inputSteps[b]! || a - b);
  let next = 0;
  loss.between(0, voltages);
  for (let n = 0; n < steps; n++) {
    for (; next < order.length && inputSteps[order[next]!]! === n; next++)
      send(grid, states, -1, problem.input.sources[order[next]!]!, n);
    const last = convention.zeroOut && n === steps - 1;
    for (const state of states) arrive(state, n, last, last && convention.zeroOutDelayed);
    if (loss.looksBefore) look(n);
    populations.forEach((population, p) => {
      advance(grid, population, states[p]!, spikes[p]!, n);
    });
    if (!loss.looksBefore) look(n);
    loss.between(n + 1, voltages);
    for (const [p, { steps: found, neurons }] of spikes.entries())
      for (let k = found.length - 1; k >= 0 && found[k] === n; k--) send(grid, states, p, neurons[k]!, n + 1);
  }
  loss.end(spikes);
  return { spikes, loss };
}

function valuesOf(grid: Grid, from: Float64Array): Values {
  const values = grid.zeros(from.length);
  values.set(from);
  return values;
}

/** Puts what a spike sends under way: to arrive in `step`, or by its delays later. */
function send(grid: Grid, states: readonly State[], from: number, source: number, step: number): void {
  for (const projection of grid.projections) {
    if (projection.from !== from) continue;
    const { underWay, promptAtLast } = states[projection.to]!;
    const { weight, pre, post } = projection;
    for (let n = 0; n < post; n++) {
      const delay = delayOf(projection, n * pre + source);
      underWay[(step + delay) % underWay.length]![n]! += weight[n * pre + source]!;
      if (delay === 0 && step === grid.steps - 1) promptAtLast[n]! += weight[n * pre + source]!;
    }
  }
}

/** @param lost whether currents are set to zero first @param promptOnly whether what had a delay is lost too */
function arrive(
  { i, underWay, promptAtLast }: State,
  step: number,
  lost: boolean,
  promptOnly: boolean,
): void {
  const now = underWay[step % underWay.length]!;
  const arriving = promptOnly ? promptAtLast : now;
  for (let n = 0; n < i.length; n++) i[n] = (lost ? 0 : i[n]!) + arriving[n]!;
  now.fill(0);
}

function advance(
  { convention }: Grid,
  { population, decayV, decayI, fromI, drive, rounding }: GridPopulation,
  { v, i }: State,
  { steps, neurons, slopes, close }: TwinSpikes,
  step: number,
): void {
  const { size, model, threshold, reset, bias } = population;
  for (let n = 0; n < size; n++) {
    const before = i[n]!;
    v[n] = decayV[n]! * v[n]! + fromI[n]! * before + drive[n]!;
    i[n]! *= decayI[n]!;
    if (model === "li") continue;
    const margin = v[n]! - threshold[n]!;
    if (Math.abs(margin) < Math.max(closeness, rounding[n]!)) close.push({ step, neuron: n, margin });
    if (margin < 0) continue;
    steps.push(step);
    neurons.push(n);
    const current = convention.slopeCurrent === "start" ? before : i[n]!;
    slopes.push(current + bias[n]! - (convention.slopeVoltage === "threshold" ? threshold[n]! : v[n]!));
    v[n] = reset[n]!;
  }
}
