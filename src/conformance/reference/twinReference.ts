/** A time-stepped twin as a reference: class T4, on what it computes of a gradient. */

import type { FoundSpikes, Result } from "../../format/result.ts";
import { norm } from "../../format/tensor.ts";
import type { Case } from "../../model/case.ts";
import type { Precision } from "../../model/solution.ts";
import type { Reference } from "../compare/comparison.ts";
import { type Divergence, matchSpikes, timeOf, within } from "../compare/spikes.ts";
import type { Convention } from "../twin/convention.ts";
import type { Close } from "../twin/grid.ts";
import { decayRounding, voltageRounding } from "../twin/rounding.ts";
import { solveTwin, type TwinSolution, twinResult } from "../twin/twin.ts";
import { leastShare } from "../verdict/classes.ts";

interface Stepping {
  readonly convention: Convention;
  /** ms */
  readonly dt: number;
  /** Of the backend. */
  readonly precision: Precision;
}

/** Of a tensor's norm: what is left of rounding after some hundred steps whose factors are right. */
const shares: Readonly<Record<Precision, number>> = { f64: 1e-10, f32: 1e-5 };

/** Other orders of the same operations may round this many times worse than the twin itself. */
const worse = 16;
/** Of what rounding does to the factors of a step: so little that it is in proportion. */
const smallPart = 1e-3;
/** Each neuron's factors may be off in a way of their own. */
const otherFactors = 4;

/**
 * Of the twin in double precision, or, where its spikes hang on rounding, in the backend's own. What rounding may do to a backend in single precision depends on the case, on its number
 * of steps and on how steep its spikes are: the twin in single precision shows how much. A spike is the same if it has the
 * same step.
 *
 * @throws ConfigError the twin cannot do the case
 */
export async function twinReference(problem: Case, stepping: Stepping): Promise<Reference> {
  const { precision, dt } = stepping;
  const twin = await solveTwin(problem, { ...stepping, precision: "f64" });
  const result = twinResult(problem, twin, "f64", dt);
  if (precision === "f64") return nearTwin(problem, result, result, stepping, twin.close);
  const rough = await solveTwin(problem, stepping);
  const rounded = twinResult(problem, rough, precision, dt);
  const moved: Result[] = [];
  for (const [key, odd] of [
    ["tauMem", 1],
    ["tauMem", -1],
    ["tauSyn", 1],
    ["tauSyn", -1],
  ] as const) {
    const other = withRoundedDecay(problem, key, odd, dt);
    moved.push(twinResult(problem, await solveTwin(other, { ...stepping, precision: "f64" }), "f64", dt));
  }
  return {
    ...nearTwin(problem, result, rounded, stepping, twin.close, moved),
    rounded: nearTwin(problem, rounded, result, stepping, rough.close),
  };
}

/** Whose factors e^(−dt/τ) are off by a small part of half a unit in the last place of single precision: no spike moves. @param odd which way those of every other neuron are */
function withRoundedDecay(problem: Case, key: "tauMem" | "tauSyn", odd: 1 | -1, dt: number): Case {
  const populations = problem.network.populations.map((population) => ({
    ...population,
    [key]: population[key].map(
      (tau, n) => tau * (1 + ((n % 2 ? odd : 1) * smallPart * decayRounding(tau, dt, "f32")) / 2),
    ),
  }));
  return { ...problem, network: { ...problem.network, populations } };
}

/**
 * @param twin the reference, or a part of it
 * @param rough the same in the other precision
 * @param close where the twin's V came near the threshold
 * @param moved what the twin finds with other factors that single precision may have
 */
export function nearTwin(
  problem: Case,
  twin: Result,
  rough: Result,
  { precision, dt }: Stepping,
  close: TwinSolution["close"],
  moved: readonly Result[] = [],
): Reference {
  const { populations } = problem.network;
  const slowest = Math.max(...populations.flatMap(({ tauMem, tauSyn }) => [...tauMem, ...tauSyn]));
  const share = shares[precision] + decayRounding(slowest, dt, precision);
  const { tensors } = twin.gradients;
  const largest = Math.max(0, ...[...tensors.values()].map(({ values }) => norm(values)));
  // With other spikes they say nothing about rounding.
  const alike = (other: Result) =>
    [...twin.spikes].every(([name, spikes]) => sameSteps(spikes, other.spikes.get(name)!, dt));
  const seen = [{ times: worse, by: rough }, ...moved.map((by) => ({ times: otherFactors / smallPart, by }))];
  const near = seen.filter(({ by }) => alike(by));
  const granted = (exact: Float64Array, of: (other: Result) => Float64Array) => {
    const size = share * Math.max(norm(exact), leastShare * largest);
    const apart = near.map(({ times, by }) => times * norm(of(by).map((value, k) => value - exact[k]!)));
    return apart.reduce((sum, its) => sum + its, size);
  };
  const { loss, readout } = twin;
  return {
    spikes: onGrid(twin, dt),
    open: (name, divergence) => {
      const population = populations.find((one) => one.name === name)!;
      const most = voltageRounding(population, divergence.neuron, dt, precision);
      return openStep(close[name]!, divergence, dt, most);
    },
    ...(loss !== undefined && {
      loss: {
        value: loss,
        tolerance: granted(Float64Array.of(loss), (other) => Float64Array.of(other.loss!)) + share,
      },
    }),
    ...(readout && {
      readout: { tensor: readout, tolerance: granted(readout.values, (other) => other.readout!.values) },
    }),
    gradients: new Map(
      [...tensors].map(([name, tensor]) => {
        const tolerance = granted(tensor.values, (other) => other.gradients.tensors.get(name)!.values);
        return [name, { tensor, tolerance }];
      }),
    ),
    partial: true,
  };
}

function onGrid({ spikes }: Result, dt: number): Reference["spikes"] {
  return Object.fromEntries([...spikes].map(([name, raster]) => [name, within(raster, dt / 4)]));
}

function sameSteps(spikes: FoundSpikes, others: FoundSpikes, dt: number): boolean {
  return matchSpikes(within(spikes, dt / 4), others).divergence === undefined;
}

/** Why a step in which two rasters part may be one way or the other. @param most that rounding may move V by */
function openStep(
  close: readonly Close[],
  divergence: Divergence,
  dt: number,
  most: number,
): string | undefined {
  const step = Math.round(timeOf(divergence) / dt);
  const near = close.find(
    ({ neuron, step: at, margin }) => neuron === divergence.neuron && at === step && Math.abs(margin) <= most,
  );
  return (
    near && `V is ${near.margin.toExponential(1)} from the threshold in that step, which rounding decides`
  );
}
