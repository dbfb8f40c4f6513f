/** What a loss sees of a readout's voltage inside an interval, and its adjoint: a pull on the interval's start. */
import { coefficients, gainDerivatives, loadChange, loadFactor, loadGain } from "./coefficients";
import { pullAverage } from "./losses/average_cross_entropy";
import { pullMaximum } from "./losses/max_cross_entropy";
import { LossKind } from "./kinds";
import { Plan, Population } from "./plan";
import { replayed } from "./replay";

/** State of neuron j at the start of interval k, after `replay`. */
export function startU(plan: Plan, population: Population, j: u32, k: u32): f64 {
  return <f64>load<real>(replayed(plan, population.u, k) + <usize>j * sizeof<real>());
}

export function startI(plan: Plan, population: Population, j: u32, k: u32): f64 {
  return <f64>load<real>(replayed(plan, population.i, k) + <usize>j * sizeof<real>());
}

/** V of neuron j, x ms into an interval that starts at (u, i). */
export function voltageAt(plan: Plan, population: Population, j: u32, u: f64, i: f64, x: f64): f64 {
  const at = <usize>j << 3;
  coefficients(load<f64>(population.alpha + at), load<f64>(population.beta + at), x, plan.scratch);
  return load<f64>(population.bias + at) + (u * loadFactor(plan.scratch) + i * loadGain(plan.scratch));
}

function accumulate(array: usize, at: usize, x: f64): void {
  store<real>(array + at, <real>(<f64>load<real>(array + at) + x));
}

/** Adds the adjoint of ∂l/∂V = c on neuron j, x ms into interval k; gu and gi are those at the interval's start. */
export function pull(plan: Plan, population: Population, j: u32, k: u32, x: f64, c: f64): void {
  const at = <usize>j * sizeof<real>();
  const alpha = load<f64>(population.alpha + (<usize>j << 3));
  const beta = load<f64>(population.beta + (<usize>j << 3));
  const scratch = plan.scratch;
  coefficients(alpha, beta, x, scratch);
  const factor = loadFactor(scratch);
  const change = loadChange(scratch);
  accumulate(population.gu, at, c * factor);
  accumulate(population.gi, at, c * loadGain(scratch));
  if (!plan.neuronGradients) return;
  const u = startU(plan, population, j, k);
  const i = startI(plan, population, j, k);
  gainDerivatives(alpha, beta, x, scratch);
  accumulate(population.dAlpha, at, c * (load<f64>(scratch, 0) * i - x * factor * u));
  accumulate(population.dBeta, at, c * load<f64>(scratch, 8) * i);
  accumulate(population.dBias, at, -c * change);
}

/** Adds what the loss sees in interval k, `x` ms long. */
export function pullReadout(plan: Plan, k: u32, x: f64): void {
  if (plan.lossKind == LossKind.maximum) pullMaximum(plan, k);
  else if (plan.lossKind == LossKind.average) pullAverage(plan, k, x);
}
