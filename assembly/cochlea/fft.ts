/**
 * Two complex Fourier transforms at a time: z_n = Σ_k Z_k e^(2πi kn/L), L a power of two, in place. An element is
 * (re, re′), (im, im′), 32 bytes. The input is in bit-reversed order, so that every part of the work is on neighbours
 * and whoever fills the buffer does the reordering.
 */
import { cosTurn, sinTurn } from "../maths/trig";

export const elementBytes: usize = 32;
const twiddleBytes: usize = 16;

/** Elements whose transform stays in the second-level cache. */
const blockSize: u32 = 4096;

/** e^(πi k/m) at (m + k) for every power of two m < length and k < m: each pass reads its own in order. */
export function fillTwiddles(twiddles: usize, length: u32): void {
  const top = length >> 1;
  for (let k: u32 = 0; k < top; k++) {
    const at = twiddles + <usize>(top + k) * twiddleBytes;
    f64.store(at, cosTurn(k, length));
    f64.store(at, sinTurn(k, length), 8);
  }
  // Every other one of a pass is the one of the pass before, to the last bit: 2k/(4m) is k/(2m).
  for (let n = top - 1; n > 0; n--)
    v128.store(twiddles + <usize>n * twiddleBytes, v128.load(twiddles + <usize>(2 * n) * twiddleBytes));
}

/** Where element k of a transform of 2^bits belongs. */
export function reversed(k: u32, bits: u32): u32 {
  k = ((k >> 1) & 0x55555555) | ((k & 0x55555555) << 1);
  k = ((k >> 2) & 0x33333333) | ((k & 0x33333333) << 2);
  k = ((k >> 4) & 0x0f0f0f0f) | ((k & 0x0f0f0f0f) << 4);
  return bswap(k) >> (32 - bits);
}

/** A pass that joins pairs of single elements. */
function pairs(data: usize, count: u32): void {
  const end = data + <usize>count * elementBytes;
  for (let at = data; at < end; at += 2 * elementBytes) {
    const ar = v128.load(at);
    const ai = v128.load(at, 16);
    const br = v128.load(at, 32);
    const bi = v128.load(at, 48);
    v128.store(at, f64x2.add(ar, br));
    v128.store(at, f64x2.add(ai, bi), 16);
    v128.store(at, f64x2.sub(ar, br), 32);
    v128.store(at, f64x2.sub(ai, bi), 48);
  }
}

/** Two passes in one: joins four transforms of m elements each, in every 4m of `count`. */
function quads(data: usize, count: u32, m: u32, twiddles: usize): void {
  const quarter = <usize>m * elementBytes;
  const end = data + <usize>count * elementBytes;
  for (let block = data; block < end; block += 4 * quarter) {
    let first = twiddles + <usize>m * twiddleBytes;
    let second = twiddles + <usize>(2 * m) * twiddleBytes;
    for (let p0 = block; p0 < block + quarter; p0 += elementBytes) {
      join(
        p0,
        quarter,
        v128.load64_splat(first),
        v128.load64_splat(first, 8),
        v128.load64_splat(second),
        v128.load64_splat(second, 8),
      );
      first += twiddleBytes;
      second += twiddleBytes;
    }
  }
}

function join(p0: usize, quarter: usize, ur: v128, ui: v128, vr: v128, vi: v128): void {
  const p1 = p0 + quarter;
  const p2 = p1 + quarter;
  const p3 = p2 + quarter;
  // The first pass, with u = e^(πi k/m).
  let xr = v128.load(p1);
  let xi = v128.load(p1, 16);
  let tr = f64x2.sub(f64x2.mul(xr, ur), f64x2.mul(xi, ui));
  let ti = f64x2.add(f64x2.mul(xr, ui), f64x2.mul(xi, ur));
  xr = v128.load(p0);
  xi = v128.load(p0, 16);
  const a0r = f64x2.add(xr, tr);
  const a0i = f64x2.add(xi, ti);
  const a1r = f64x2.sub(xr, tr);
  const a1i = f64x2.sub(xi, ti);
  xr = v128.load(p3);
  xi = v128.load(p3, 16);
  tr = f64x2.sub(f64x2.mul(xr, ur), f64x2.mul(xi, ui));
  ti = f64x2.add(f64x2.mul(xr, ui), f64x2.mul(xi, ur));
  xr = v128.load(p2);
  xi = v128.load(p2, 16);
  const a2r = f64x2.add(xr, tr);
  const a2i = f64x2.add(xi, ti);
  const a3r = f64x2.sub(xr, tr);
  const a3i = f64x2.sub(xi, ti);
  // The second, with v = e^(πi k/(2m)), and i v for the upper half.
  tr = f64x2.sub(f64x2.mul(a2r, vr), f64x2.mul(a2i, vi));
  ti = f64x2.add(f64x2.mul(a2r, vi), f64x2.mul(a2i, vr));
  v128.store(p0, f64x2.add(a0r, tr));
  v128.store(p0, f64x2.add(a0i, ti), 16);
  v128.store(p2, f64x2.sub(a0r, tr));
  v128.store(p2, f64x2.sub(a0i, ti), 16);
  tr = f64x2.sub(f64x2.mul(a3r, vr), f64x2.mul(a3i, vi));
  ti = f64x2.add(f64x2.mul(a3r, vi), f64x2.mul(a3i, vr));
  v128.store(p1, f64x2.sub(a1r, ti));
  v128.store(p1, f64x2.add(a1i, tr), 16);
  v128.store(p3, f64x2.add(a1r, ti));
  v128.store(p3, f64x2.sub(a1i, tr), 16);
}

/** Transforms 2^bits elements, given in bit-reversed order, returned in their own. */
export function transform(data: usize, bits: u32, twiddles: usize): void {
  const length: u32 = 1 << bits;
  let m: u32 = bits & 1 ? 2 : 1;
  if (bits & 1) pairs(data, length);
  // Block by block as long as a block fits the cache, then over all.
  const inner = min(length, bits & 1 ? 2 * blockSize : blockSize);
  for (let block: u32 = 0; block < length; block += inner) {
    const at = data + <usize>block * elementBytes;
    for (let n = m; n < inner; n <<= 2) quads(at, inner, n, twiddles);
  }
  for (m = inner; m < length; m <<= 2) quads(data, length, m, twiddles);
}
