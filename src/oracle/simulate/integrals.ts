/** ∫₀ᵀ ω(t) V(t) dt of a `li` neuron. */
import { ConfigError } from "../../base/errors.ts";
import type { Weighting } from "../../model/losses.ts";
import type { ExactCase } from "./exactCase.ts";
import { flow } from "./flow.ts";
import { integrate, type Rule } from "./quadrature.ts";
import type { Trace } from "./trace.ts";

export function weightedIntegral(exact: ExactCase, trace: Trace, weighting: Weighting, rule: Rule): bigint {
  const { math: m, duration } = exact;
  if (weighting === "exponential") return exponentialMoment(exact, trace, m.div(m.one, duration)).voltage;
  if (weighting === "sigmoid") return sigmoidIntegral(exact, trace, rule);
  const uniform = exponentialMoment(exact, trace, 0n);
  if (weighting === "uniform") return uniform.voltage;
  return uniform.voltage - m.div(firstMoment(exact, trace, uniform), duration);
}

interface Moment {
  readonly voltage: bigint;
  readonly current: bigint;
}

/**
 * ∫ e^{−gt} V dt and ∫ e^{−gt} I dt over [0, T], from the differential equations integrated by parts; no difference
 * of time constants occurs.
 *
 *   (g + c) ∫ e^{−gt} I = I(0) + Σ w e^{−gs} − e^{−gT} I(T)
 *   (g + a) ∫ e^{−gt} V = V(0) − e^{−gT} V(T) + a ∫ e^{−gt} (I + b)
 */
function exponentialMoment({ math: m, duration }: ExactCase, trace: Trace, g: bigint): Moment {
  const { dynamics, initial, final, arrivals } = trace;
  const { a, c, bias } = dynamics;
  const weight = (t: bigint): bigint => m.exp(-m.mul(g, t));
  const end = weight(duration);
  const span = g === 0n ? duration : m.div(m.one - end, g);
  let jumps = initial.i;
  for (const arrival of arrivals) jumps += m.mul(arrival.weight, weight(arrival.time));
  const current = m.div(jumps - m.mul(end, final.i), g + c);
  const drive = m.mul(a, current + m.mul(bias, span));
  return { voltage: m.div(initial.v - m.mul(end, final.v) + drive, g + a), current };
}

/**
 * ∫ t V dt likewise.
 *
 *   c ∫ t I = ∫ I + Σ w s − T I(T),   a ∫ t V = ∫ V − T V(T) + a ∫ t (I + b)
 */
function firstMoment({ math: m, duration }: ExactCase, trace: Trace, { voltage, current }: Moment): bigint {
  const { dynamics, final, arrivals } = trace;
  let jumps = current - m.mul(duration, final.i);
  for (const { time, weight } of arrivals) jumps += m.mul(weight, time);
  const drive = m.div(jumps, dynamics.c) + m.mul(dynamics.bias, m.mul(duration, duration) >> 1n);
  return m.div(voltage - m.mul(duration, final.v), dynamics.a) + drive;
}

/** ω(t). */
export function weightOf({ math: m, duration }: ExactCase, weighting: Weighting, t: bigint): bigint {
  const share = m.div(t, duration);
  switch (weighting) {
    case "uniform":
      return m.one;
    case "exponential":
      return m.exp(-share);
    case "linear":
      return m.one - share;
    case "sigmoid":
      return m.div(m.one, m.one + m.exp(5n * share - (5n * m.one) / 2n));
    case "input":
      throw new ConfigError("loss.weighting: the oracle knows none that goes by the input");
  }
}

/** ω(t) = 1/(1 + e^{(t/T − ½)/0.2}) has no closed form against exponentials. */
function sigmoidIntegral(exact: ExactCase, trace: Trace, rule: Rule): bigint {
  const { math: m } = exact;
  let sum = 0n;
  for (const { start, end, state } of trace.segments)
    sum += integrate(m, rule, [start, end], longestPanel(exact, [trace]), (t) =>
      m.mul(flow(m, trace.dynamics, state, t - start).v, weightOf(exact, "sigmoid", t)),
    );
  return sum;
}

/**
 * Panels over which the integrands are smooth: two of the shortest time constant, and T/6, beyond which the poles of
 * the sigmoid, at T/2 ± 0.63 T i, slow the convergence.
 */
export function longestPanel({ math: m, duration }: ExactCase, all: readonly Trace[]): bigint {
  let longest = duration / 6n;
  for (const { dynamics } of all)
    for (const rate of [dynamics.a, dynamics.c]) {
      const twice = m.div(2n * m.one, rate);
      if (twice < longest) longest = twice;
    }
  return longest;
}
