/**
 * The loss weighted by the input's activity, by quadrature in fixed point on exact voltages: nothing of the kernel's way
 * of computing it is repeated here.
 */
import type { Case } from "../../../src/model/case.ts";
import type { Entry } from "../../../src/oracle/simulate/differences.ts";
import { type ExactCase, exactCase } from "../../../src/oracle/simulate/exactCase.ts";
import { arithmetic } from "../../../src/oracle/simulate/fixed.ts";
import { flow } from "../../../src/oracle/simulate/flow.ts";
import { gaussLegendre, integrate } from "../../../src/oracle/simulate/quadrature.ts";
import { simulate } from "../../../src/oracle/simulate/simulate.ts";
import { traces } from "../../../src/oracle/simulate/trace.ts";

/** Enough for differences of a step 2⁻⁴² to be right to 1e−12 or so, and quick. */
const m = arithmetic(30);
const third = Math.floor(m.bits / 3);
/** Right to 1e−20 on panels of 8 ms for time constants from 4 ms. */
const rule = gaussLegendre(m, 12);
const longest = m.from(8);

export interface Truth {
  readonly loss: number;
  readonly readout: Float64Array;
  /** Central difference, the weighting as it is: it does not move with the input's times. */
  derivative(entry: Entry): number;
}

/** @param tauInput ms, of the low pass of the input's activity */
export function inputWeightedTruth(given: Case, tauInput: number): Truth {
  const exact = exactCase(given, m);
  const activity = activityOf(exact, tauInput);
  const { loss, readout } = evaluate(exact, activity);
  return {
    loss: m.toNumber(loss),
    readout: Float64Array.from(readout, m.toNumber),
    derivative: (entry) => {
      const h = m.one >> BigInt(third);
      const at = (step: bigint) => {
        const moved = exactCase(given, m);
        const { values, index } = valuesOf(moved, entry);
        values[index]! += step;
        return evaluate(moved, activity).loss;
      };
      return m.toNumber(at(h) - at(-h)) * 2 ** (third - 1);
    },
  };
}

/** a(t) = Σ (0.01 ms/τ) e^(−(t − s)/τ) over the input's spikes s ≤ t, whatever their channel. */
interface Activity {
  readonly times: readonly bigint[];
  at(t: bigint): bigint;
}

function activityOf({ inputTimes }: ExactCase, tauInput: number): Activity {
  const times = [...inputTimes];
  const tau = m.from(tauInput);
  const height = m.div(m.div(m.one, 100n * m.one), tau);
  return {
    times,
    at: (t) => times.reduce((sum, s) => (s <= t ? sum + m.mul(height, m.exp(-m.div(t - s, tau))) : sum), 0n),
  };
}

function evaluate(exact: ExactCase, activity: Activity): { loss: bigint; readout: bigint[] } {
  const { duration, loss } = exact;
  const population = exact.populations.findIndex(({ model }) => model === "li");
  const readout = traces(exact, simulate(exact), population).map(({ dynamics, segments }) => {
    let sum = 0n;
    for (const { start, end, state } of segments) {
      const within = activity.times.filter((s) => s > start && s < end);
      const breaks = [start, ...within, end];
      for (let k = 1; k < breaks.length; k++) {
        // On a piece the activity is one exponential: a node never falls behind the spike that starts it.
        const before = activity.at(breaks[k - 1]!);
        if (before === 0n) continue;
        sum += integrate(m, rule, [breaks[k - 1]!, breaks[k]!], longest, (t) =>
          m.mul(activity.at(t), flow(m, dynamics, state, t - start).v),
        );
      }
    }
    return m.div(sum, duration);
  });
  if (!("target" in loss)) throw new Error("the loss has no target");
  const target = readout[loss.target]!;
  return { loss: m.ln(readout.reduce((sum, value) => sum + m.exp(value - target), 0n)), readout };
}

function valuesOf(exact: ExactCase, entry: Entry): { values: bigint[]; index: number } {
  if (entry.of === "inputTime") return { values: exact.inputTimes, index: entry.index };
  if ("projection" in entry) {
    const { [entry.of]: values, preCount } = exact.projections[entry.projection]!;
    return { values, index: entry.post * preCount + entry.pre };
  }
  if (entry.of === "spikeTime") throw new Error("a spike's time is no parameter");
  const population = exact.populations.find(({ name }) => name === entry.population)!;
  return { values: population[entry.of], index: entry.neuron };
}
