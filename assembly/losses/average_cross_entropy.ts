/**
 * L = (1/T) ∫₀ᵀ −log softmax(V(t))_y dt, by Gauss–Legendre quadrature between arrivals. Pieces are at most τ/4 long
 * while e^−t/τ lasts, and short enough that no voltage can move by more than 1/4 in one: the integrand is then analytic
 * well beyond each piece, and the rule's error is below 1e-15 of the loss.
 */

import { Status } from "../kinds";
import { gaussNode, gaussNodes, gaussWeight } from "../maths/quadrature";
import { addF64, f64Of, setF64 } from "../memory";
import { biasOf, Population } from "../neuron/population";
import { populationAt } from "../trial/network";
import { pull, startI, startU, voltageAt } from "../trial/readout";
import { intervalLength } from "../trial/record";
import { replay } from "../trial/replay";
import { Trial } from "../trial/trial";
import { crossEntropy } from "./softmax";

/** Pieces of one interval beyond which voltages are taken to be absurd. */
const mostPieces: u32 = 1 << 14;

/** After this many time constants an exponential is below 1e-17 of its start. */
const settled: f64 = 40;

/** Length of the piece that starts `at` ms into interval k; +∞ once every voltage has settled. */
function pieceLength(trial: Trial, population: Population, k: u32, at: f64): f64 {
  let rate = 0.0;
  for (let j: u32 = 0; j < population.size; j++) {
    const alpha = f64Of(population.alpha, j);
    const beta = f64Of(population.beta, j);
    const slow = min(alpha, beta);
    if (at * slow > settled) continue;
    const fast = max(alpha, beta);
    const v = voltageAt(
      trial.loss,
      population,
      j,
      startU(trial, population, j, k),
      startI(trial, population, j, k),
      at,
    );
    const u = abs(v - biasOf(population, j));
    const i = abs(startI(trial, population, j, k) * trial.loss.coefficients.current);
    rate = max(rate, max(at * fast > settled ? slow : fast, alpha * (max(u, i) + i)));
  }
  return 0.25 / rate;
}

/** Softmax of the voltages x ms into interval k: loss returned, V in `logits`, ∂l/∂V in `dReadout`. */
function evaluateAt(trial: Trial, population: Population, k: u32, x: f64): f64 {
  const loss = trial.loss;
  for (let j: u32 = 0; j < population.size; j++) {
    const v = voltageAt(
      loss,
      population,
      j,
      startU(trial, population, j, k),
      startI(trial, population, j, k),
      x,
    );
    setF64(loss.logits, j, v);
  }
  return crossEntropy(loss.logits, population.size, loss.target, loss.dReadout);
}

/** Adds one piece's share of loss and readout. */
function averagePiece(trial: Trial, population: Population, k: u32, start: f64, length: f64): void {
  const loss = trial.loss;
  for (let n: u32 = 0; n < gaussNodes; n++) {
    const weight = (gaussWeight(n) * length) / trial.record.duration;
    loss.value += weight * evaluateAt(trial, population, k, start + gaussNode(n) * length);
    for (let j: u32 = 0; j < population.size; j++) addF64(loss.readout, j, weight * f64Of(loss.logits, j));
  }
}

function averageInterval(trial: Trial, population: Population, k: u32, x: f64): Status {
  let count: u32 = 0;
  for (let at = 0.0; at < x; ) {
    if (count++ == mostPieces) return Status.piecesFull;
    const length = min(pieceLength(trial, population, k, at), x - at);
    averagePiece(trial, population, k, at, length);
    at += length;
  }
  return Status.ok;
}

/** Loss and readout (1/T) ∫ V dt of a recorded trial; fails where voltages are too steep to be integrated. */
export function averageCrossEntropy(trial: Trial): Status {
  const record = trial.record;
  const population = populationAt(trial.network, trial.loss.population);
  trial.loss.value = 0;
  for (let j: u32 = 0; j < population.size; j++) setF64(trial.loss.readout, j, 0);
  for (let first: u32 = 0; first <= record.instantCount; first += record.segment) {
    const last = min(first + record.segment - 1, record.instantCount);
    replay(record, trial.network, first, last);
    for (let k = first; k <= last; k++) {
      const status = averageInterval(trial, population, k, max(intervalLength(record, k), 0.0));
      if (status != Status.ok) return status;
    }
  }
  return Status.ok;
}

/** Adjoint of the loss within interval k, by the same rule. */
export function pullAverage(trial: Trial, k: u32, x: f64): void {
  const population = populationAt(trial.network, trial.loss.population);
  for (let start = 0.0; start < x; ) {
    const length = min(pieceLength(trial, population, k, start), x - start);
    for (let n: u32 = 0; n < gaussNodes; n++) {
      const at = start + gaussNode(n) * length;
      const weight = (gaussWeight(n) * length) / trial.record.duration;
      evaluateAt(trial, population, k, at);
      for (let j: u32 = 0; j < population.size; j++) {
        pull(trial, population, j, k, at, weight * f64Of(trial.loss.dReadout, j));
      }
    }
    start += length;
  }
}
