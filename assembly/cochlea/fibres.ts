/**
 * Auditory-nerve fibres that share a release probability P per sample, each with an absolute refractory time.
 *
 * Fibres that are not refractory are alike, so their number m and the releases n of the last samples are the whole
 * state; n is binomial. It is drawn by walking over the m fibres of each sample as one row of independent trials with
 * hazard −ln(1 − P): the trials up to the next release take an exponentially distributed hazard. Exact in distribution.
 */
import { log, log1p } from "../maths/log";
import { keyOf, uniform } from "./random";

/** Up to here the series of −ln(1 − p) to p⁶ is right to 3e-14 of it, up to the second bound that to p¹¹ to 3e-15. */
const shortUpTo: f64 = 0.0075;
const seriesUpTo: f64 = 0.05;

function hazardOf(p: f64): f64 {
  return p >= 1.0 ? Infinity : -log1p(-p);
}

/** −ln(1 − p) = Σ pⁿ/n of two p ≤ 0.0075, which nearly all are. */
function smallestHazards(p: v128): v128 {
  const p2 = f64x2.mul(p, p);
  const high = f64x2.add(f64x2.splat(0.2), f64x2.mul(f64x2.splat(1 / 6.0), p));
  return f64x2.mul(p, f64x2.add(pairs(p, p2, 1.0, 0.5, 1 / 3.0, 0.25), f64x2.mul(f64x2.mul(p2, p2), high)));
}

/** −ln(1 − p) = Σ pⁿ/n of two p ≤ 0.05. */
function smallHazards(p: v128): v128 {
  const p2 = f64x2.mul(p, p);
  const p4 = f64x2.mul(p2, p2);
  const low = pairs(p, p2, 1.0, 0.5, 1 / 3.0, 0.25);
  const middle = pairs(p, p2, 0.2, 1 / 6.0, 1 / 7.0, 0.125);
  const high = pairs(p, p2, 1 / 9.0, 0.1, 1 / 11.0, 0);
  return f64x2.mul(p, f64x2.add(low, f64x2.mul(p4, f64x2.add(middle, f64x2.mul(p4, high)))));
}

function pairs(p: v128, p2: v128, c0: f64, c1: f64, c2: f64, c3: f64): v128 {
  const lower = f64x2.add(f64x2.splat(c0), f64x2.mul(f64x2.splat(c1), p));
  const upper = f64x2.add(f64x2.splat(c2), f64x2.mul(f64x2.splat(c3), p));
  return f64x2.add(lower, f64x2.mul(p2, upper));
}

/** In place of an even number of probabilities, their hazards. */
export function hazards(data: usize, count: u32): void {
  const short = f64x2.splat(shortUpTo);
  const most = f64x2.splat(seriesUpTo);
  const end = data + ((<usize>count) << 3);
  for (; data < end; data += 16) {
    const p = v128.load(data);
    if (!v128.any_true(f64x2.gt(p, short))) {
      v128.store(data, smallestHazards(p));
    } else if (!v128.any_true(f64x2.gt(p, most))) {
      v128.store(data, smallHazards(p));
    } else {
      f64.store(data, hazardOf(f64.load(data)));
      f64.store(data, hazardOf(f64.load(data, 8)), 8);
    }
  }
}

/**
 * Writes the number of releases per sample, a byte each. Hazards are `stride` bytes apart, numbers an eighth of it; within
 * `refractory` samples after its release a fibre has none. Needs fibres ≤ 255.
 */
export function releases(
  hazard: usize,
  stride: usize,
  samples: u32,
  fibres: i32,
  refractory: u32,
  seed: u64,
  stream: u64,
  counts: usize,
): void {
  const key = keyOf(seed, stream);
  let drawn: u64 = 0;
  let wait = -log(uniform(key, drawn));
  let ready = fibres;
  const apart = stride >> 3;
  const before = (<usize>refractory + 1) * apart;
  for (let j: u32 = 0; j < samples; j++) {
    if (j > refractory) ready += load<u8>(counts - before);
    const h = f64.load(hazard);
    hazard += stride;
    let left = ready;
    let released = 0;
    while (wait < <f64>left * h) {
      // Trials passed over, and the one that releases; the quotient may round up to all of them.
      left -= min(<i32>(wait / h), left - 1) + 1;
      released++;
      wait = -log(uniform(key, ++drawn));
    }
    if (left > 0) wait -= <f64>left * h;
    store<u8>(counts, released);
    counts += apart;
    ready -= released;
  }
}
