/**
 * L = −log softmax(M)_y, M_k = max(0, max_t V_k). At an interior maximum dV/dt = 0, so ∂M/∂V acts at a fixed time;
 * at a kink, where an arrival turns a rising voltage, moving that arrival moves the maximum along the rising flank.
 */

import { EventKind, Status } from "../kinds";
import { addReal, entryOf, f64Of, Reals, realOf, setF64 } from "../memory";
import { coefficients } from "../neuron/coefficients";
import { extremum, slopeOf } from "../neuron/lif";
import { fromRest, Population } from "../neuron/population";
import { reaches } from "../trial/deliver";
import { LossPlan, Maximum } from "../trial/loss_plan";
import { outgoing, populationAt, projectionAt, rowOf } from "../trial/network";
import { pull, startI, startU, voltageAt } from "../trial/readout";
import { Event, eventAt, eventsEnd, instantAt, intervalLength, originOf } from "../trial/record";
import { replay, segmentStart } from "../trial/replay";
import { Trial } from "../trial/trial";
import { crossEntropy } from "./softmax";

function maximumOf(loss: LossPlan, j: u32): Maximum {
  return entryOf<Maximum>(loss.maxima, j);
}

function consider(loss: LossPlan, j: u32, v: f64, k: u32, x: f64, isAtEnd: bool): void {
  if (!(v > f64Of(loss.readout, j))) return;
  setF64(loss.readout, j, v);
  const maximum = maximumOf(loss, j);
  maximum.exists = 1;
  maximum.interval = k;
  maximum.offset = x;
  maximum.isAtEnd = isAtEnd ? 1 : 0;
}

function considerInterval(trial: Trial, population: Population, k: u32, x: f64): void {
  // What follows without delay belongs to the kink before it.
  if (k > 0 && x <= 0) return;
  const loss = trial.loss;
  for (let j: u32 = 0; j < population.size; j++) {
    const u = startU(trial, population, j, k);
    const i = startI(trial, population, j, k);
    if (k == 0) consider(loss, j, voltageAt(loss, population, j, u, i, 0), 0, 0, false);
    const d = fromRest(population, j, u);
    if (i > d && i > 0) {
      const peak = extremum(d, i, f64Of(population.alpha, j), f64Of(population.beta, j));
      if (peak > 0 && peak < x) consider(loss, j, voltageAt(loss, population, j, u, i, peak), k, peak, false);
    }
    consider(loss, j, voltageAt(loss, population, j, u, i, x), k, x, true);
  }
}

/** Loss, readout M and ∂L/∂M of a recorded trial, and the explicit ∂M/∂t of kinks. */
export function maxCrossEntropy(trial: Trial): Status {
  const loss = trial.loss;
  const record = trial.record;
  const population = populationAt(trial.network, loss.population);
  for (let j: u32 = 0; j < population.size; j++) {
    setF64(loss.readout, j, 0);
    maximumOf(loss, j).exists = 0;
  }
  for (let first: u32 = 0; first <= record.instantCount; first += record.segment) {
    const last = min(first + record.segment - 1, record.instantCount);
    replay(record, trial.network, first, last);
    for (let k = first; k <= last; k++)
      considerInterval(trial, population, k, max(intervalLength(record, k), 0.0));
  }
  loss.value = crossEntropy(loss.readout, population.size, loss.target, loss.dReadout);
  for (let j: u32 = 0; j < population.size; j++) moveKink(trial, population, j);
  return Status.ok;
}

/**
 * Charges a maximum at a kink to the arrivals that turned the voltage there, each with what it took of the slope: the
 * shares add up to the slope before, along which the maximum moves if all of them do.
 */
function moveKink(trial: Trial, population: Population, j: u32): void {
  const loss = trial.loss;
  const record = trial.record;
  const network = trial.network;
  const maximum = maximumOf(loss, j);
  const k = maximum.interval;
  if (!maximum.exists || k >= record.instantCount || !maximum.isAtEnd) return;
  const alpha = f64Of(population.alpha, j);
  replay(record, network, segmentStart(record, k), k);
  coefficients(alpha, f64Of(population.beta, j), maximum.offset, loss.coefficients);
  const current = startI(trial, population, j, k) * loss.coefficients.current;
  const u = f64Of(loss.readout, j) - f64Of(population.origin, j);
  let slope = slopeOf(fromRest(population, j, u), current, alpha);
  // Instants that follow without delay belong to the same kink.
  let end = k;
  while (end + 1 < record.instantCount && intervalLength(record, end + 1) <= 0) end++;
  for (let e = instantAt(record, k).events; e < eventsEnd(record, end); e++) {
    const event = eventAt(record, e);
    const delayed = event.kind == EventKind.delivery;
    const range = outgoing(network, event.group);
    const last = delayed ? event.projection + 1 : <u32>(range >> 32);
    for (let p = delayed ? event.projection : <u32>range; p < last; p++) {
      if (!reaches(network, event, p, loss.population, j)) continue;
      const projection = projectionAt(network, p);
      const after = slope + alpha * realOf(rowOf(projection.weight, projection, event.source), j);
      const share = f64Of(loss.dReadout, j) * (slope - max(after, 0));
      chargeKink(trial, event, rowOf(projection.dDelay, projection, event.source), j, share);
      if (after <= 0) return;
      slope = after;
    }
  }
}

function chargeKink(trial: Trial, event: Event, delays: Reals, j: u32, derivative: f64): void {
  originOf(trial.record, event).derivative += derivative;
  if (trial.wanted.delays) addReal(delays, j, derivative);
}

/** Adjoint of the maxima that lie in interval k. */
export function pullMaximum(trial: Trial, k: u32): void {
  const loss = trial.loss;
  const population = populationAt(trial.network, loss.population);
  for (let j: u32 = 0; j < population.size; j++) {
    const maximum = maximumOf(loss, j);
    if (!maximum.exists || maximum.interval != k) continue;
    pull(trial, population, j, k, maximum.offset, f64Of(loss.dReadout, j));
  }
}
