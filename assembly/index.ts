/** The ABI: the only exported functions and constants. Functions take the address of a `Plan`. */
export { difference2, difference3, repeatedDifference } from "./divided_difference";
export { exp, expm1 } from "./exp";
export { log, log1p } from "./log";
export { phi1, phi2 } from "./phi";
export { coefficients, gainDerivatives } from "./coefficients";
export { crossing } from "./crossing";
export { differentiate, evaluate } from "./evaluate";
export { work } from "./work";
export { closestGraze } from "./graze";
export {
  CandidateAt, EventAt, InstantAt, Layout, PendingAt, PlanAt, PopulationAt, ProjectionAt, TensorAt, WorkAt,
} from "./layout";
export { DelayKind, EventKind, LossKind, Penalty, PopulationFlag, Status, Weighting, WorkKind } from "./kinds";

/** First byte that the host may use. */
export function heapBase(): usize {
  return __heap_base;
}
