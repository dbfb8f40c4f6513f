/**
 * Transition: the earliest crossing among all neurons. Bounds of every candidate's crossing time come first, from the
 * Taylor polynomials of its voltage; only those that may be the earliest are solved, as a rule one.
 */

import { Counter, Phase } from "../kinds";
import { entryOf, f64Of, realOf, Table, u32Of } from "../memory";
import { Coefficients } from "../neuron/coefficients";
import { crossing } from "../neuron/crossing";
import { curvatureOf, jerkOf, slopeOf } from "../neuron/lif";
import { fromRest, Population } from "../neuron/population";
import { chunkLanes, everyLane, flagBits, isTested, testChunk, testUntil } from "../neuron/tangent_test";
import { enter, tally } from "../profile";
import { Network, populationAt } from "./network";

/** A neuron that may cross before the next arrival. */
@unmanaged
export class Candidate {
  /** Bounds of its crossing time, ms from now; `late` is +∞ where none is known. */
  early: f64;
  late: f64;
  population: u32;
  neuron: u32;
}

/** A neuron that crosses at the time found. */
@unmanaged
export class Tied {
  population: u32;
  neuron: u32;
}

@unmanaged
export class Search {
  /** A time by which one of the candidates has crossed (or the next arrival comes). */
  latest: f64;
  /** Running mean of the time from an event to the spike that follows it, ms. */
  wait: f64;
  /** How far the neurons that are flagged were tested, ms. */
  reach: f64;
  candidates: Table<Candidate>;
  candidateCount: u32;
  /** Spikes that cross at the same instant, in order of population and neuron. */
  tiedCount: u32;
  tied: Table<Tied>;
  /** Of the flow that was looked at last. */
  coefficients: Coefficients;
}

function candidateAt(search: Search, k: u32): Candidate {
  return entryOf<Candidate>(search.candidates, k);
}

/**
 * Bounds of a crossing time. On the way up, with I > 0 and I > u, curvature is negative and u‴ positive and falling:
 * so the tangent is early, the parabola late, and the parabola is early again once the threshold is lowered by the
 * most that u‴ can add up to until then.
 */
function bound(candidate: Candidate, gap: f64, slope: f64, i: f64, alpha: f64, beta: f64): void {
  const curvature = curvatureOf(i, slope, alpha, beta);
  const square = slope * slope;
  const discriminant = square + 2.0 * curvature * gap;
  if (discriminant <= 0) {
    candidate.early = gap / slope;
    candidate.late = Infinity;
    return;
  }
  const late = (2.0 * gap) / (slope + sqrt(discriminant));
  candidate.late = late;
  const jerk = jerkOf(i, curvature, alpha, beta);
  const lowered = gap - jerk * late * late * late * 0.16666666666666666;
  candidate.early =
    lowered > 0 ? (2.0 * lowered) / (slope + sqrt(square + 2.0 * curvature * lowered)) : gap / slope;
}

/** Appends neuron j to the candidates, unless it certainly crosses after `latest`. */
function consider(search: Search, population: Population, p: u32, j: u32): void {
  tally(Counter.considered, 1);
  const threshold = f64Of(population.threshold, j);
  const alpha = f64Of(population.alpha, j);
  const u = realOf(population.u, j);
  const i = realOf(population.i, j);
  const gap = threshold - u;
  const slope = slopeOf(fromRest(population, j, u), i, alpha);
  const candidate = candidateAt(search, search.candidateCount);
  if (gap > 0 && slope > 0 && i > 0) {
    if (gap > slope * search.latest) return;
    bound(candidate, gap, slope, i, alpha, f64Of(population.beta, j));
    if (candidate.early > search.latest) return;
  } else {
    // A falling voltage comes back up only to a threshold below rest.
    if (fromRest(population, j, threshold) > 0 && slope <= 0) return;
    candidate.early = 0;
    candidate.late = gap <= 0 && slope > 0 ? 0 : Infinity;
  }
  candidate.population = p;
  candidate.neuron = j;
  search.candidateCount++;
  // The margin covers the rounding of the bounds.
  search.latest = min(search.latest, candidate.late * 1.000001);
}

