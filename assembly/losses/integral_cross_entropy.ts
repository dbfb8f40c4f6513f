/**
 * L = −log softmax(S)_y, S_k = (1/T) ∫₀ᵀ ω V_k dt, of a leaky integrator. V is linear in what arrives, so no voltage
 * is simulated: an arrival at s over weight w adds w K(s) to S. Hence per synapse ∂L/∂w = ∂L/∂S Σ K, ∂L/∂delay =
 * ∂L/∂S w Σ K′, and per arrival ∂L/∂t = Σ ∂L/∂S w K′: the same gradient as that of the simulated readout's adjoint.
 */

import { DelayKind, EventKind, PopulationFlag, Status, Weighting } from "../kinds";
import { addF64, f64Of, realOf, setF64, u32Of } from "../memory";
import { biasOf, Population } from "../neuron/population";
import { Influence } from "../trial/loss_plan";
import { orderOf, outgoing, Projection, populationAt, projectionAt, rowOf } from "../trial/network";
import { firstReading, readingAt } from "../trial/readings";
import { Event, eventAt, instantAt, intervalLength, originOf } from "../trial/record";
import { Trial } from "../trial/trial";
import {
  addInfluence,
  clearSums,
  isRowWise,
  sharesInfluence,
  stateOf,
  sumsOf,
  valueOf,
} from "./influence_sums";
import { addReadoutGradients } from "./integral_gradients";
import { biasShare, influence, isCarried, stateShare } from "./integral_influence";
import { carryInput, startInput } from "./integral_input";
import { carrySigmoid, startSigmoid } from "./integral_sigmoid";
import { addOwnInfluence, keepReadoutGradient, ownMove, startOwn } from "./own_influence";
import { crossEntropy } from "./softmax";

enum Sweep {
  sums = 0,
  times = 1,
}

function influenceOn(trial: Trial, population: Population, j: u32, k: u32, withDerivatives: bool): Influence {
  const instant = instantAt(trial.record, k);
  const alpha = f64Of(population.alpha, j);
  const beta = f64Of(population.beta, j);
  return influence(
    trial.loss,
    trial.record.duration,
    j,
    alpha,
    beta,
    instant.hi,
    instant.lo,
    withDerivatives,
  );
}

/** Whether sums are needed of more than K. */
function wantsAll(trial: Trial): bool {
  return trial.wanted.neurons != 0 || trial.wanted.delays != 0;
}

/**
 * An arrival whose synapses share an influence; K′ is kept for the second sweep, which finds Σ_j ∂L/∂S_j w_j of the row
 * in place of its sums.
 */
function visitRow(trial: Trial, k: u32, event: Event, projection: Projection, sweep: Sweep): void {
  const sums = sumsOf(trial.network, projection, event.source, 0);
  if (sweep == Sweep.sums) {
    const all = wantsAll(trial);
    const found = influenceOn(trial, populationAt(trial.network, projection.target), 0, k, all);
    addInfluence(sums, found, all);
    setF64(trial.loss.influenceSlopes, k, found.slope);
  } else {
    originOf(trial.record, event).derivative += sums.value * f64Of(trial.loss.influenceSlopes, k);
  }
}

/** An arrival at a row of synapses, each with its own influence. */
function visitOwnRow(trial: Trial, k: u32, event: Event, projection: Projection, sweep: Sweep): void {
  const loss = trial.loss;
  const instant = instantAt(trial.record, k);
  const population = populationAt(trial.network, projection.target);
  const duration = trial.record.duration;
  const weights = rowOf(projection.weight, projection, event.source);
  if (sweep == Sweep.sums) {
    const sums = rowOf(projection.rowSums, projection, event.source);
    const slopes = trial.wanted.delays ? rowOf(projection.rowSlopes, projection, event.source) : 0;
    const derived = trial.wanted.neurons ? weights : 0;
    addOwnInfluence(loss, population, duration, instant.hi, instant.lo, sums, slopes, derived);
  } else {
    originOf(trial.record, event).derivative += ownMove(
      loss,
      population,
      duration,
      instant.hi,
      instant.lo,
      weights,
    );
  }
}

/** An arrival at synapses each with its own influence. */
function visitSynapses(trial: Trial, k: u32, event: Event, projection: Projection, sweep: Sweep): void {
  const population = populationAt(trial.network, projection.target);
  const origin = originOf(trial.record, event);
  const weights = rowOf(projection.weight, projection, event.source);
  const order = orderOf(projection, event.source);
  const own = projection.delayKind == DelayKind.own;
  const first: u32 = own ? event.first : 0;
  const end = own ? first + event.count : population.size;
  const all = wantsAll(trial);
  for (let n = first; n < end; n++) {
    const j = own ? u32Of(order, n) : n;
    const found = influenceOn(trial, population, stateOf(population, j), k, all && sweep == Sweep.sums);
    if (sweep == Sweep.sums) {
      addInfluence(sumsOf(trial.network, projection, event.source, j), found, all);
    } else {
      origin.derivative += f64Of(trial.loss.dReadout, j) * realOf(weights, j) * found.slope;
    }
  }
}

function visit(trial: Trial, k: u32, event: Event, p: u32, sweep: Sweep): void {
  const projection = projectionAt(trial.network, p);
  if (projection.target != trial.loss.population) return;
  if (isRowWise(trial, projection)) visitOwnRow(trial, k, event, projection, sweep);
  else if (sharesInfluence(trial.network, projection)) visitRow(trial, k, event, projection, sweep);
  else visitSynapses(trial, k, event, projection, sweep);
}

