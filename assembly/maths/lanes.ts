/** Vector vocabulary over `real`: 2 lanes of f64 or 4 lanes of f32 in 16 bytes. */
import { Size } from "../kinds";

export const vectorBytes: usize = Size.vector;

export function splat(x: f64): v128 {
  return v128.splat<real>(<real>x);
}

export function add(a: v128, b: v128): v128 {
  return v128.add<real>(a, b);
}

export function sub(a: v128, b: v128): v128 {
  return v128.sub<real>(a, b);
}

export function mul(a: v128, b: v128): v128 {
  return v128.mul<real>(a, b);
}

/** a b + c, rounded twice: a fused form would differ between machines. */
export function madd(a: v128, b: v128, c: v128): v128 {
  return v128.add<real>(v128.mul<real>(a, b), c);
}

/** Lanes where a ≥ b, as a mask. */
export function atLeast(a: v128, b: v128): v128 {
  return v128.ge<real>(a, b);
}

/** to = a + b for `bytes` bytes, a multiple of four vectors. */
export function addTo(to: usize, a: usize, b: usize, bytes: usize): void {
  for (const end = to + bytes; to < end; to += 64, a += 64, b += 64) {
    const first = add(v128.load(a, 0), v128.load(b, 0));
    const second = add(v128.load(a, 16), v128.load(b, 16));
    const third = add(v128.load(a, 32), v128.load(b, 32));
    const fourth = add(v128.load(a, 48), v128.load(b, 48));
    v128.store(to, first, 0);
    v128.store(to, second, 16);
    v128.store(to, third, 32);
    v128.store(to, fourth, 48);
  }
}

/** A mask's lanes as bits, the lowest lane lowest. */
export function laneBits(mask: v128): u32 {
  if (sizeof<real>() == 8) return <u32>v128.bitmask<i64>(mask);
  else return <u32>v128.bitmask<i32>(mask);
}

/** Sum of the lanes, low to high. */
export function sumLanes(x: v128): f64 {
  if (sizeof<real>() == 8) {
    return v128.extract_lane<f64>(x, 0) + v128.extract_lane<f64>(x, 1);
  } else {
    return (
      <f64>v128.extract_lane<f32>(x, 0) +
      <f64>v128.extract_lane<f32>(x, 1) +
      (<f64>v128.extract_lane<f32>(x, 2) + <f64>v128.extract_lane<f32>(x, 3))
    );
  }
}
