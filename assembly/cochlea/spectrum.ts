/**
 * The first bins of the discrete Fourier transform of a real signal of any length N, S_k = Σ_n x_n e^(−2πi kn/N), as a
 * convolution with a chirp (Bluestein): kn = (k² + n² − (k−n)²)/2.
 */
import { cosTurn, sinTurn } from "../maths/trig";
import { elementBytes, reversed, transform } from "./fft";

/** Bits of the transforms: they must hold a convolution of N samples and `bins` results. */
export function spectrumBits(samples: u32, bins: u32): u32 {
  return 32 - clz(samples + bins - 2);
}

/** e^(−πi n²/N): n² is reduced in whole numbers. */
function chirpIm(n: i64, samples: i64): f64 {
  return -sinTurn((n * n) % (2 * samples), 2 * samples);
}

function chirpRe(n: i64, samples: i64): f64 {
  return cosTurn((n * n) % (2 * samples), 2 * samples);
}

/** Lane 0: the signal times the chirp. Lane 1: the conjugate chirp, from −(N−1) to bins − 1. */
function fill(signal: usize, samples: u32, bins: u32, data: usize, bits: u32): void {
  const length: u32 = 1 << bits;
  memory.fill(data, 0, <usize>length * elementBytes);
  for (let n: u32 = 0; n < samples; n++) {
    const cr = chirpRe(n, samples);
    const ci = chirpIm(n, samples);
    const at = data + <usize>reversed(n, bits) * elementBytes;
    const x = f64.load(signal + ((<usize>n) << 3));
    f64.store(at, x * cr);
    f64.store(at, x * ci, 16);
    if (n < bins) {
      f64.store(at, cr, 8);
      f64.store(at, -ci, 24);
    }
    if (n > 0) {
      const before = data + <usize>reversed(length - n, bits) * elementBytes;
      f64.store(before, cr, 8);
      f64.store(before, -ci, 24);
    }
  }
}

/** The product of both lanes, in both lanes, from natural to bit-reversed order. */
function multiply(data: usize, bits: u32): void {
  const length: u32 = 1 << bits;
  for (let k: u32 = 0; k < length; k++) {
    const at = data + <usize>k * elementBytes;
    const ar = f64.load(at);
    const br = f64.load(at, 8);
    const ai = f64.load(at, 16);
    const bi = f64.load(at, 24);
    v128.store(at, f64x2.splat(ar * br - ai * bi));
    v128.store(at, f64x2.splat(ar * bi + ai * br), 16);
  }
  for (let k: u32 = 0; k < length; k++) {
    const other = reversed(k, bits);
    if (other <= k) continue;
    const a = data + <usize>k * elementBytes;
    const b = data + <usize>other * elementBytes;
    const re = v128.load(a);
    const im = v128.load(a, 16);
    v128.store(a, v128.load(b));
    v128.store(a, v128.load(b, 16), 16);
    v128.store(b, re);
    v128.store(b, im, 16);
  }
}

/** Writes `bins` complex values to `out`, each times `factor`; `data` is room for 2^bits elements. */
export function spectrum(
  signal: usize,
  samples: u32,
  bins: u32,
  factor: f64,
  data: usize,
  bits: u32,
  twiddles: usize,
  out: usize,
): void {
  fill(signal, samples, bins, data, bits);
  transform(data, bits, twiddles);
  multiply(data, bits);
  transform(data, bits, twiddles);
  const length: u32 = 1 << bits;
  const scaled = factor / <f64>length;
  for (let k: u32 = 0; k < bins; k++) {
    // The second transform has the sign of the first, which reverses its result.
    const at = data + <usize>((length - k) & (length - 1)) * elementBytes;
    const cr = chirpRe(k, samples) * scaled;
    const ci = chirpIm(k, samples) * scaled;
    const xr = f64.load(at);
    const xi = f64.load(at, 16);
    f64.store(out + ((<usize>k) << 4), xr * cr - xi * ci);
    f64.store(out + ((<usize>k) << 4), xr * ci + xi * cr, 8);
  }
}
