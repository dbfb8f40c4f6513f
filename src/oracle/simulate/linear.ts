/** L = Σ a_k t_k + Σ c_m V_{n_m}(s_m): a factor for every spike, and V of neurons of either model at fixed times. */
import { ConfigError } from "../../base/errors.ts";
import type { ExactCase, Look } from "./exactCase.ts";
import { type Dynamics, flow } from "./flow.ts";
import type { TimedState, Trial } from "./simulate.ts";
import { traceOf } from "./trace.ts";

export function linearLoss(exact: ExactCase, trial: Trial): bigint {
  const { math: m, populations, constants } = exact;
  let sum = 0n;
  for (const [p, { name }] of populations.entries()) {
    const factors = constants.spikeFactors[p];
    const { times } = trial.spikes[p]!;
    if (factors === undefined) continue;
    if (factors.length !== times.length)
      throw new ConfigError(
        `${name} spikes ${times.length} times, and the loss has ${factors.length} factors`,
      );
    for (const [k, factor] of factors.entries()) sum += m.mul(factor, times[k]!);
  }
  for (const look of constants.looks) sum += m.mul(look.factor, voltageAt(exact, trial, look));
  return sum;
}

/** At an event's own time, V just before it. */
export function voltageAt(
  exact: ExactCase,
  trial: Trial,
  { population, neuron, time }: Omit<Look, "factor">,
): bigint {
  const { dynamics, states } = courseOf(exact, trial, population, neuron);
  // Only the start of the trial may lie at the time itself, or after it by a difference's step.
  const last = states.filter((state) => state.time < time).at(-1) ?? states[0]!;
  return flow(exact.math, dynamics, last, time - last.time).v;
}

/** A neuron's states after its events, in order of time. */
function courseOf(
  exact: ExactCase,
  { arrivals, courses }: Trial,
  p: number,
  neuron: number,
): { readonly dynamics: Dynamics; readonly states: readonly TimedState[] } {
  const { model, tauMem, tauSyn, bias } = exact.populations[p]!;
  if (model === "li") {
    const { dynamics, segments } = traceOf(exact, p, neuron, arrivals[p]![neuron]!);
    return { dynamics, states: segments.map(({ start, state }) => ({ ...state, time: start })) };
  }
  const { math: m } = exact;
  const dynamics = {
    a: m.div(m.one, tauMem[neuron]!),
    c: m.div(m.one, tauSyn[neuron]!),
    bias: bias[neuron]!,
  };
  return { dynamics, states: courses[p]![neuron]! };
}
