/** Gradients of the integral loss with respect to what belongs to the readout: synapses, time constants, state. */

import { OwnArray } from "../kinds";
import { addReal, f64Of, realOf } from "../memory";
import { fromRest, Population } from "../neuron/population";
import { Projection, populationAt, projectionAt, rowOf } from "../trial/network";
import { Trial } from "../trial/trial";
import { isRowWise, sharesInfluence, slopeOf, stateOf, sumsOf, valueOf } from "./influence_sums";
import { biasShare, influence, initialShareDerivative, stateShare } from "./integral_influence";
import { ownOf } from "./own_influence";

/** Gradients of a projection's synapses. Where a row shares its sums, Σ_j ∂L/∂S_j w_j then takes the place of Σ K. */
function addSynapses(trial: Trial, projection: Projection): void {
  const network = trial.network;
  const population = populationAt(network, projection.target);
  const rowShared = sharesInfluence(network, projection);
  for (let source: u32 = 0; source < projection.pre; source++) {
    const weights = rowOf(projection.weight, projection, source);
    const dWeights = rowOf(projection.dWeight, projection, source);
    const dDelays = rowOf(projection.dDelay, projection, source);
    const rowWise = isRowWise(trial, projection);
    let reach = 0.0;
    for (let j: u32 = 0; j < population.size; j++) {
      const weight = realOf(weights, j);
      const dReadout = f64Of(trial.loss.dReadout, j);
      addReal(dWeights, j, dReadout * valueOf(trial, projection, source, j));
      if (trial.wanted.delays) addReal(dDelays, j, dReadout * weight * slopeOf(trial, projection, source, j));
      if (rowWise) continue;
      const sums = sumsOf(network, projection, source, j);
      reach += dReadout * weight;
      if (!trial.wanted.neurons) continue;
      addReal(population.dAlpha, j, dReadout * weight * sums.dAlpha);
      addReal(population.dBeta, j, dReadout * weight * sums.dBeta);
    }
    if (rowShared) sumsOf(network, projection, source, 0).value = reach;
  }
}

function addNeuron(trial: Trial, population: Population, j: u32): void {
  const loss = trial.loss;
  const duration = trial.record.duration;
  const state = stateOf(population, j);
  const alpha = f64Of(population.alpha, j);
  const dReadout = f64Of(loss.dReadout, j);
  const d0 = fromRest(population, j, realOf(population.u0, j));
  const i0 = realOf(population.i0, j);
  const share = stateShare(loss, duration, state, alpha, 0, 0);
  const found = influence(loss, duration, state, alpha, f64Of(population.beta, j), 0, 0, true);
  addReal(population.dV0, j, dReadout * share);
  addReal(population.dI0, j, dReadout * found.value);
  const viaU = d0 * initialShareDerivative(loss, duration, state, alpha);
  addReal(population.dAlpha, j, dReadout * (viaU + i0 * found.dAlpha + ownOf(loss, OwnArray.dAlpha, j)));
  addReal(population.dBeta, j, dReadout * (i0 * found.dBeta + ownOf(loss, OwnArray.dBeta, j)));
  addReal(population.dBias, j, dReadout * biasShare(loss, duration, state, alpha));
}

/** After the sweep over the arrivals, whose sums it uses. */
export function addReadoutGradients(trial: Trial): void {
  const network = trial.network;
  const population = populationAt(network, trial.loss.population);
  // Before the rows' sums are used up, and while a carried weighting stands at time 0.
  if (trial.wanted.neurons) {
    for (let j: u32 = 0; j < population.size; j++) addNeuron(trial, population, j);
  }
  for (let p: u32 = 0; p < network.projectionCount; p++) {
    if (projectionAt(network, p).target == trial.loss.population)
      addSynapses(trial, projectionAt(network, p));
  }
}
