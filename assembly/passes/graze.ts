/**
 * How far the set of spikes is from changing: the smallest change of one neuron's threshold at which, everything else being
 * as it was, it spikes once more or once less.
 *
 * - More: V has a maximum below the threshold, inside an interval, where an arrival turns it, or at T where it still rises.
 * - Less: without its reset V goes on rising after a spike, through what arrives then, up to its next maximum; a threshold
 *   beyond that is not reached there. What the spike itself brings back to its neuron is left out: it comes after the spike.
 */

import { EventKind } from "../kinds";
import { f64Of, realOf } from "../memory";
import { extremum, rise, slopeOf } from "../neuron/lif";
import { fromRest, Population } from "../neuron/population";
import { reaches } from "../trial/deliver";
import { Network, outgoing, populationAt, projectionAt, rowOf } from "../trial/network";
import { startI, startU } from "../trial/readout";
import { Event, eventAt, eventsEnd, instantAt, intervalLength, originOf, Record } from "../trial/record";
import { replay } from "../trial/replay";
import { Graze, Trial } from "../trial/trial";

function consider(graze: Graze, p: u32, j: u32, time: f64, margin: f64): void {
  if (!(margin < graze.margin)) return;
  graze.margin = margin;
  graze.population = p;
  graze.neuron = j;
  graze.time = time;
}

function spikesAt(record: Record, k: u32, p: u32, j: u32): bool {
  for (let e = instantAt(record, k).events; e < eventsEnd(record, k); e++) {
    const event = eventAt(record, e);
    if (event.kind == EventKind.spike && event.group == 1 + p && event.source == j) return true;
  }
  return false;
}

/** Maximum of one neuron inside interval k, or at its end: where an arrival turns the voltage, or the trial ends. */
function considerNeuron(
  trial: Trial,
  population: Population,
  p: u32,
  j: u32,
  k: u32,
  begin: f64,
  x: f64,
): void {
  const graze = trial.graze;
  const u = startU(trial, population, j, k);
  const d = fromRest(population, j, u);
  const i = startI(trial, population, j, k);
  const alpha = f64Of(population.alpha, j);
  const beta = f64Of(population.beta, j);
  const gap = f64Of(population.threshold, j) - u;
  const rises = i > d;
  // Driven by I > 0 a voltage stays below its tangent: most neurons are done here.
  if (rises && i > 0 && gap - alpha * x * (i - d) > graze.margin) return;
  const turn = extremum(d, i, alpha, beta);
  const turns = turn > 0 && turn < x;
  if (rises && turns && i > 0) {
    consider(graze, p, j, begin + turn, abs(gap - rise(d, i, alpha, beta, turn, trial.search.coefficients)));
    return;
  }
  if (!(rises || turns)) return;
  if (k == trial.record.instantCount) {
    consider(graze, p, j, begin + x, abs(gap - rise(d, i, alpha, beta, x, trial.search.coefficients)));
    return;
  }
  // A maximum only if the next interval starts downwards, by an arrival and not by a reset.
  if (spikesAt(trial.record, k, p, j)) return;
  const end = startU(trial, population, j, k + 1);
  if (startI(trial, population, j, k + 1) > fromRest(population, j, end)) return;
  consider(graze, p, j, begin + x, abs(f64Of(population.threshold, j) - end));
}

/** What reaches neuron j of population p at instant k, but for what comes from the event `without`. */
function arrivingAt(trial: Trial, k: u32, p: u32, j: u32, without: Event): f64 {
  const record = trial.record;
  let sum = 0.0;
  for (let e = instantAt(record, k).events; e < eventsEnd(record, k); e++) {
    const event = eventAt(record, e);
    if (originOf(record, event) != without) sum += broughtBy(trial.network, event, p, j);
  }
  return sum;
}

/** What an event brings to neuron j of population p at its own instant. */
function broughtBy(network: Network, event: Event, p: u32, j: u32): f64 {
  const range = outgoing(network, event.group);
  const delayed = event.kind == EventKind.delivery;
  const first = delayed ? event.projection : <u32>range;
  const end = delayed ? event.projection + 1 : <u32>(range >> 32);
  let sum = 0.0;
  for (let n = first; n < end; n++) {
    if (!reaches(network, event, n, p, j)) continue;
    const projection = projectionAt(network, n);
    sum += realOf(rowOf(projection.weight, projection, event.source), j);
  }
  return sum;
}

/** How far V would have risen above the threshold after a spike at instant k, if that is less than the margin so far. */
function considerOvershoot(trial: Trial, k: u32, spike: Event): void {
  const record = trial.record;
  const p = spike.group - 1;
  const j = spike.source;
  const population = populationAt(trial.network, p);
  const flow = trial.search.coefficients;
  const alpha = f64Of(population.alpha, j);
  const beta = f64Of(population.beta, j);
  const level = fromRest(population, j, f64Of(population.threshold, j));
  let above = 0.0;
  let current = spike.current;
  for (let n = k; above < trial.graze.margin; n++) {
    current += arrivingAt(trial, n, p, j, spike);
    const rises = slopeOf(level + above, current, alpha) > 0;
    if (!rises) break;
    const x = max(intervalLength(record, n + 1), 0.0);
    // Without a current the voltage rises to the bias for ever.
    const turn = current > 0 ? extremum(level + above, current, alpha, beta) : Infinity;
    const turns = turn > 0 && turn < x;
    above += rise(level + above, current, alpha, beta, turns ? turn : x, flow);
    if (turns || n + 1 == record.instantCount) break;
    current *= flow.current;
  }
  consider(trial.graze, p, j, instantAt(record, k).hi, above);
}

function considerOvershoots(trial: Trial, k: u32): void {
  for (let e = instantAt(trial.record, k).events; e < eventsEnd(trial.record, k); e++) {
    const event = eventAt(trial.record, e);
    if (event.kind == EventKind.spike) considerOvershoot(trial, k, event);
  }
}

/** Finds the closest graze of a trial recorded with checkpoints; margin +∞ if no voltage rises. */
export function closestGraze(trial: Trial): void {
  trial.graze.margin = Infinity;
  for (let first: u32 = 0; first <= trial.record.instantCount; first += trial.record.segment)
    grazeSegment(trial, first);
}

function grazeSegment(trial: Trial, first: u32): void {
  const record = trial.record;
  const network = trial.network;
  replay(record, network, first, min(first + record.segment, record.instantCount));
  for (let k = first; k < min(first + record.segment, record.instantCount + 1); k++) {
    const begin = k == 0 ? 0 : instantAt(record, k - 1).hi;
    const x = max(intervalLength(record, k), 0.0);
    for (let p: u32 = 0; p < network.spikingCount; p++) {
      const population = populationAt(network, p);
      for (let j: u32 = 0; j < population.size; j++) considerNeuron(trial, population, p, j, k, begin, x);
    }
    if (k < record.instantCount) considerOvershoots(trial, k);
  }
}
