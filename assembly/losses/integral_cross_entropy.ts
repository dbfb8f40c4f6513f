/**
 * L = −log softmax(S)_y, S_k = (1/T) ∫₀ᵀ ω V_k dt, of a leaky integrator. V is linear in what arrives, so no voltage
 * is simulated: an arrival at s over weight w adds w K(s) to S. Hence per synapse ∂L/∂w = ∂L/∂S Σ K, ∂L/∂delay =
 * ∂L/∂S w Σ K′, and per arrival ∂L/∂t = Σ ∂L/∂S w K′: the same gradient as that of the simulated readout's adjoint.
 */
import { DelayKind, EventKind, PopulationFlag, Status, Weighting } from "../kinds";
import {
  Event, Plan, Population, Projection,
  eventAt, eventsEnd, instantAt, outgoing, populationAt, projectionAt,
} from "../plan";
import { InfluenceAt, biasShare, influence, initialShare } from "./influence";
import { addReadoutGradients } from "./integral_gradients";
import { carryInput, startInput } from "./input_weighting";
import { carrySigmoid, startSigmoid } from "./sigmoid";
import { crossEntropy } from "./softmax";

/** Σ over arrivals of K, K′, ∂K/∂α, ∂K/∂β: f64 each. */
export const sumsBytes: usize = 32;

enum Sweep {
  sums = 0,
  times = 1,
}

/** Whether all synapses of a row share an influence: equal time constants, arrival at one time. */
export function sharesInfluence(plan: Plan, projection: Projection): bool {
  const uniform = (populationAt(plan, projection.target).flags & PopulationFlag.uniform) != 0;
  return uniform && projection.delayKind != DelayKind.own;
}

/** Sums of one synapse, or of its whole row where they are shared. */
export function sumsOf(plan: Plan, projection: Projection, source: u32, j: u32): usize {
  const at = sharesInfluence(plan, projection) ? <usize>source : <usize>source * projection.stride + j;
  return projection.sums + at * sumsBytes;
}

function influenceOn(plan: Plan, population: Population, j: u32, k: u32, derivatives: bool): usize {
  const out = plan.scratch + 64;
  const at = <usize>j << 3;
  const instant = instantAt(plan, k);
  influence(plan, j, load<f64>(population.alpha + at), load<f64>(population.beta + at), instant.hi, instant.lo, derivatives, out);
  return out;
}

function addSums(sums: usize, out: usize, all: bool): void {
  const end: usize = all ? sumsBytes : 8;
  for (let at: usize = 0; at < end; at += 8) store<f64>(sums + at, load<f64>(sums + at) + load<f64>(out + at));
}

/**
 * An arrival whose synapses share an influence; K′ is kept for the second sweep, which finds Σ_j ∂L/∂S_j w_j of the row
 * in place of its sums.
 */
function visitRow(plan: Plan, k: u32, event: Event, origin: Event, projection: Projection, sweep: Sweep): void {
  const slope = plan.influenceSlopes + (<usize>k << 3);
  const sums = sumsOf(plan, projection, event.source, 0);
  if (sweep == Sweep.sums) {
    const all = plan.neuronGradients != 0 || plan.delayGradients != 0;
    const out = influenceOn(plan, populationAt(plan, projection.target), 0, k, all);
    addSums(sums, out, all);
    store<f64>(slope, load<f64>(out, InfluenceAt.slope));
  } else {
    origin.derivative += load<f64>(sums) * load<f64>(slope);
  }
}

/** An arrival at synapses each with its own influence. */
function visitSynapses(plan: Plan, k: u32, event: Event, origin: Event, projection: Projection, sweep: Sweep): void {
  const population = populationAt(plan, projection.target);
  const own = projection.delayKind == DelayKind.own;
  const row = <usize>event.source * projection.stride;
  const first: u32 = own ? event.first : 0;
  const end = own ? first + event.count : population.size;
  const all = plan.neuronGradients != 0 || plan.delayGradients != 0;
  for (let n = first; n < end; n++) {
    const j = own ? load<u32>(projection.order + ((row + n) << 2)) : n;
    // Uniform populations share one sigmoid state.
    const state = population.flags & PopulationFlag.uniform ? 0 : j;
    const out = influenceOn(plan, population, state, k, all && sweep == Sweep.sums);
    if (sweep == Sweep.sums) {
      addSums(sumsOf(plan, projection, event.source, j), out, all);
    } else {
      const weight = <f64>load<real>(projection.weight + (row + j) * sizeof<real>());
      origin.derivative += load<f64>(plan.dReadout + (<usize>j << 3)) * weight * load<f64>(out, InfluenceAt.slope);
    }
  }
}

