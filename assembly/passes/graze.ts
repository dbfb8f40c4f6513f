/**
 * How far the set of spikes is from changing: the smallest |threshold − V| over local maxima of V that did not spike
 * (a spike could appear) and over the peaks that free flow would have reached without the reset (one could vanish).
 */

import { EventKind } from "../kinds";
import { f64Of } from "../memory";
import { extremum, rise } from "../neuron/lif";
import { Population } from "../neuron/population";
import { populationAt } from "../trial/network";
import { startI, startU } from "../trial/readout";
import { eventAt, eventsEnd, instantAt, intervalLength, Record } from "../trial/record";
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
  if (k >= record.instantCount) return false;
  for (let e = instantAt(record, k).events; e < eventsEnd(record, k); e++) {
    const event = eventAt(record, e);
    if (event.kind == EventKind.spike && event.group == 1 + p && event.source == j) return true;
  }
  return false;
}

/** Maximum of one neuron inside interval k, or at its end where an arrival turns the voltage. */
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
  const i = startI(trial, population, j, k);
  const alpha = f64Of(population.alpha, j);
  const beta = f64Of(population.beta, j);
  const threshold = f64Of(population.threshold, j);
  const rises = i > u;
  // Driven by I > 0 a voltage stays below its tangent: most neurons are done here.
  if (rises && i > 0 && threshold - (u + alpha * x * (i - u)) > graze.margin) return;
  const turn = extremum(u, i, alpha, beta);
  const turns = turn > 0 && turn < x;
  if (rises && turns && i > 0) {
    const peak = u + rise(u, i, alpha, beta, turn, trial.search.coefficients);
    consider(graze, p, j, begin + turn, abs(threshold - peak));
    return;
  }
  // Rising at the end: a maximum only if the next interval starts downwards, by an arrival and not by a reset.
  if (!(rises || turns) || k >= trial.record.instantCount || spikesAt(trial.record, k, p, j)) return;
  const end = startU(trial, population, j, k + 1);
  if (startI(trial, population, j, k + 1) <= end) consider(graze, p, j, begin + x, abs(threshold - end));
}

function considerOvershoot(trial: Trial, k: u32): void {
  for (let e = instantAt(trial.record, k).events; e < eventsEnd(trial.record, k); e++) {
    const event = eventAt(trial.record, e);
    // Without a current the voltage rises to the bias for ever.
    if (event.kind != EventKind.spike || event.current <= 0) continue;
    const population = populationAt(trial.network, event.group - 1);
    const alpha = f64Of(population.alpha, event.source);
    const beta = f64Of(population.beta, event.source);
    const threshold = f64Of(population.threshold, event.source);
    const peak = extremum(threshold, event.current, alpha, beta);
    if (!(peak > 0 && peak < Infinity)) continue;
    const margin = rise(threshold, event.current, alpha, beta, peak, trial.search.coefficients);
    consider(trial.graze, event.group - 1, event.source, instantAt(trial.record, k).hi, margin);
  }
}

/** Finds the closest graze of a trial recorded with checkpoints; margin +∞ if no voltage has a maximum. */
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
    if (k < record.instantCount) considerOvershoot(trial, k);
  }
}
