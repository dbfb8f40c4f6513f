/**
 * Transition: the earliest crossing among all neurons. Bounds of every candidate's crossing time come first, from the
 * Taylor polynomials of its voltage; only those that may be the earliest are solved, as a rule one.
 */
import { crossing } from "./crossing";
import { PopulationFlag } from "./kinds";
import { Candidate, Plan, Population, populationAt } from "./plan";
import { testChunk } from "./tangent_test";

/** Neurons of a chunk. */
const chunkLanes: u32 = <u32>(64 / sizeof<real>());
const everyLane: u32 = (1 << chunkLanes) - 1;

function candidateAt(plan: Plan, k: u32): Candidate {
  return changetype<Candidate>(plan.candidates + <usize>k * offsetof<Candidate>());
}

/**
 * Bounds of a crossing time. On the way up, with I > 0 and I > u, curvature is negative and u‴ positive and falling:
 * so the tangent is early, the parabola late, and the parabola is early again once the threshold is lowered by the
 * most that u‴ can add up to until then.
 */
function bound(candidate: Candidate, gap: f64, slope: f64, i: f64, alpha: f64, beta: f64): void {
  candidate.early = gap / slope;
  candidate.late = Infinity;
  const curvature = -alpha * (beta * i + slope);
  const square = slope * slope;
  const discriminant = square + 2.0 * curvature * gap;
  if (discriminant <= 0) return;
  const late = (2.0 * gap) / (slope + sqrt(discriminant));
  candidate.late = late;
  const jerk = alpha * (beta * beta * i - curvature);
  const lowered = gap - jerk * late * late * late * 0.16666666666666666;
  if (lowered > 0) candidate.early = (2.0 * lowered) / (slope + sqrt(square + 2.0 * curvature * lowered));
}

function loadState(state: usize, j: u32): f64 {
  return <f64>load<real>(state + <usize>j * sizeof<real>());
}

/** Appends neuron j to the candidates, unless it certainly crosses after `latest`. */
function consider(plan: Plan, population: Population, p: u32, j: u32): void {
  const at = <usize>j << 3;
  const threshold = load<f64>(population.threshold + at);
  const alpha = load<f64>(population.alpha + at);
  const u = loadState(population.u, j);
  const i = loadState(population.i, j);
  const gap = threshold - u;
  const slope = alpha * (i - u);
  const candidate = candidateAt(plan, plan.candidateCount);
  if (gap > 0 && slope > 0 && i > 0) {
    if (gap > slope * plan.latest) return;
    bound(candidate, gap, slope, i, alpha, load<f64>(population.beta + at));
    if (candidate.early > plan.latest) return;
  } else {
    // A falling voltage comes back up only to a threshold below rest.
    if (threshold > 0 && slope <= 0) return;
    candidate.early = 0;
    candidate.late = gap <= 0 && slope > 0 ? 0 : Infinity;
  }
  candidate.population = p;
  candidate.neuron = j;
  plan.candidateCount++;
  // The margin covers the rounding of the bounds.
  plan.latest = min(plan.latest, candidate.late * 1.000001);
}

/** Candidates of a population among those that the vector test has flagged. */
function collect(plan: Plan, p: u32): void {
  const population = populationAt(plan, p);
  const concave = (population.flags & PopulationFlag.aboveRest) != 0;
  for (let k: u32 = 0; k < population.flaggedCount; k++) {
    const chunk = load<u32>(population.flagged + (<usize>k << 2));
    // Tested again: the time by which somebody has crossed shrinks as candidates are found.
    let lanes = concave ? testChunk(population, chunk, plan.latest) : everyLane;
    for (; lanes != 0; lanes &= lanes - 1) {
      const j = chunk * chunkLanes + ctz(lanes);
      if (j < population.size) consider(plan, population, p, j);
    }
  }
}

function solve(plan: Plan, candidate: Candidate, end: f64): f64 {
  const population = populationAt(plan, candidate.population);
  const j = candidate.neuron;
  const at = <usize>j << 3;
  const u = loadState(population.u, j);
  const i = loadState(population.i, j);
  const alpha = load<f64>(population.alpha + at);
  const beta = load<f64>(population.beta + at);
  return crossing(u, i, load<f64>(population.threshold + at), alpha, beta, candidate.early, candidate.late, end, plan.scratch);
}

/** Adds a spike to those of the same instant, in population order, then by index. */
function addTied(plan: Plan, p: u32, j: u32): void {
  let k = plan.tiedCount;
  plan.tiedCount = k + 1;
  for (; k > 0; k--) {
    const before = plan.tied + (<usize>(k - 1) << 3);
    const q = load<u32>(before, 0);
    if (q < p || (q == p && load<u32>(before, 4) < j)) break;
    store<u64>(before, load<u64>(before), 8);
  }
  store<u32>(plan.tied + (<usize>k << 3), p, 0);
  store<u32>(plan.tied + (<usize>k << 3), j, 4);
}

/** Earliest crossing before `latest`, which must not exceed `end`; +∞ if none. */
function search(plan: Plan, latest: f64, end: f64): f64 {
  plan.tiedCount = 0;
  plan.candidateCount = 0;
  plan.latest = latest;
  for (let p: u32 = 0; p < plan.spikingCount; p++) collect(plan, p);
  let best = Infinity;
  for (let k: u32 = 0; k < plan.candidateCount; k++) {
    const candidate = candidateAt(plan, k);
    if (candidate.early * 0.999999 > min(plan.latest, best)) continue;
    const x = solve(plan, candidate, end);
    if (!(x <= best) || x == Infinity) continue;
    if (x < best) plan.tiedCount = 0;
    best = x;
    addTied(plan, candidate.population, candidate.neuron);
  }
  return best;
}

/**
 * Earliest crossing within `end` ms, +∞ if none; `tied` lists those that cross at exactly that time. Looks first as far
 * as the wait for the last spike suggests, where fewer neurons come into question.
 */
export function earliestCrossing(plan: Plan, end: f64): f64 {
  const guess = 2.0 * plan.wait;
  let x = guess < end ? search(plan, guess, end) : Infinity;
  if (!(x <= guess)) x = search(plan, end, end);
  if (x < end) plan.wait = 0.75 * plan.wait + 0.25 * x;
  return x;
}
