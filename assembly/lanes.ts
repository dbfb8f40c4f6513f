/** Vector vocabulary over `real`: 2 lanes of f64 or 4 lanes of f32 in 16 bytes. */

/** Bytes of a vector; every array starts at and is padded to a multiple of it. */
export const vectorBytes: usize = 16;

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
      (<f64>v128.extract_lane<f32>(x, 0) + <f64>v128.extract_lane<f32>(x, 1)) +
      (<f64>v128.extract_lane<f32>(x, 2) + <f64>v128.extract_lane<f32>(x, 3))
    );
  }
}
