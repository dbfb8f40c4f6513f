/** The network as a trial sees it: populations, and the projections between them. */

import { entryOf, F64s, Reals, Table, U32s } from "../memory";
import { Coefficients } from "../neuron/coefficients";
import { Population } from "../neuron/population";
import { Influence } from "./loss_plan";

/** A projection; rows are the outgoing synapses of one source neuron. */
@unmanaged
export class Projection {
  target: u32;
  pre: u32;
  /** Elements of a row, the target's stride. */
  stride: u32;
  /** Of `DelayKind`. */
  delayKind: u32;
  /** ms, of kind `shared`. */
  delay: f64;
  /** [pre][stride] */
  weight: Reals;
  dWeight: Reals;
  dDelay: Reals;
  /** [pre][stride], of kind `own`: delays in ascending order within a row, and whose they are. */
  delays: F64s;
  order: U32s;
  /** [pre][stride or 1]: sums over arrivals, of projections to the integral loss's readout. */
  sums: Table<Influence>;
  /** [pre][stride]: sums of K and of K′, where a row is asked for as a whole. */
  rowSums: Reals;
  rowSlopes: Reals;
}

@unmanaged
export class Network {
  populations: Table<Population>;
  projections: Table<Projection>;
  /** Spiking populations come first; the others follow and are simulated only if the loss needs their course. */
  spikingCount: u32;
  simulatedCount: u32;
  projectionCount: u32;
  /** Whether any projection has delays. */
  hasDelays: u32;
  /** The input's outgoing projections come first in the table. */
  inputProjectionsEnd: u32;
  /** [largest stride] of zeros. */
  zeros: Reals;
  /** State of all populations: u and I of each in turn; `stateBytes` are those of the simulated ones. */
  state: Reals;
  stateBytes: u32;
  /** Of the flow that was computed last for a population whose neurons share their time constants. */
  coefficients: Coefficients;
}

export function populationAt(network: Network, p: u32): Population {
  return entryOf<Population>(network.populations, p);
}

export function projectionAt(network: Network, p: u32): Projection {
  return entryOf<Projection>(network.projections, p);
}

/** Outgoing projections of a source group (0 the input, 1 + p population p) as a range: [low, high 32 bits). */
export function outgoing(network: Network, group: u32): u64 {
  if (group == 0) return (<u64>network.inputProjectionsEnd) << 32;
  const population = populationAt(network, group - 1);
  return ((<u64>population.projectionsEnd) << 32) | population.projections;
}

/** Weights (or gradients) of the synapses that leave neuron `source`. */
export function rowOf(matrix: Reals, projection: Projection, source: u32): Reals {
  return matrix + <usize>source * <usize>projection.stride * sizeof<real>();
}

/** Whose the delays of neuron `source` are, of kind `own`. */
export function orderOf(projection: Projection, source: u32): U32s {
  return projection.order + ((<usize>source * projection.stride) << 2);
}
