/**
 * Adam, the optimiser, on one tensor. With g = `scale` times the sum of its gradients over the lanes, in their order:
 *
 *   m ← β₁ m + (1 − β₁) g     v ← β₂ v + (1 − β₂) g²     w ← w − rate m / (√(v · correction) + ε)
 *
 * with rate = η/(1 − β₁ᵗ) and correction = 1/(1 − β₂ᵗ) at step t; D. P. Kingma, J. Ba, "Adam: a method for stochastic
 * optimization" (2015), algorithm 1. Where a gradient is always zero, as in padding, the value never changes.
 */
import { add, addTo, madd, mul, splat, sub, vectorBytes } from "../maths/lanes";
import { Reals } from "../memory";

/** One tensor and its step: arrays of `bytes` bytes each, a multiple of a chunk. */
@unmanaged
export class Tensor {
  beta1: f64;
  beta2: f64;
  epsilon: f64;
  /** η/(1 − β₁ᵗ), 1/(1 − β₂ᵗ), and the factor of the gradients. */
  rate: f64;
  correction: f64;
  scale: f64;
  bytes: usize;
  /** From the value of one synapse into a neuron to that of the next. */
  rowBytes: usize;
  values: Reals;
  m: Reals;
  v: Reals;
  /** Of the first lane; the others follow `laneBytes` apart. */
  gradient: Reals;
  laneBytes: usize;
  lanes: u32;
  /** 1 if each neuron's gradient is brought to one size before the step; the first lane then holds the sum. */
  normalized: u32;
  /** Set to 1 when a value has become infinite or no number. */
  notFinite: u32;
}

/** Adds `bytes` of every lane's gradients, from `from` of the tensor, to the first lane's, in the order of the lanes. */
export function addLanes(tensor: Tensor, from: usize, bytes: usize): void {
  const sum = tensor.gradient + from;
  for (let lane: u32 = 1; lane < tensor.lanes; lane++)
    addTo(sum, sum, sum + <usize>lane * tensor.laneBytes, bytes);
}

/** Moves the values of [from, to), in bytes of the tensor. */
export function updateTensor(tensor: Tensor, from: usize, to: usize): void {
  const beta1 = splat(tensor.beta1);
  const beta2 = splat(tensor.beta2);
  const rest1 = splat(1.0 - tensor.beta1);
  const rest2 = splat(1.0 - tensor.beta2);
  const scale = splat(tensor.scale);
  const rate = splat(tensor.rate);
  const correction = splat(tensor.correction);
  const epsilon = splat(tensor.epsilon);
  const sum = tensor.gradient;
  let wrong = splat(0);
  if (!tensor.normalized) addLanes(tensor, from, to - from);
  for (let at = from; at < to; at += vectorBytes) {
    const g = mul(scale, v128.load(sum + at));
    const m = madd(beta1, v128.load(tensor.m + at), mul(rest1, g));
    const v = madd(beta2, v128.load(tensor.v + at), mul(rest2, mul(g, g)));
    v128.store(tensor.m + at, m);
    v128.store(tensor.v + at, v);
    const root = add(v128.sqrt<real>(mul(v, correction)), epsilon);
    const value = sub(v128.load(tensor.values + at), v128.div<real>(mul(rate, m), root));
    v128.store(tensor.values + at, value);
    // 0, but for infinities and NaN, which it makes NaN.
    const nothing = sub(value, value);
    wrong = v128.or(wrong, v128.ne<real>(nothing, nothing));
  }
  if (v128.any_true(wrong)) tensor.notFinite = 1;
}
