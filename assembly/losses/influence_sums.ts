/** Sums of influences over the arrivals at a synapse, which is all that an integral loss needs to know of them. */
import { DelayKind, PopulationFlag } from "../kinds";
import { bytesOf, entryOf, realOf } from "../memory";
import { Population } from "../neuron/population";
import { Influence } from "../trial/loss_plan";
import { Network, Projection, populationAt, rowOf } from "../trial/network";
import { Trial } from "../trial/trial";

/** Whether all synapses of a row share an influence: equal time constants, arrival at one time. */
export function sharesInfluence(network: Network, projection: Projection): bool {
  const uniform = (populationAt(network, projection.target).flags & PopulationFlag.uniform) != 0;
  return uniform && projection.delayKind != DelayKind.own;
}

/** Whether a row's synapses, each with its own influence, are asked for together. */
export function isRowWise(trial: Trial, projection: Projection): bool {
  return !sharesInfluence(trial.network, projection) && projection.delayKind != DelayKind.own;
}

/** Σ K′ over the arrivals at a synapse. */
export function slopeOf(trial: Trial, projection: Projection, source: u32, j: u32): f64 {
  if (isRowWise(trial, projection)) return realOf(rowOf(projection.rowSlopes, projection, source), j);
  return sumsOf(trial.network, projection, source, j).slope;
}

/** Σ K over the arrivals at a synapse. */
export function valueOf(trial: Trial, projection: Projection, source: u32, j: u32): f64 {
  if (isRowWise(trial, projection)) return realOf(rowOf(projection.rowSums, projection, source), j);
  return sumsOf(trial.network, projection, source, j).value;
}

/** Whose carried state is a neuron's: those of a uniform population share the first one's. */
export function stateOf(population: Population, j: u32): u32 {
  return population.flags & PopulationFlag.uniform ? 0 : j;
}

/** Sums of one synapse, or of its whole row where they are shared. */
export function sumsOf(network: Network, projection: Projection, source: u32, j: u32): Influence {
  const k = sharesInfluence(network, projection) ? source : source * projection.stride + j;
  return entryOf<Influence>(projection.sums, k);
}

export function clearSums(trial: Trial, projection: Projection): void {
  const network = trial.network;
  if (isRowWise(trial, projection)) {
    const bytes = <usize>projection.pre * projection.stride * sizeof<real>();
    memory.fill(projection.rowSums, 0, bytes);
    if (trial.wanted.delays) memory.fill(projection.rowSlopes, 0, bytes);
    return;
  }
  const perSource: usize = sharesInfluence(network, projection) ? 1 : projection.stride;
  memory.fill(projection.sums, 0, <usize>projection.pre * perSource * bytesOf<Influence>());
}

/** Adds an arrival's influence; beside K only what `all` asks for. */
export function addInfluence(sums: Influence, influence: Influence, all: bool): void {
  sums.value += influence.value;
  if (!all) return;
  sums.slope += influence.slope;
  sums.dAlpha += influence.dAlpha;
  sums.dBeta += influence.dBeta;
}
