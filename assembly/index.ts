/** The ABI: the only exported functions and constants. Structures are passed by their addresses; see describe.mjs. */
export { work } from "./batch/work";
export { layoutVersion } from "./layout_version";
export { difference2, difference3, difference4, repeatedDifference } from "./maths/divided_difference";
export { exp, expm1 } from "./maths/exp";
export { log, log1p } from "./maths/log";
export { phi1, phi2 } from "./maths/phi";
export { coefficients, gainDerivatives } from "./neuron/coefficients";
export { crossing } from "./neuron/crossing";
export { differentiate, evaluate, evaluateLoss } from "./passes/evaluate";
export { closestGraze } from "./passes/graze";

/** Bytes of a number of states, weights and gradients. */
export function realBytes(): usize {
  return sizeof<real>();
}

/** First byte that the host may use. */
export function heapBase(): usize {
  return __heap_base;
}
