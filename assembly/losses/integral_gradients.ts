/** Gradients of the integral loss with respect to what belongs to the readout: synapses, time constants, state. */
import { PopulationFlag } from "../kinds";
import { Plan, Population, Projection, populationAt, projectionAt } from "../plan";
import { InfluenceAt, biasShare, influence, initialShare, initialShareDerivative } from "./influence";
import { sharesInfluence, sumsOf } from "./integral_cross_entropy";

function accumulate(array: usize, at: usize, x: f64): void {
  store<real>(array + at, <real>(<f64>load<real>(array + at) + x));
}

/** Gradients of a projection's synapses. Where a row shares its sums, Σ_j ∂L/∂S_j w_j then takes their place. */
function addSynapses(plan: Plan, projection: Projection): void {
  const population = populationAt(plan, projection.target);
  const rowShared = sharesInfluence(plan, projection);
  for (let source: u32 = 0; source < projection.pre; source++) {
    let reach = 0.0;
    for (let j: u32 = 0; j < population.size; j++) {
      const at = (<usize>source * projection.stride + j) * sizeof<real>();
      const sums = sumsOf(plan, projection, source, j);
      const weight = <f64>load<real>(projection.weight + at);
      const dReadout = load<f64>(plan.dReadout + (<usize>j << 3));
      reach += dReadout * weight;
      accumulate(projection.dWeight, at, dReadout * load<f64>(sums, InfluenceAt.value));
      if (plan.delayGradients) accumulate(projection.dDelay, at, dReadout * weight * load<f64>(sums, InfluenceAt.slope));
      if (!plan.neuronGradients) continue;
      accumulate(population.dAlpha, <usize>j * sizeof<real>(), dReadout * weight * load<f64>(sums, InfluenceAt.dAlpha));
      accumulate(population.dBeta, <usize>j * sizeof<real>(), dReadout * weight * load<f64>(sums, InfluenceAt.dBeta));
    }
    if (rowShared) store<f64>(sumsOf(plan, projection, source, 0), reach);
  }
}

function addNeuron(plan: Plan, population: Population, j: u32): void {
  const at = <usize>j * sizeof<real>();
  const state = population.flags & PopulationFlag.uniform ? 0 : j;
  const alpha = load<f64>(population.alpha + (<usize>j << 3));
  const dReadout = load<f64>(plan.dReadout + (<usize>j << 3));
  const u0 = <f64>load<real>(population.u0 + at);
  const i0 = <f64>load<real>(population.i0 + at);
  const out = plan.scratch + 64;
  const share = initialShare(plan, state, alpha);
  influence(plan, state, alpha, load<f64>(population.beta + (<usize>j << 3)), 0, 0, true, out);
  accumulate(population.dV0, at, dReadout * share);
  accumulate(population.dI0, at, dReadout * load<f64>(out, InfluenceAt.value));
  // V = u + bias and u(0) = V(0) − bias.
  accumulate(population.dBias, at, dReadout * (biasShare(plan) - share));
  const viaU = u0 * initialShareDerivative(plan, state, alpha);
  accumulate(population.dAlpha, at, dReadout * (viaU + i0 * load<f64>(out, InfluenceAt.dAlpha)));
  accumulate(population.dBeta, at, dReadout * i0 * load<f64>(out, InfluenceAt.dBeta));
}

/** After the sweep over the arrivals, whose sums it uses. */
export function addReadoutGradients(plan: Plan): void {
  const population = populationAt(plan, plan.lossPopulation);
  // Before the rows' sums are used up, and while a sigmoid sweep stands at time 0.
  if (plan.neuronGradients) {
    for (let j: u32 = 0; j < population.size; j++) addNeuron(plan, population, j);
  }
  for (let p: u32 = 0; p < plan.projectionCount; p++) {
    if (projectionAt(plan, p).target == plan.lossPopulation) addSynapses(plan, projectionAt(plan, p));
  }
}
