/** What a loss sees of a readout's voltage inside an interval, and its adjoint: a pull on the interval's start. */

import { addReal, f64Of } from "../memory";
import { coefficients, gainDerivatives } from "../neuron/coefficients";
import { fromRest, Population } from "../neuron/population";
import { LossPlan } from "./loss_plan";
import { replayedAt } from "./replay";
import { Trial } from "./trial";

/** State of neuron j at the start of interval k, after `replay`. */
export function startU(trial: Trial, population: Population, j: u32, k: u32): f64 {
  return replayedAt(trial.record, trial.network, population.u, j, k);
}

export function startI(trial: Trial, population: Population, j: u32, k: u32): f64 {
  return replayedAt(trial.record, trial.network, population.i, j, k);
}

/** V of neuron j, x ms into an interval that starts at (u, i). Leaves the coefficients of that flow with the loss. */
export function voltageAt(loss: LossPlan, population: Population, j: u32, u: f64, i: f64, x: f64): f64 {
  const flow = loss.coefficients;
  coefficients(f64Of(population.alpha, j), f64Of(population.beta, j), x, flow);
  const approached = -flow.change * f64Of(population.rest, j);
  return f64Of(population.origin, j) + (u * flow.factor + (i * flow.gain + approached));
}

/** Adds the adjoint of ∂l/∂V = c on neuron j, x ms into interval k; gu and gi are those at the interval's start. */
export function pull(trial: Trial, population: Population, j: u32, k: u32, x: f64, c: f64): void {
  const alpha = f64Of(population.alpha, j);
  const beta = f64Of(population.beta, j);
  const flow = trial.loss.coefficients;
  coefficients(alpha, beta, x, flow);
  addReal(population.gu, j, c * flow.factor);
  addReal(population.gi, j, c * flow.gain);
  if (!trial.wanted.neurons) return;
  const d = fromRest(population, j, startU(trial, population, j, k));
  const i = startI(trial, population, j, k);
  gainDerivatives(alpha, beta, x, flow);
  addReal(population.dAlpha, j, c * (flow.gainAlpha * i - x * flow.factor * d));
  addReal(population.dBeta, j, c * flow.gainBeta * i);
  addReal(population.dBias, j, -c * flow.change);
}
