/**
 * L = −log softmax(M)_y, M_k = max(0, max_t V_k). At an interior maximum dV/dt = 0, so ∂M/∂V acts at a fixed time;
 * at a kink, where an arrival turns a rising voltage, moving that arrival moves the maximum along the rising flank.
 */
import { extremum } from "../crossing";
import { rowOf } from "../deliver";
import { coefficients, loadCurrent } from "../coefficients";
import { DelayKind, EventKind, Status } from "../kinds";
import {
  Event, Plan, Population,
  eventAt, eventsEnd, instantAt, intervalLength, outgoing, populationAt, projectionAt,
} from "../plan";
import { pull, startI, startU, voltageAt } from "../readout";
import { replay } from "../replay";
import { crossEntropy } from "./softmax";

/** Of each readout neuron: interval of its maximum (−1: none above 0), x ms into it, and whether that is its end. */
const intervalAt: usize = 0;
const offsetAt: usize = 8;
const atEndAt: usize = 16;
const recordBytes: usize = 64;

function recordOf(plan: Plan, j: u32): usize {
  return plan.lossScratch + <usize>j * recordBytes;
}

function consider(plan: Plan, j: u32, v: f64, k: u32, x: f64, atEnd: bool): void {
  const readout = plan.readout + (<usize>j << 3);
  if (!(v > load<f64>(readout))) return;
  store<f64>(readout, v);
  const record = recordOf(plan, j);
  store<f64>(record, <f64>k, intervalAt);
  store<f64>(record, x, offsetAt);
  store<f64>(record, atEnd ? 1.0 : 0.0, atEndAt);
}

function considerInterval(plan: Plan, population: Population, k: u32, x: f64): void {
  // What follows without delay belongs to the kink before it.
  if (k > 0 && x <= 0) return;
  for (let j: u32 = 0; j < population.size; j++) {
    const u = startU(plan, population, j, k);
    const i = startI(plan, population, j, k);
    if (k == 0) consider(plan, j, voltageAt(plan, population, j, u, i, 0), 0, 0, false);
    if (i > u && i > 0) {
      const at = <usize>j << 3;
      const peak = extremum(u, i, load<f64>(population.alpha + at), load<f64>(population.beta + at));
      if (peak > 0 && peak < x) consider(plan, j, voltageAt(plan, population, j, u, i, peak), k, peak, false);
    }
    consider(plan, j, voltageAt(plan, population, j, u, i, x), k, x, true);
  }
}

/** Loss, readout M and ∂L/∂M of a recorded trial, and the explicit ∂M/∂t of kinks. */
export function maxCrossEntropy(plan: Plan): Status {
  const population = populationAt(plan, plan.lossPopulation);
  for (let j: u32 = 0; j < population.size; j++) {
    store<f64>(plan.readout + (<usize>j << 3), 0);
    store<f64>(recordOf(plan, j), -1, intervalAt);
  }
  for (let first: u32 = 0; first <= plan.instantCount; first += plan.segment) {
    const last = min(first + plan.segment - 1, plan.instantCount);
    replay(plan, first, last);
    for (let k = first; k <= last; k++) considerInterval(plan, population, k, max(intervalLength(plan, k), 0.0));
  }
  plan.loss = crossEntropy(plan.readout, population.size, plan.target, plan.dReadout);
  for (let j: u32 = 0; j < population.size; j++) moveKink(plan, population, j);
  return Status.ok;
}

/** Whether an event reaches neuron j over projection p at its own instant. */
function reaches(plan: Plan, event: Event, p: u32, j: u32): bool {
  const projection = projectionAt(plan, p);
  if (projection.target != plan.lossPopulation) return false;
  if (event.kind != EventKind.delivery) return projection.delayKind == DelayKind.none;
  if (projection.delayKind != DelayKind.own) return true;
  const order = projection.order + ((<usize>event.source * projection.stride) << 2);
  for (let n = event.first; n < event.first + event.count; n++) {
    if (load<u32>(order + (<usize>n << 2)) == j) return true;
  }
  return false;
}

/**
 * Charges a maximum at a kink to the arrivals that turned the voltage there, each with what it took of the slope: the
 * shares add up to the slope before, along which the maximum moves if all of them do.
 */
function moveKink(plan: Plan, population: Population, j: u32): void {
  const record = recordOf(plan, j);
  const interval = load<f64>(record, intervalAt);
  if (interval < 0 || interval >= <f64>plan.instantCount || load<f64>(record, atEndAt) == 0) return;
  const k = <u32>interval;
  const at = <usize>j << 3;
  const alpha = load<f64>(population.alpha + at);
  replay(plan, k - (k % plan.segment), k);
  coefficients(alpha, load<f64>(population.beta + at), load<f64>(record, offsetAt), plan.scratch);
  const current = startI(plan, population, j, k) * loadCurrent(plan.scratch);
  let slope = alpha * (current - (load<f64>(plan.readout + at) - load<f64>(population.bias + at)));
  // Instants that follow without delay belong to the same kink.
  let end = k;
  while (end + 1 < plan.instantCount && intervalLength(plan, end + 1) <= 0) end++;
  for (let e = instantAt(plan, k).events; e < eventsEnd(plan, end); e++) {
    const event = eventAt(plan, e);
    const delayed = event.kind == EventKind.delivery;
    const range = outgoing(plan, event.group);
    const last = delayed ? event.projection + 1 : <u32>(range >> 32);
    for (let p = delayed ? event.projection : <u32>range; p < last; p++) {
      if (!reaches(plan, event, p, j)) continue;
      const synapse = rowOf(0, projectionAt(plan, p), event.source) + <usize>j * sizeof<real>();
      const after = slope + alpha * <f64>load<real>(projectionAt(plan, p).weight + synapse);
      const share = load<f64>(plan.dReadout + at) * (slope - max(after, 0));
      chargeKink(plan, event, projectionAt(plan, p).dDelay + synapse, share);
      if (after <= 0) return;
      slope = after;
    }
  }
}

function chargeKink(plan: Plan, event: Event, delay: usize, derivative: f64): void {
  const origin = event.kind == EventKind.delivery ? eventAt(plan, event.origin) : event;
  origin.derivative += derivative;
  if (plan.delayGradients) store<real>(delay, <real>(<f64>load<real>(delay) + derivative));
}

/** Adjoint of the maxima that lie in interval k. */
export function pullMaximum(plan: Plan, k: u32): void {
  const population = populationAt(plan, plan.lossPopulation);
  for (let j: u32 = 0; j < population.size; j++) {
    const record = recordOf(plan, j);
    if (load<f64>(record, intervalAt) != <f64>k) continue;
    pull(plan, population, j, k, load<f64>(record, offsetAt), load<f64>(plan.dReadout + (<usize>j << 3)));
  }
}