/** Whether the input projects to the readout without a delay: as a rule not, and then most events need no look. */
function inputReaches(trial: Trial): bool {
  for (let p: u32 = 0; p < trial.network.inputProjectionsEnd; p++) {
    const projection = projectionAt(trial.network, p);
    if (projection.target == trial.loss.population && projection.delayKind == DelayKind.none) return true;
  }
  return false;
}

function visitInstant(trial: Trial, k: u32, end: u32, sweep: Sweep, withInput: bool): void {
  const instant = instantAt(trial.record, k);
  const first = instant.events;
  if (first == end && sweep == Sweep.times) visitReadings(trial, k);
  if (instant.isInput && !withInput) return;
  for (let e = first; e < end; e++) {
    const event = eventAt(trial.record, e);
    if (event.kind == EventKind.delivery) {
      visit(trial, k, event, event.projection, sweep);
      continue;
    }
    const range = outgoing(trial.network, event.group);
    for (let p = <u32>range; p < <u32>(range >> 32); p++) {
      if (projectionAt(trial.network, p).delayKind == DelayKind.none) visit(trial, k, event, p, sweep);
    }
  }
}

/** Sensitivities of the loss to the readout's own state, where somebody reads it. */
function visitReadings(trial: Trial, k: u32): void {
  const loss = trial.loss;
  const instant = instantAt(trial.record, k);
  const population = populationAt(trial.network, loss.population);
  for (let n = firstReading(trial.readings, instant.hi); n < trial.readings.count; n++) {
    const reading = readingAt(trial.readings, n);
    if (reading.time != instant.hi) return;
    if (reading.population != loss.population) continue;
    const state = stateOf(population, reading.neuron);
    const alpha = f64Of(population.alpha, state);
    const dReadout = f64Of(loss.dReadout, reading.neuron);
    reading.gv += dReadout * stateShare(loss, trial.record.duration, state, alpha, instant.hi, instant.lo);
    reading.gi += dReadout * influenceOn(trial, population, state, k, false).value;
  }
}

/** Carries what the weighting carries over the interval that follows instant k − 1 (0: the start). */
function carryBack(trial: Trial, population: Population, count: u32, k: u32): void {
  const loss = trial.loss;
  const duration = trial.record.duration;
  const x = intervalLength(trial.record, k);
  const time = k == 0 ? 0.0 : instantAt(trial.record, k - 1).hi;
  if (loss.weighting == Weighting.sigmoid) carrySigmoid(loss, duration, population, count, time, x);
  if (loss.weighting == Weighting.input) {
    carryInput(loss, duration, population, count, k, x, trial.wanted.neurons != 0);
  }
}

/** Visits every arrival from the last to the first. */
function sweepBack(trial: Trial, sweep: Sweep): void {
  const loss = trial.loss;
  const record = trial.record;
  const population = populationAt(trial.network, loss.population);
  const count: u32 = population.flags & PopulationFlag.uniform ? 1 : population.size;
  const carries = isCarried(loss);
  if (loss.weighting == Weighting.sigmoid) startSigmoid(loss, record.duration, count);
  if (loss.weighting == Weighting.input) startInput(loss, record, count);
  const withInput = inputReaches(trial);
  let end = record.eventCount;
  for (let k = record.instantCount; k > 0; k--) {
    if (carries) carryBack(trial, population, count, k);
    visitInstant(trial, k - 1, end, sweep, withInput);
    end = instantAt(record, k - 1).events;
  }
  if (carries) carryBack(trial, population, count, 0);
}

/** S without the arrivals: what the initial state and the bias contribute. */
function startReadout(trial: Trial, population: Population): void {
  const loss = trial.loss;
  const duration = trial.record.duration;
  for (let j: u32 = 0; j < population.size; j++) {
    const state = stateOf(population, j);
    const alpha = f64Of(population.alpha, j);
    const i0 = realOf(population.i0, j);
    const v0 = f64Of(population.origin, j) + realOf(population.u0, j);
    let s = v0 * stateShare(loss, duration, state, alpha, 0, 0);
    s += biasOf(population, j) * biasShare(loss, duration, state, alpha);
    if (i0 != 0)
      s += i0 * influence(loss, duration, state, alpha, f64Of(population.beta, j), 0, 0, false).value;
    setF64(loss.readout, j, s);
  }
}

function addReadouts(trial: Trial, projection: Projection): void {
  const population = populationAt(trial.network, projection.target);
  for (let source: u32 = 0; source < projection.pre; source++) {
    const row = rowOf(projection.weight, projection, source);
    for (let j: u32 = 0; j < population.size; j++) {
      addF64(trial.loss.readout, j, realOf(row, j) * valueOf(trial, projection, source, j));
    }
  }
}

/** Loss, readout S and ∂L/∂S of a recorded trial. */
export function integralCrossEntropy(trial: Trial): Status {
  const loss = trial.loss;
  const network = trial.network;
  const population = populationAt(network, loss.population);
  for (let p: u32 = 0; p < network.projectionCount; p++) {
    const projection = projectionAt(network, p);
    if (projection.target == loss.population) clearSums(trial, projection);
  }
  startOwn(loss, population, trial.record.duration);
  sweepBack(trial, Sweep.sums);
  startReadout(trial, population);
  for (let p: u32 = 0; p < network.projectionCount; p++) {
    if (projectionAt(network, p).target == loss.population) addReadouts(trial, projectionAt(network, p));
  }
  loss.value = crossEntropy(loss.readout, population.size, loss.target, loss.dReadout);
  return Status.ok;
}

/** Adds the gradients of everything at the readout, and the explicit ∂l/∂t of what projects to it. */
export function integralAdjoint(trial: Trial): void {
  addReadoutGradients(trial);
  keepReadoutGradient(trial.loss, populationAt(trial.network, trial.loss.population));
  sweepBack(trial, Sweep.times);
}
