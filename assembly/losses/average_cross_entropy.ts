/**
 * L = (1/T) ∫₀ᵀ −log softmax(V(t))_y dt, by Gauss–Legendre quadrature between arrivals. Pieces are at most τ/4 long
 * and short enough that no voltage can move by more than 1/4 in one: the integrand is then analytic well beyond each
 * piece, and the rule's error is below 1e-15 of the loss.
 */
import { Plan, Population, intervalLength, populationAt } from "../plan";
import { pull, startI, startU, voltageAt } from "../readout";
import { replay } from "../replay";
import { gaussNode, gaussWeight } from "./quadrature";
import { crossEntropy } from "./softmax";

function pieces(plan: Plan, population: Population, k: u32, x: f64): u32 {
  let rate = 0.0;
  for (let j: u32 = 0; j < population.size; j++) {
    const alpha = load<f64>(population.alpha + (<usize>j << 3));
    const beta = load<f64>(population.beta + (<usize>j << 3));
    const u = abs(startU(plan, population, j, k));
    const i = abs(startI(plan, population, j, k));
    rate = max(rate, max(max(alpha, beta), alpha * (max(u, i) + i)));
  }
  return <u32>max(ceil(4.0 * rate * x), 1.0);
}

/** Softmax of the voltages x ms into interval k: loss returned, V in `logits`, ∂l/∂V in `dReadout`. */
function evaluateAt(plan: Plan, population: Population, k: u32, x: f64): f64 {
  for (let j: u32 = 0; j < population.size; j++) {
    const v = voltageAt(plan, population, j, startU(plan, population, j, k), startI(plan, population, j, k), x);
    store<f64>(plan.logits + (<usize>j << 3), v);
  }
  return crossEntropy(plan.logits, population.size, plan.target, plan.dReadout);
}

function averageInterval(plan: Plan, population: Population, k: u32, x: f64): void {
  const count = pieces(plan, population, k, x);
  const piece = x / <f64>count;
  for (let s: u32 = 0; s < count; s++) {
    for (let n: u32 = 0; n < 8; n++) {
      const weight = (gaussWeight(n) * piece) / plan.duration;
      plan.loss += weight * evaluateAt(plan, population, k, (<f64>s + gaussNode(n)) * piece);
      for (let j: u32 = 0; j < population.size; j++) {
        const at = plan.readout + (<usize>j << 3);
        store<f64>(at, load<f64>(at) + weight * load<f64>(plan.logits + (<usize>j << 3)));
      }
    }
  }
}

/** Loss and readout (1/T) ∫ V dt of a recorded trial. */
export function averageCrossEntropy(plan: Plan): void {
  const population = populationAt(plan, plan.lossPopulation);
  plan.loss = 0;
  for (let j: u32 = 0; j < population.size; j++) store<f64>(plan.readout + (<usize>j << 3), 0);
  for (let first: u32 = 0; first <= plan.instantCount; first += plan.segment) {
    const last = min(first + plan.segment - 1, plan.instantCount);
    replay(plan, first, last);
    for (let k = first; k <= last; k++) averageInterval(plan, population, k, max(intervalLength(plan, k), 0.0));
  }
}

/** Adjoint of the loss within interval k, by the same rule. */
export function pullAverage(plan: Plan, k: u32, x: f64): void {
  const population = populationAt(plan, plan.lossPopulation);
  const count = pieces(plan, population, k, x);
  const piece = x / <f64>count;
  for (let s: u32 = 0; s < count; s++) {
    for (let n: u32 = 0; n < 8; n++) {
      const at = (<f64>s + gaussNode(n)) * piece;
      const weight = (gaussWeight(n) * piece) / plan.duration;
      evaluateAt(plan, population, k, at);
      for (let j: u32 = 0; j < population.size; j++) {
        pull(plan, population, j, k, at, weight * load<f64>(plan.dReadout + (<usize>j << 3)));
      }
    }
  }
}
