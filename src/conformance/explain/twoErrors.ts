/**
 * The error of a time-stepped result in its two parts: of the method, twin against exact solution; and of the code, result
 * against twin.
 */

import type { Result } from "../../format/result.ts";
import { solutionResult } from "../../format/solutionResult.ts";
import { norm, type Tensor } from "../../format/tensor.ts";
import type { Case } from "../../model/case.ts";
import { matchSpikes, type Raster, within } from "../compare/spikes.ts";
import { type NumberBands, predictGradients } from "../step/gradientBands.ts";
import {
  cutPeak,
  factorsInOtherOrder,
  heldBack,
  lookNearSpike,
  otherGradient,
} from "../step/otherGradient.ts";
import { type Prediction, predictable, predictStep } from "../step/predictStep.ts";
import { solveTwin, type TwinOptions, twinResult } from "../twin/twin.ts";

/** Of one part. Spikes: ms of the worst; infinite if there are others. Numbers: Euclidean, as a share of the norm. */
export interface TwoErrors {
  /** `spikes.hidden`, `loss`, `readout`, or a tensor that twins compute. */
  readonly name: string;
  readonly method: number;
  /** Undefined if the result does not have the part, or another number of entries. */
  readonly code: number | undefined;
  /** What was predicted of `method`, from the exact solution alone. */
  readonly predicted: number;
}

export interface ErrorsOfStep {
  readonly parts: readonly TwoErrors[];
  /** Spikes that may appear or vanish at this step; and why no step approaches the exact gradient, if none does. */
  readonly remarks: readonly string[];
  /** The convention's gradient over that of the declared loss, which is no error. */
  readonly scale: number;
}

/** @throws ConfigError as `predictable` and `solveTwin` */
export async function twoErrors(
  problem: Case,
  result: Result,
  { convention, dt }: Omit<TwinOptions, "precision">,
): Promise<ErrorsOfStep> {
  const known = await predictable(problem);
  const exact = solutionResult(problem, known.solution);
  const solved = await solveTwin(problem, { convention, dt });
  const twin = twinResult(problem, solved, "f64", dt);
  const step = await predictStep(known, dt, convention);
  const spikes = spikeErrors(exact, twin, result, step);
  const risks = step.risks.map(({ text }) => text);
  if (problem.loss.kind === "none") return { parts: spikes, remarks: risks, scale: 1 };
  const bands = await predictGradients(known, dt, convention);
  const other =
    otherGradient(problem, convention, known.solution) ??
    (await cutPeak(problem, known.solution)) ??
    heldBack(problem, convention, dt, solved) ??
    lookNearSpike(problem, known.solution, step) ??
    factorsInOtherOrder(problem, known.solution, twin.spikes);
  return {
    parts: [...spikes, ...numberErrors(exact, twin, result, bands)],
    remarks: other === undefined ? risks : [...risks, `no step makes the method's error small: ${other}`],
    scale: bands.scale,
  };
}

function spikeErrors(exact: Result, twin: Result, result: Result, { bands }: Prediction): TwoErrors[] {
  return [...exact.spikes].map(([population, spikes]) => {
    const own = twin.spikes.get(population)!;
    const found = result.spikes.get(population);
    const reach = bands[population]!.map(({ lower, upper }) => Math.max(Math.abs(lower), Math.abs(upper)));
    return {
      name: `spikes.${population}`,
      method: worstTime(spikes, own),
      code: found && worstTime(own, found),
      predicted: Math.max(0, ...reach),
    };
  });
}

function worstTime(reference: Raster, found: Raster): number {
  const { partners, divergence } = matchSpikes(within(reference, Number.POSITIVE_INFINITY), found);
  if (divergence) return Number.POSITIVE_INFINITY;
  return partners.reduce(
    (most, partner, k) => Math.max(most, Math.abs(found.times[partner]! - reference.times[k]!)),
    0,
  );
}

function numberErrors(exact: Result, twin: Result, result: Result, bands: NumberBands): TwoErrors[] {
  const loss = (value: number | undefined): Tensor | undefined =>
    value === undefined ? undefined : { shape: [], values: Float64Array.of(value) };
  const part = (
    name: string,
    of: (one: Result) => Tensor | undefined,
    band: number,
    scale = 1,
  ): TwoErrors => {
    const right = of(exact)!.values.map((value) => scale * value);
    const own = of(twin)!.values;
    const found = of(result)?.values;
    return {
      name,
      method: shareOff(right, own),
      code: found?.length === own.length ? shareOff(own, found) : undefined,
      predicted: band === 0 ? 0 : (band * scale) / norm(right),
    };
  };
  const readout = twin.readout && twin.readout.values.length > 0;
  return [
    part("loss", (one) => loss(one.loss), bands.loss),
    ...(readout ? [part("readout", (one) => one.readout, bands.readout)] : []),
    ...[...twin.gradients.tensors.keys()].map((name) =>
      part(name, ({ gradients }) => gradients.tensors.get(name), bands.gradients.get(name)!, bands.scale),
    ),
  ];
}

function shareOff(right: Float64Array, found: Float64Array): number {
  const error = norm(found.map((value, k) => value - right[k]!));
  return error === 0 ? 0 : error / norm(right);
}
