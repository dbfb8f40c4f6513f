/**
 * How far the set of spikes is from changing: the smallest |threshold − V| over local maxima of V that did not spike
 * (a spike could appear) and over the peaks that free flow would have reached without the reset (one could vanish).
 */
import { extremum, rise } from "./crossing";
import { EventKind } from "./kinds";
import { Plan, Population, eventAt, eventsEnd, instantAt, intervalLength, populationAt } from "./plan";
import { startI, startU } from "./readout";
import { replay } from "./replay";

function consider(plan: Plan, p: u32, j: u32, time: f64, margin: f64): void {
  if (!(margin < plan.grazeMargin)) return;
  plan.grazeMargin = margin;
  plan.grazePopulation = p;
  plan.grazeNeuron = j;
  plan.grazeTime = time;
}

function spikesAt(plan: Plan, k: u32, p: u32, j: u32): bool {
  if (k >= plan.instantCount) return false;
  for (let e = instantAt(plan, k).events; e < eventsEnd(plan, k); e++) {
    const event = eventAt(plan, e);
    if (event.kind == EventKind.spike && event.group == 1 + p && event.source == j) return true;
  }
  return false;
}

/** Maximum of one neuron inside interval k, or at its end where an arrival turns the voltage. */
function considerNeuron(plan: Plan, population: Population, p: u32, j: u32, k: u32, start: f64, x: f64): void {
  const u = startU(plan, population, j, k);
  const i = startI(plan, population, j, k);
  const at = <usize>j << 3;
  const alpha = load<f64>(population.alpha + at);
  const beta = load<f64>(population.beta + at);
  const threshold = load<f64>(population.threshold + at);
  const rises = i > u;
  // Driven by I > 0 a voltage stays below its tangent: most neurons are done here.
  if (rises && i > 0 && threshold - (u + alpha * x * (i - u)) > plan.grazeMargin) return;
  const turn = extremum(u, i, alpha, beta);
  const turns = turn > 0 && turn < x;
  if (rises && turns && i > 0) {
    consider(plan, p, j, start + turn, abs(threshold - (u + rise(u, i, alpha, beta, turn, plan.scratch))));
    return;
  }
  // Rising at the end: a maximum only if the next interval starts downwards, by an arrival and not by a reset.
  if (!(rises || turns) || k >= plan.instantCount || spikesAt(plan, k, p, j)) return;
  const end = startU(plan, population, j, k + 1);
  if (startI(plan, population, j, k + 1) <= end) consider(plan, p, j, start + x, abs(threshold - end));
}

function considerOvershoot(plan: Plan, k: u32): void {
  for (let e = instantAt(plan, k).events; e < eventsEnd(plan, k); e++) {
    const event = eventAt(plan, e);
    if (event.kind != EventKind.spike) return;
    // Without a current the voltage rises to the bias for ever.
    if (event.current <= 0) continue;
    const population = populationAt(plan, event.group - 1);
    const at = <usize>event.source << 3;
    const alpha = load<f64>(population.alpha + at);
    const beta = load<f64>(population.beta + at);
    const threshold = load<f64>(population.threshold + at);
    const peak = extremum(threshold, event.current, alpha, beta);
    if (!(peak > 0 && peak < Infinity)) continue;
    const margin = rise(threshold, event.current, alpha, beta, peak, plan.scratch);
    consider(plan, event.group - 1, event.source, instantAt(plan, k).hi, margin);
  }
}

/** Finds the closest graze of a trial recorded with checkpoints; margin +∞ if no voltage has a maximum. */
export function closestGraze(plan: Plan): void {
  plan.grazeMargin = Infinity;
  for (let first: u32 = 0; first <= plan.instantCount; first += plan.segment) grazeSegment(plan, first);
}

function grazeSegment(plan: Plan, first: u32): void {
  replay(plan, first, min(first + plan.segment, plan.instantCount));
  for (let k = first; k < min(first + plan.segment, plan.instantCount + 1); k++) {
    const start = k == 0 ? 0 : instantAt(plan, k - 1).hi;
    const x = max(intervalLength(plan, k), 0.0);
    for (let p: u32 = 0; p < plan.spikingCount; p++) {
      const population = populationAt(plan, p);
      for (let j: u32 = 0; j < population.size; j++) considerNeuron(plan, population, p, j, k, start, x);
    }
    if (k < plan.instantCount) considerOvershoot(plan, k);
  }
}
