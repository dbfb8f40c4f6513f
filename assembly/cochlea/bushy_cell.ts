/**
 * A spherical bushy cell, on which all fibres of a place converge: leaky integration of exponential currents on the grid
 * of samples, threshold 1, reset to 0, absolute refractory time.
 */
import { exp } from "../maths/exp";

/** s */
const tauMem: f64 = 1e-3;
const tauSyn: f64 = 0.5e-3;
const refractoryTime: f64 = 1e-3;
/** Of all fibres together, 1/s. */
const totalWeight: f64 = 13000;

/**
 * Four cells side by side. Writes the samples at which each spikes, 4 bytes each, to a row of `samples` of its own, and to
 * `tally` how many there are. `counts` holds four bytes a sample, the numbers of fibres that fire in it; `rate` in Hz.
 */
export function bushyCells(
  counts: usize,
  samples: u32,
  fibres: i32,
  rate: f64,
  spikes: usize,
  tally: usize,
): void {
  const dt = 1.0 / rate;
  const keepVoltage = f64x2.splat(exp(-dt / tauMem));
  const keepCurrent = f64x2.splat(exp(-dt / tauSyn));
  const weight = f64x2.splat((totalWeight / <f64>fibres) * dt);
  const held = f64x2.splat(floor(refractoryTime * rate));
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  let v0 = zero;
  let v1 = zero;
  let c0 = zero;
  let c1 = zero;
  // Samples for which a cell is still refractory.
  let r0 = zero;
  let r1 = zero;
  v128.store(tally, zero);
  for (let j: u32 = 0; j < samples; j++) {
    const over0 = f64x2.le(r0, zero);
    const over1 = f64x2.le(r1, zero);
    const below0 = f64x2.lt(v0, one);
    const below1 = f64x2.lt(v1, one);
    const fired0 = v128.andnot(over0, below0);
    const fired1 = v128.andnot(over1, below1);
    if (v128.any_true(v128.or(fired0, fired1))) {
      const fired = i64x2.bitmask(fired0) | (i64x2.bitmask(fired1) << 2);
      for (let n: usize = 0; n < 4; n++)
        if ((fired >> <i32>n) & 1) append(j - 1, spikes + 4 * n * samples, tally + 4 * n);
      r0 = v128.bitselect(held, r0, fired0);
      r1 = v128.bitselect(held, r1, fired1);
    }
    const four = v128.extend_low<u16>(v128.extend_low<u8>(v128.load32_zero(counts + ((<usize>j) << 2))));
    c0 = f64x2.add(f64x2.mul(c0, keepCurrent), f64x2.convert_low_i32x4_u(four));
    c1 = f64x2.add(
      f64x2.mul(c1, keepCurrent),
      f64x2.convert_low_i32x4_u(v128.shuffle<i64>(four, four, 1, 1)),
    );
    v0 = f64x2.add(f64x2.mul(v0, keepVoltage), f64x2.mul(c0, weight));
    v1 = f64x2.add(f64x2.mul(v1, keepVoltage), f64x2.mul(c1, weight));
    v0 = v128.and(v0, v128.and(over0, below0));
    v1 = v128.and(v1, v128.and(over1, below1));
    r0 = f64x2.sub(r0, one);
    r1 = f64x2.sub(r1, one);
  }
}

function append(sample: u32, row: usize, tally: usize): void {
  const count = load<u32>(tally);
  store<u32>(row + ((<usize>count) << 2), sample);
  store<u32>(tally, count + 1);
}
