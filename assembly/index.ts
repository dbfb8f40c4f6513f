/** The ABI: the only exported functions and constants. Functions take the address of a `Plan`. */
export { difference2, difference3, repeatedDifference } from "./divided_difference";
export { exp, expm1 } from "./exp";
export { log, log1p } from "./log";
export { phi1, phi2 } from "./phi";
export { coefficients, gainDerivatives } from "./coefficients";
export { crossing } from "./crossing";
export { forward } from "./forward";
export { adjoint } from "./adjoint";
export { closestGraze } from "./graze";
export { averageCrossEntropy } from "./losses/average_cross_entropy";
export { firstSpike } from "./losses/first_spike";
export { integralAdjoint, integralCrossEntropy } from "./losses/integral_cross_entropy";
export { maxCrossEntropy } from "./losses/max_cross_entropy";
export { spikeTimeMse } from "./losses/spike_time_mse";
export { CandidateAt, EventAt, InstantAt, Layout, PendingAt, PlanAt, PopulationAt, ProjectionAt } from "./layout";
export { DelayKind, EventKind, LossKind, Penalty, PopulationFlag, Status, Weighting } from "./kinds";

/** First byte that the host may use. */
export function heapBase(): usize {
  return __heap_base;
}
