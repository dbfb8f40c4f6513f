/** The oracle: what a case's result must be, from arithmetic of some fifty digits that shares no code with the engine. */
import type { Case } from "../../src/model/case.ts";
import type { PopulationSpikes } from "../../src/model/solution.ts";
import { difference, type Entry } from "../../src/oracle/simulate/differences.ts";
import { type ExactCase, exactCase } from "../../src/oracle/simulate/exactCase.ts";
import { arithmetic } from "../../src/oracle/simulate/fixed.ts";
import { evaluateLoss } from "../../src/oracle/simulate/loss.ts";
import { simulate, type Trial } from "../../src/oracle/simulate/simulate.ts";

export interface Oracle {
  readonly exact: ExactCase;
  readonly trial: Trial;
  readonly loss: number;
  readonly readout: Float64Array;
  /** Per `lif` population by name. */
  readonly spikes: Readonly<Record<string, PopulationSpikes>>;
  /** dV/dt just before each spike, 1/ms, per `lif` population by name. */
  readonly slopes: Readonly<Record<string, Float64Array>>;
  /** dL/d(entry). */
  derivative(entry: Entry): number;
}

/** The usual precision: tables of exponentials are built once. */
const usual = arithmetic();

export function consult(given: Case, math = usual): Oracle {
  const exact = exactCase(given, math);
  const trial = simulate(exact);
  const { loss, readout } = evaluateLoss(exact, trial);
  const spikes: Record<string, PopulationSpikes> = {};
  const slopes: Record<string, Float64Array> = {};
  exact.populations.forEach(({ name, model }, p) => {
    if (model !== "lif") return;
    const record = trial.spikes[p]!;
    spikes[name] = {
      times: Float64Array.from(record.times, math.toNumber),
      neurons: Int32Array.from(record.neurons),
    };
    slopes[name] = Float64Array.from(record.slopes, math.toNumber);
  });
  return {
    exact,
    trial,
    loss: math.toNumber(loss),
    readout: Float64Array.from(readout, math.toNumber),
    spikes,
    slopes,
    derivative: (entry) => difference(exact, trial, entry),
  };
}
