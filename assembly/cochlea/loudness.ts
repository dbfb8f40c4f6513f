/** What is done to a recording before the ear hears it: one loudness, and a rise and a fall over its two halves. */
import { cosTurn } from "../maths/trig";

const loudness: f64 = 0.3;

export function rootMeanSquare(signal: usize, samples: u32): f64 {
  let sum: f64 = 0;
  for (let n: u32 = 0; n < samples; n++) {
    const x = f64.load(signal + ((<usize>n) << 3));
    sum += x * x;
  }
  return sqrt(sum / <f64>samples);
}

/** In place: scales to a root mean square of 0.3, then applies both halves of a Hann window. Not for silence. */
export function level(signal: usize, samples: u32): void {
  const factor = loudness / rootMeanSquare(signal, samples);
  const half = samples >> 1;
  for (let n: u32 = 0; n < samples; n++) {
    const k = min(n, samples - 1 - n);
    const window = k < half ? 0.5 - 0.5 * cosTurn(k, 2 * half - 1) : 1.0;
    const at = signal + ((<usize>n) << 3);
    f64.store(at, f64.load(at) * factor * window);
  }
}
