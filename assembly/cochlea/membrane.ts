/**
 * Velocity of four neighbouring places of the membrane, V[j] = Re Σ_k v(f_k) S_k e^(2πi jk/K)/K for j < K: the band in
 * which the places respond goes through a transform of twice its size or a little more, and is evaluated at the K points
 * between. Velocities of a sample are in the order (0, 2, 1, 3), as the transform has them.
 */

import { elementBytes, reversed } from "./fft";
import { oversampling } from "./taps";
import { drive, velocity } from "./transfer";

const twoPi: f64 = 6.283185307179586;

/** Bits of a grid for a band of `bins`. */
export function gridBits(bins: u32): u32 {
  const least = <u32>ceil(oversampling * 2.0 * <f64>bins);
  return 32 - clz(least - 1);
}

/** Response of the four places, (re₀, re₂), (im₀, im₂), (re₁, re₃), (im₁, im₃), times (s + i t). */
function place(data: usize, k: u32, bits: u32, response: usize, s: f64, t: f64): void {
  const sr = f64x2.splat(s);
  const si = f64x2.splat(t);
  let xr = v128.load(response);
  let xi = v128.load(response, 16);
  const ar = f64x2.sub(f64x2.mul(xr, sr), f64x2.mul(xi, si));
  const ai = f64x2.add(f64x2.mul(xr, si), f64x2.mul(xi, sr));
  xr = v128.load(response, 32);
  xi = v128.load(response, 48);
  const br = f64x2.sub(f64x2.mul(xr, sr), f64x2.mul(xi, si));
  const bi = f64x2.add(f64x2.mul(xr, si), f64x2.mul(xi, sr));
  // Two real signals a and b as a + i b: A + iB at k, conj A + i conj B at −k.
  const up = data + <usize>reversed(k, bits) * elementBytes;
  v128.store(up, f64x2.sub(ar, bi));
  v128.store(up, f64x2.add(ai, br), 16);
  const down = data + <usize>reversed((1 << bits) - k, bits) * elementBytes;
  v128.store(down, f64x2.add(ar, bi));
  v128.store(down, f64x2.sub(br, ai), 16);
}

/** The same for k = 0, which is its own mirror image. */
function placeMean(data: usize, response: usize, s: f64, t: f64): void {
  for (let half: usize = 0; half < 32; half += 16) {
    const xr = v128.load(response + 2 * half);
    const xi = v128.load(response + 2 * half, 16);
    v128.store(data + half, f64x2.sub(f64x2.mul(xr, f64x2.splat(s)), f64x2.mul(xi, f64x2.splat(t))));
  }
}

/** Lagrange interpolation in a table of four places' responses, 64 bytes an entry, six points about t entries. */
function interpolate(table: usize, t: f64, entries: i32, out: usize): void {
  const first = max(0, min(<i32>t - 2, entries - 6));
  const at = table + ((<usize>first) << 6);
  const x = t - <f64>first;
  const x1 = x - 1.0;
  const x2 = x - 2.0;
  const x3 = x - 3.0;
  const x4 = x - 4.0;
  const x5 = x - 5.0;
  const low = x * x1;
  const middle = x2 * x3;
  const high = x4 * x5;
  const w0 = f64x2.splat(x1 * middle * high * (-1 / 120.0));
  const w1 = f64x2.splat(x * middle * high * (1 / 24.0));
  const w2 = f64x2.splat(low * x3 * high * (-1 / 12.0));
  const w3 = f64x2.splat(low * x2 * high * (1 / 12.0));
  const w4 = f64x2.splat(low * middle * x5 * (-1 / 24.0));
  const w5 = f64x2.splat(low * middle * x4 * (1 / 120.0));
  for (let part: usize = 0; part < 64; part += 16) {
    const from = at + part;
    const left = f64x2.add(f64x2.mul(w0, v128.load(from)), f64x2.mul(w1, v128.load(from, 64)));
    const centre = f64x2.add(f64x2.mul(w2, v128.load(from, 128)), f64x2.mul(w3, v128.load(from, 192)));
    const right = f64x2.add(f64x2.mul(w4, v128.load(from, 256)), f64x2.mul(w5, v128.load(from, 320)));
    v128.store(out + part, f64x2.add(f64x2.add(left, centre), right));
  }
}

/** Response of four places at one frequency, directly, in the order above. */
export function respond(frequency: f64, tapers: usize, out: usize): void {
  const driven = drive(twoPi * frequency);
  for (let n = 0; n < 4; n++) {
    const v = velocity(frequency, f64.load(tapers + ((<usize>n) << 3)), driven);
    const at = out + ((<usize>n & 1) << 5) + ((<usize>n >> 1) << 3);
    f64.store(at, f64x2.extract_lane(v, 0));
    f64.store(at, f64x2.extract_lane(v, 1), 16);
  }
}

/** Fills a table of responses at 1 Hz and every `spacing` Hz above. */
export function fillResponses(table: usize, entries: i32, spacing: f64, tapers: usize): void {
  for (let n = 0; n < entries; n++) respond(1.0 + <f64>n * spacing, tapers, table + ((<usize>n) << 6));
}

/**
 * Writes the band's spectrum to the grid. Bins are `step` Hz apart from 1 Hz on; responses come from a table, or directly
 * where `table` is 0.
 */
export function fillGrid(
  spectrum: usize,
  bins: u32,
  step: f64,
  table: usize,
  entries: i32,
  spacing: f64,
  tapers: usize,
  data: usize,
  bits: u32,
  undo: usize,
  scratch: usize,
): void {
  memory.fill(data, 0, elementBytes << bits);
  for (let k: u32 = 0; k < bins; k++) {
    if (table) interpolate(table, (<f64>k * step) / spacing, entries, scratch);
    else respond(1.0 + <f64>k * step, tapers, scratch);
    const factor = f64.load(undo + ((<usize>k) << 3));
    const s = f64.load(spectrum + ((<usize>k) << 4)) * factor;
    const t = f64.load(spectrum + ((<usize>k) << 4), 8) * factor;
    if (k > 0) place(data, k, bits, scratch, s, t);
    else placeMean(data, scratch, s, t);
  }
}

/** Evaluates the transformed grid at `count` points, 32 bytes each. */
export function sampleGrid(data: usize, bits: u32, weights: usize, taps: i32, count: u32, out: usize): void {
  const length: u32 = 1 << bits;
  const mask = length - 1;
  for (let j: u32 = 0; j < count; j++) {
    const base = <u32>((<u64>j * length) / count) - (taps / 2 - 1);
    let lower = f64x2.splat(0);
    let upper = lower;
    for (let n: i32 = 0; n < taps; n++) {
      const at = data + <usize>((base + n) & mask) * elementBytes;
      const w = v128.load64_splat(weights);
      lower = f64x2.add(lower, f64x2.mul(w, v128.load(at)));
      upper = f64x2.add(upper, f64x2.mul(w, v128.load(at, 16)));
      weights += 8;
    }
    v128.store(out, lower);
    v128.store(out, upper, 16);
    out += 32;
  }
}
