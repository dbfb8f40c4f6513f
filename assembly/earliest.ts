/**
 * Transition: the earliest crossing among all neurons. Bounds of every candidate's crossing time come first, from the
 * Taylor polynomials of its voltage; only those that may be the earliest are solved, as a rule one.
 */
import { crossing } from "./crossing";
import { Candidate, Plan, Population, populationAt } from "./plan";

/** Neurons of a chunk. */
const chunkLanes: u32 = <u32>(64 / sizeof<real>());

function candidateAt(plan: Plan, k: u32): Candidate {
  return changetype<Candidate>(plan.candidates + <usize>k * offsetof<Candidate>());
}

/**
 * Bounds of a crossing time. On the way up, with I > 0 and I > u, curvature is negative and u‴ positive and falling:
 * so the tangent is early, the parabola late, and the parabola is early again once the threshold is lowered by the
 * most that u‴ can add up to until then.
 */
function bound(candidate: Candidate, u: f64, i: f64, threshold: f64, alpha: f64, beta: f64): void {
  candidate.late = Infinity;
  candidate.early = 0;
  const gap = threshold - u;
  const slope = alpha * (i - u);
  if (gap <= 0) {
    if (slope > 0) candidate.late = 0;
    return;
  }
  if (!(i > 0 && slope > 0)) return;
  candidate.early = gap / slope;
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

/** Lists a population's candidates within `end` ms behind the `count` found before; returns the new count. */
function collect(plan: Plan, p: u32, end: f64, count: u32): u32 {
  const population = populationAt(plan, p);
  for (let k: u32 = 0; k < population.flaggedCount; k++) {
    const word = load<u32>(population.flagged + (<usize>k << 2));
    for (let lanes = word & 0xffff; lanes != 0; lanes &= lanes - 1) {
      const j = (word >> 16) * chunkLanes + ctz(lanes);
      if (j >= population.size) break;
      const candidate = candidateAt(plan, count);
      const at = <usize>j << 3;
      const threshold = load<f64>(population.threshold + at);
      const u = loadState(population.u, j);
      const i = loadState(population.i, j);
      // A falling voltage comes back up only to a threshold below rest.
      if (threshold > 0 && i <= u) continue;
      bound(candidate, u, i, threshold, load<f64>(population.alpha + at), load<f64>(population.beta + at));
      if (candidate.early >= end) continue;
      candidate.population = p;
      candidate.neuron = j;
      count++;
    }
  }
  return count;
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

/** Earliest crossing within `end` ms, +∞ if none; `tied` lists those that cross at exactly that time. */
export function earliestCrossing(plan: Plan, end: f64): f64 {
  plan.tiedCount = 0;
  let count: u32 = 0;
  for (let p: u32 = 0; p < plan.spikingCount; p++) count = collect(plan, p, end, count);
  let best = Infinity;
  let latest = end;
  for (let k: u32 = 0; k < count; k++) latest = min(latest, candidateAt(plan, k).late);
  for (let k: u32 = 0; k < count; k++) {
    const candidate = candidateAt(plan, k);
    // The margin covers the rounding of the bounds.
    if (candidate.early * 0.999999 > min(latest, best)) continue;
    const x = solve(plan, candidate, end);
    if (!(x <= best) || x == Infinity) continue;
    if (x < best) plan.tiedCount = 0;
    best = x;
    addTied(plan, candidate.population, candidate.neuron);
  }
  return best;
}
