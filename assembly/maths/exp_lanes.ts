/** e^−x and φ₂(−x) in vectors of `real`, for coefficients that differ from neuron to neuron. */
import { add, madd, mul, splat, sub } from "./lanes";

/** c₀ + c₁ r: polynomials are summed in pairs (Estrin), since a chain of additions is what would take the time. */
function pair(r: v128, c0: f64, c1: f64): v128 {
  return add(splat(c0), mul(splat(c1), r));
}

/** (e^r − 1 − r)/r² for |r| ≤ 0.35: Taylor to r^11 in f64 (truncation below 7e-18 of e^r), to r^5 in f32 (8e-9). */
function tail(r: v128): v128 {
  const r2 = mul(r, r);
  const r4 = mul(r2, r2);
  const low = madd(
    r2,
    pair(r, 0.041666666666666664, 0.008333333333333333),
    pair(r, 0.5, 0.16666666666666666),
  );
  const middle = pair(r, 0.001388888888888889, 0.0001984126984126984);
  if (sizeof<real>() == 4) return madd(r4, middle, low);
  const upper = madd(r2, pair(r, 0.0000248015873015873, 2.7557319223985893e-6), middle);
  const top = madd(
    r2,
    pair(r, 2.08767569878681e-9, 1.6059043836821613e-10),
    pair(r, 2.755731922398589e-7, 2.505210838544172e-8),
  );
  return madd(r4, madd(r4, top, upper), low);
}

/** e^−x for x ≥ 0; error below 1.5 ulp, 0 where it would be subnormal. */
export function expMinus(x: v128): v128 {
  const f64s = sizeof<real>() == 8;
  // ln 2 in two parts, the first short enough for n·hi to be exact.
  const hi = f64s ? 0.6931471803691238 : 0.693359375;
  const lo = f64s ? 1.9082149292705877e-10 : -0.00021219444005469057;
  const most = f64s ? 708.0 : 87.0;
  const vanishes = v128.gt<real>(x, splat(most));
  const y = v128.neg<real>(v128.pmin<real>(x, splat(most)));
  const n = v128.nearest<real>(mul(y, splat(1.4426950408889634)));
  const r = sub(sub(y, mul(n, splat(hi))), mul(n, splat(lo)));
  const p = add(splat(1), madd(mul(r, r), tail(r), r));
  return v128.andnot(mul(p, powerOfTwo(n)), vanishes);
}

/** 2^n of integers in floating point, within the normal range. */
function powerOfTwo(n: v128): v128 {
  // Adding 1.5·2^mantissa leaves n + bias in the lowest bits, which become the exponent.
  if (sizeof<real>() == 8) return v128.shl<i64>(add(n, splat(6755399441055744.0 + 1023.0)), 52);
  else return v128.shl<i32>(add(n, splat(12582912.0 + 127.0)), 23);
}

/** φ₂(−y) for 0 ≤ y ≤ 1/2: Taylor to y^13 in f64 (truncation below 7e-18 relative), to y^7 in f32 (3e-9); error below 1.7 ulp. */
export function phi2Half(y: v128): v128 {
  const r = v128.neg<real>(y);
  const r2 = mul(r, r);
  const r4 = mul(r2, r2);
  const low = madd(
    r2,
    pair(r, 0.041666666666666664, 0.008333333333333333),
    pair(r, 0.5, 0.16666666666666666),
  );
  const middle = madd(
    r2,
    pair(r, 0.0000248015873015873, 2.7557319223985893e-6),
    pair(r, 0.001388888888888889, 0.0001984126984126984),
  );
  if (sizeof<real>() == 4) return madd(r4, middle, low);
  const upper = madd(
    r2,
    pair(r, 2.08767569878681e-9, 1.6059043836821613e-10),
    pair(r, 2.755731922398589e-7, 2.505210838544172e-8),
  );
  const top = madd(r4, pair(r, 1.1470745597729725e-11, 7.647163731819816e-13), upper);
  return madd(r4, madd(r4, top, middle), low);
}