function visit(plan: Plan, k: u32, event: Event, origin: Event, p: u32, sweep: Sweep): void {
  const projection = projectionAt(plan, p);
  if (projection.target != plan.lossPopulation) return;
  if (sharesInfluence(plan, projection)) visitRow(plan, k, event, origin, projection, sweep);
  else visitSynapses(plan, k, event, origin, projection, sweep);
}

function visitInstant(plan: Plan, k: u32, sweep: Sweep): void {
  const end = eventsEnd(plan, k);
  for (let e = instantAt(plan, k).events; e < end; e++) {
    const event = eventAt(plan, e);
    if (event.kind == EventKind.delivery) {
      visit(plan, k, event, eventAt(plan, event.origin), event.projection, sweep);
      continue;
    }
    const range = outgoing(plan, event.group);
    for (let p = <u32>range; p < <u32>(range >> 32); p++) {
      if (projectionAt(plan, p).delayKind == DelayKind.none) visit(plan, k, event, event, p, sweep);
    }
  }
}

/** Visits every arrival from the last to the first. */
function sweepBack(plan: Plan, sweep: Sweep): void {
  const population = populationAt(plan, plan.lossPopulation);
  const count: u32 = population.flags & PopulationFlag.uniform ? 1 : population.size;
  const weighting = plan.weighting;
  if (weighting == Weighting.sigmoid) startSigmoid(plan, count);
  if (weighting == Weighting.input) startInput(plan, count);
  let hi = plan.duration;
  let lo = 0.0;
  for (let k = plan.instantCount; k > 0; k--) {
    const instant = instantAt(plan, k - 1);
    const x = hi - instant.hi + (lo - instant.lo);
    if (weighting == Weighting.sigmoid) carrySigmoid(plan, population, count, instant.hi, x);
    if (weighting == Weighting.input) carryInput(plan, population, count, k, x);
    hi = instant.hi;
    lo = instant.lo;
    visitInstant(plan, k - 1, sweep);
  }
  if (weighting == Weighting.sigmoid) carrySigmoid(plan, population, count, 0, hi + lo);
  if (weighting == Weighting.input) carryInput(plan, population, count, 0, hi + lo);
}

/** S without the arrivals: what the initial state and the bias contribute. */
function startReadout(plan: Plan, population: Population): void {
  for (let j: u32 = 0; j < population.size; j++) {
    const at = <usize>j << 3;
    const state = population.flags & PopulationFlag.uniform ? 0 : j;
    const alpha = load<f64>(population.alpha + at);
    const u0 = <f64>load<real>(population.u0 + <usize>j * sizeof<real>());
    const i0 = <f64>load<real>(population.i0 + <usize>j * sizeof<real>());
    let s = load<f64>(population.bias + at) * biasShare(plan) + u0 * initialShare(plan, state, alpha);
    if (i0 != 0) {
      influence(plan, state, alpha, load<f64>(population.beta + at), 0, 0, false, plan.scratch + 64);
      s += i0 * load<f64>(plan.scratch + 64, InfluenceAt.value);
    }
    store<f64>(plan.readout + at, s);
  }
}

function addReadouts(plan: Plan, projection: Projection): void {
  const population = populationAt(plan, projection.target);
  for (let source: u32 = 0; source < projection.pre; source++) {
    const row = projection.weight + <usize>source * projection.stride * sizeof<real>();
    for (let j: u32 = 0; j < population.size; j++) {
      const at = plan.readout + (<usize>j << 3);
      const weight = <f64>load<real>(row + <usize>j * sizeof<real>());
      store<f64>(at, load<f64>(at) + weight * load<f64>(sumsOf(plan, projection, source, j)));
    }
  }
}

/** Loss, readout S and ∂L/∂S of a recorded trial. */
export function integralCrossEntropy(plan: Plan): Status {
  const population = populationAt(plan, plan.lossPopulation);
  for (let p: u32 = 0; p < plan.projectionCount; p++) {
    const projection = projectionAt(plan, p);
    if (projection.target != plan.lossPopulation) continue;
    const perSource: usize = sharesInfluence(plan, projection) ? 1 : projection.stride;
    memory.fill(projection.sums, 0, <usize>projection.pre * perSource * sumsBytes);
  }
  sweepBack(plan, Sweep.sums);
  startReadout(plan, population);
  for (let p: u32 = 0; p < plan.projectionCount; p++) {
    if (projectionAt(plan, p).target == plan.lossPopulation) addReadouts(plan, projectionAt(plan, p));
  }
  plan.loss = crossEntropy(plan.readout, population.size, plan.target, plan.dReadout);
  return Status.ok;
}

/** Adds the gradients of everything at the readout, and the explicit ∂l/∂t of what projects to it. */
export function integralAdjoint(plan: Plan): void {
  addReadoutGradients(plan);
  sweepBack(plan, Sweep.times);
}
