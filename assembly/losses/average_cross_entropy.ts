/**
 * L = (1/T) ∫₀ᵀ −log softmax(V(t))_y dt, by Gauss–Legendre quadrature between arrivals. Pieces are at most τ/4 long
 * while e^−t/τ lasts, and short enough that no voltage can move by more than 1/4 in one: the integrand is then analytic well beyond each
 * piece, and the rule's error is below 1e-15 of the loss.
 */
import { loadCurrent } from "../coefficients";
import { Status } from "../kinds";
import { Plan, Population, intervalLength, populationAt } from "../plan";
import { pull, startI, startU, voltageAt } from "../readout";
import { replay } from "../replay";
import { gaussNode, gaussWeight } from "./quadrature";
import { crossEntropy } from "./softmax";

/** Pieces of one interval beyond which voltages are taken to be absurd. */
const mostPieces: u32 = 1 << 14;

/** After this many time constants an exponential is below 1e-17 of its start. */
const settled: f64 = 40;

/** Length of the piece that starts `at` ms into interval k; +∞ once every voltage has settled. */
function pieceLength(plan: Plan, population: Population, k: u32, at: f64): f64 {
  let rate = 0.0;
  for (let j: u32 = 0; j < population.size; j++) {
    const alpha = load<f64>(population.alpha + (<usize>j << 3));
    const beta = load<f64>(population.beta + (<usize>j << 3));
    const slow = min(alpha, beta);
    if (at * slow > settled) continue;
    const fast = max(alpha, beta);
    const v = voltageAt(plan, population, j, startU(plan, population, j, k), startI(plan, population, j, k), at);
    const u = abs(v - load<f64>(population.bias + (<usize>j << 3)));
    const i = abs(startI(plan, population, j, k) * loadCurrent(plan.scratch));
    rate = max(rate, max(at * fast > settled ? slow : fast, alpha * (max(u, i) + i)));
  }
  return 0.25 / rate;
}

/** Softmax of the voltages x ms into interval k: loss returned, V in `logits`, ∂l/∂V in `dReadout`. */
function evaluateAt(plan: Plan, population: Population, k: u32, x: f64): f64 {
  for (let j: u32 = 0; j < population.size; j++) {
    const v = voltageAt(plan, population, j, startU(plan, population, j, k), startI(plan, population, j, k), x);
    store<f64>(plan.logits + (<usize>j << 3), v);
  }
  return crossEntropy(plan.logits, population.size, plan.target, plan.dReadout);
}

/** Adds one piece's share of loss and readout. */
function averagePiece(plan: Plan, population: Population, k: u32, start: f64, length: f64): void {
  for (let n: u32 = 0; n < 8; n++) {
    const weight = (gaussWeight(n) * length) / plan.duration;
    plan.loss += weight * evaluateAt(plan, population, k, start + gaussNode(n) * length);
    for (let j: u32 = 0; j < population.size; j++) {
      const at = plan.readout + (<usize>j << 3);
      store<f64>(at, load<f64>(at) + weight * load<f64>(plan.logits + (<usize>j << 3)));
    }
  }
}

function averageInterval(plan: Plan, population: Population, k: u32, x: f64): Status {
  let count: u32 = 0;
  for (let at = 0.0; at < x; ) {
    if (count++ == mostPieces) return Status.piecesFull;
    const length = min(pieceLength(plan, population, k, at), x - at);
    averagePiece(plan, population, k, at, length);
    at += length;
  }
  return Status.ok;
}

/** Loss and readout (1/T) ∫ V dt of a recorded trial; fails where voltages are too steep to be integrated. */
export function averageCrossEntropy(plan: Plan): Status {
  const population = populationAt(plan, plan.lossPopulation);
  plan.loss = 0;
  for (let j: u32 = 0; j < population.size; j++) store<f64>(plan.readout + (<usize>j << 3), 0);
  for (let first: u32 = 0; first <= plan.instantCount; first += plan.segment) {
    const last = min(first + plan.segment - 1, plan.instantCount);
    replay(plan, first, last);
    for (let k = first; k <= last; k++) {
      const status = averageInterval(plan, population, k, max(intervalLength(plan, k), 0.0));
      if (status != Status.ok) return status;
    }
  }
  return Status.ok;
}

/** Adjoint of the loss within interval k, by the same rule. */
export function pullAverage(plan: Plan, k: u32, x: f64): void {
  const population = populationAt(plan, plan.lossPopulation);
  for (let start = 0.0; start < x; ) {
    const length = min(pieceLength(plan, population, k, start), x - start);
    for (let n: u32 = 0; n < 8; n++) {
      const at = start + gaussNode(n) * length;
      const weight = (gaussWeight(n) * length) / plan.duration;
      evaluateAt(plan, population, k, at);
      for (let j: u32 = 0; j < population.size; j++) {
        pull(plan, population, j, k, at, weight * load<f64>(plan.dReadout + (<usize>j << 3)));
      }
    }
    start += length;
  }
}
