/** Gamma variates, for time constants that differ from neuron to neuron. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { normal } from "../base/random.ts";
import type { Elementary } from "../engine/kernel/elementary.ts";

/**
 * A number from the gamma distribution of this shape > 0 and scale 1, whose mean and variance are `shape`.
 *
 * G. Marsaglia, W. W. Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000): with
 * d = shape − 1/3, the variate d (1 + x/√(9d))³ of a normal x is accepted with a probability that makes it exact.
 * Below shape 1, a variate of shape + 1 times u^(1/shape) with a uniform u.
 */
export function gamma(random: RandomGenerator, shape: number, elementary: Elementary): number {
  const { exp, log } = elementary;
  if (shape < 1) {
    const uniform = 1 - uniformFloat64(random);
    return gamma(random, shape + 1, elementary) * exp(log(uniform) / shape);
  }
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    if (log(uniformFloat64(random)) < 0.5 * x * x + d - d * v + d * log(v)) return d * v;
  }
}