/** Candidates of a population among those that the vector test has flagged. */
function collect(search: Search, network: Network, p: u32, reach: f64): void {
  const population = populationAt(network, p);
  const tested = isTested(population);
  for (let k: u32 = 0; k < population.flaggedCount; k++) {
    const flag = u32Of(population.flagged, k);
    const chunk = flag >> flagBits;
    tally(Counter.chunks, 1);
    let lanes = flag & everyLane;
    // Tested again: the time by which somebody has crossed shrinks as candidates are found.
    if (tested && search.latest < reach) lanes &= testChunk(population, chunk, search.latest);
    for (; lanes != 0; lanes &= lanes - 1) {
      const j = chunk * chunkLanes + ctz(lanes);
      if (j < population.size) consider(search, population, p, j);
    }
  }
}

function solve(search: Search, network: Network, candidate: Candidate, end: f64): f64 {
  tally(Counter.solves, 1);
  const population = populationAt(network, candidate.population);
  const j = candidate.neuron;
  const u = realOf(population.u, j);
  const i = realOf(population.i, j);
  const alpha = f64Of(population.alpha, j);
  const beta = f64Of(population.beta, j);
  const threshold = f64Of(population.threshold, j);
  return crossing(
    fromRest(population, j, u),
    i,
    threshold - u,
    fromRest(population, j, threshold),
    alpha,
    beta,
    candidate.early,
    candidate.late,
    end,
    search.coefficients,
  );
}

export function tiedAt(search: Search, k: u32): Tied {
  return entryOf<Tied>(search.tied, k);
}

/** Adds a spike to those of the same instant, in population order, then by index. */
function addTied(search: Search, p: u32, j: u32): void {
  let k = search.tiedCount;
  search.tiedCount = k + 1;
  for (; k > 0; k--) {
    const before = tiedAt(search, k - 1);
    if (before.population < p || (before.population == p && before.neuron < j)) break;
    const moved = tiedAt(search, k);
    moved.population = before.population;
    moved.neuron = before.neuron;
  }
  const tied = tiedAt(search, k);
  tied.population = p;
  tied.neuron = j;
}

/** Earliest crossing before `latest`, which must not exceed `end`; +∞ if none. */
function searchUntil(search: Search, network: Network, latest: f64, end: f64): f64 {
  search.tiedCount = 0;
  search.candidateCount = 0;
  search.latest = latest;
  const outer = enter(Phase.candidates);
  for (let p: u32 = 0; p < network.spikingCount; p++) collect(search, network, p, latest);
  tally(Counter.candidates, search.candidateCount);
  enter(Phase.solves);
  let best = Infinity;
  for (let k: u32 = 0; k < search.candidateCount; k++) {
    const candidate = candidateAt(search, k);
    if (candidate.early * 0.999999 > min(search.latest, best)) continue;
    const x = solve(search, network, candidate, end);
    if (!(x <= best) || x == Infinity) continue;
    if (x < best) search.tiedCount = 0;
    best = x;
    addTied(search, candidate.population, candidate.neuron);
  }
  enter(outer);
  return best;
}

/** How far to look first, of `end` ms: as the waits for the last spikes suggest, since fewer neurons come into question. */
export function firstReach(search: Search, end: f64): f64 {
  search.reach = min(2.0 * search.wait, end);
  return search.reach;
}

/**
 * Earliest crossing within `end` ms, +∞ if none; `tied` lists those that cross at exactly that time. Those that may cross
 * within the first reach are flagged already.
 */
export function earliestCrossing(search: Search, network: Network, end: f64): f64 {
  const reach = search.reach;
  let x = searchUntil(search, network, reach, end);
  if (!(x <= reach) && reach < end) {
    for (let p: u32 = 0; p < network.spikingCount; p++) testUntil(populationAt(network, p), end);
    x = searchUntil(search, network, end, end);
  }
  if (x < end) search.wait = 0.75 * search.wait + 0.25 * x;
  return x;
}
