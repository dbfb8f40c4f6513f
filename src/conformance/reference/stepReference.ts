/** Certified values with what a time step is predicted to do to them: class T5. */

import { ConfigError } from "../../base/errors.ts";
import type { Result } from "../../format/result.ts";
import { norm, type Tensor } from "../../format/tensor.ts";
import type { Case } from "../../model/case.ts";
import type { Reference } from "../compare/comparison.ts";
import {
  type Bounded,
  type Divergence,
  matchSpikes,
  type Raster,
  timeOf,
  within,
} from "../compare/spikes.ts";
import { predictGradients } from "../step/gradientBands.ts";
import {
  cutPeak,
  factorsInOtherOrder,
  heldBack,
  lookNearSpike,
  otherGradient,
} from "../step/otherGradient.ts";
import { type Prediction, predictable, predictStep, type Risk } from "../step/predictStep.ts";
import { waysTo } from "../step/upstream.ts";
import type { Answer } from "../suite/golden.ts";
import { type Convention, conventions } from "../twin/convention.ts";
import { solveTwin, startTwin, type TwinSolution, twinResult } from "../twin/twin.ts";

/** Of the trial's length: by how much rounding may move a time over the end of its band. */
const rounding = 1e-9;

/** What a number may be off as a multiple of what the twin's is, and as a share of its norm. */
const timesTwin = 4;
const share = 0.05;

/**
 * Spikes within their bands. Numbers within theirs, of the gradient that the convention's scale makes of the exact one, and
 * not much farther off than the twin's: a band errs on the safe side, and would let a wrong gradient of its size through.
 *
 * @throws ConfigError too many spikes to predict, or a case whose gradient no such step approaches
 */
export async function stepReference(
  answer: Answer,
  problem: Case,
  dt: number,
  convention: Convention,
): Promise<Reference> {
  const exact = await predictable(problem);
  const other = otherGradient(problem, convention, exact.solution);
  if (other) throw new ConfigError(other);
  const cut = await cutPeak(problem, exact.solution);
  if (cut) throw new ConfigError(cut);
  const prediction = await predictStep(exact, dt, convention);
  const lost = lookNearSpike(problem, exact.solution, prediction);
  if (lost) throw new ConfigError(lost);
  const numbers = answer.loss === undefined ? undefined : await predictGradients(exact, dt, convention);
  const solved = await twinOf(problem, dt, convention);
  const held = solved && heldBack(problem, convention, dt, solved);
  if (held) throw new ConfigError(held);
  const twin = solved && twinResult(problem, solved, "f64", dt);
  const [risk] = prediction.risks;
  const alike = twin !== undefined && hasSpikesOf(answer, twin);
  const swapped = alike && factorsInOtherOrder(problem, exact.solution, twin.spikes);
  if (swapped) throw new ConfigError(swapped);
  const granted = (band: number, right: Tensor, own: Tensor | undefined): number => {
    if (!alike || !own) return band;
    const error = norm(right.values.map((value, k) => value - own.values[k]!));
    const near = timesTwin * error + share * norm(right.values);
    // A band of spikes that may vanish says little.
    return risk ? near : Math.min(band, near);
  };
  const gradients = [...answer.gradients].flatMap(([name, tensor]) => {
    const band = numbers?.gradients.get(name);
    if (band === undefined) return [];
    const { scale } = numbers!;
    const scaled = { shape: tensor.shape, values: tensor.values.map((value) => value * scale) };
    const tolerance = granted(band * Math.abs(scale), scaled, twin?.gradients.tensors.get(name));
    return [[name, { tensor: scaled, tolerance }] as const];
  });
  const one = (value: number): Tensor => ({ shape: [1], values: Float64Array.of(value) });
  const readout = answer.readout && { shape: [answer.readout.length], values: answer.readout };
  const spikes = bandsOf(answer, prediction, rounding * problem.duration);
  const risks = [...credible(prediction.risks), ...(await partingsOf(problem, spikes, dt, convention))];
  return {
    spikes,
    open: (population, divergence) => openRisk(problem, { ...prediction, risks }, population, divergence),
    ...(risk && !alike && { doubt: `the step makes a spike's slope uncertain: ${risk.text}` }),
    ...(answer.loss !== undefined && {
      loss: {
        value: answer.loss,
        tolerance: granted(numbers!.loss, one(answer.loss), twin && one(twin.loss!)),
      },
    }),
    ...(readout && {
      readout: { tensor: readout, tolerance: granted(numbers!.readout, readout, twin?.readout) },
    }),
    gradients: new Map(gradients),
    partial: true,
  };
}

/** Undefined where the loss is not defined for the twin's spikes. */
async function twinOf(problem: Case, dt: number, convention: Convention): Promise<TwinSolution | undefined> {
  try {
    return await solveTwin(problem, { convention, dt });
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

function hasSpikesOf(answer: Answer, twin: Result): boolean {
  return Object.entries(answer.spikes).every(([name, spikes]) => {
    const bounded = within(spikes, Number.POSITIVE_INFINITY);
    return matchSpikes(bounded, twin.spikes.get(name)!).divergence === undefined;
  });
}

function bandsOf({ spikes }: Answer, { bands }: Prediction, slack: number): Reference["spikes"] {
  return Object.fromEntries(
    Object.entries(spikes).map(([name, { times, neurons }]) => {
      const its = bands[name]!;
      const earlier = (k: number) => slack - its[k]!.lower;
      const later = (k: number) => slack + its[k]!.upper;
      return [name, { times, neurons, earlier, later }];
    }),
  );
}

/** Where the bounds of what a step may do are so wide that they say little, only what some twin does is credible. */
function credible(risks: readonly Risk[]): Risk[] {
  return risks.filter(({ share }) => share <= mostShare);
}

/** Where twins part from the exact spikes: that of the convention by its bands, and others by the number of spikes. */
async function partingsOf(
  problem: Case,
  spikes: Reference["spikes"],
  dt: number,
  convention: Convention,
): Promise<Risk[]> {
  const partings: Risk[] = [];
  for (const other of [convention, ...Object.values(conventions)]) {
    // A loss may not be defined for their spikes.
    const { trial } = await startTwin({ ...problem, loss: { kind: "none" } }, { convention: other, dt });
    for (const [name, found] of Object.entries(trial.spikes)) {
      const wide = within(spikes[name]!, Number.POSITIVE_INFINITY);
      partings.push(...partingsFrom(name, other === convention ? spikes[name]! : wide, found));
    }
  }
  return partings;
}

/** Of each neuron, the first of its spikes that parts. */
function* partingsFrom(population: string, bounded: Bounded, found: Raster): Generator<Risk> {
  for (const neuron of new Set([...Array.from(bounded.neurons), ...Array.from(found.neurons)])) {
    const { divergence } = matchSpikes(ofNeuron(bounded, neuron), ofNeuron(within(found, 0), neuron));
    if (!divergence) continue;
    const time = timeOf(divergence);
    const text = `${population} ${neuron}: steps of that size have other spikes from ${time.toPrecision(6)} ms on`;
    yield { population, neuron, time, share: 0, text };
  }
}

function ofNeuron({ times, neurons, earlier, later }: Bounded, neuron: number): Bounded {
  const own = Array.from(times, (_, k) => k).filter((k) => neurons[k] === neuron);
  return {
    times: own.map((k) => times[k]!),
    neurons: own.map(() => neuron),
    earlier: (k) => earlier(own[k]!),
    later: (k) => later(own[k]!),
  };
}

/** Of what a step may do to V at most. */
const mostShare = 0.25;

/** What may have happened until two rasters part, in this neuron or where its spikes or those before them come from. */
function openRisk(
  { network }: Case,
  { dt, bands, risks }: Pick<Prediction, "dt" | "bands" | "risks">,
  population: string,
  divergence: Divergence,
): string | undefined {
  const ways = waysTo(network, population, divergence.neuron, dt);
  const band = divergence.index === undefined ? undefined : bands[population]![divergence.index];
  // The label of a spike is up to a step before it, and its band says how far it may have moved.
  const moved = Math.max(2 * dt, Math.abs(band?.lower ?? 0), Math.abs(band?.upper ?? 0));
  const until = timeOf(divergence) + moved;
  const risk = risks.find(({ population: name, neuron, time }) => time + ways[name]![neuron]! <= until);
  return risk && `the step may do that: ${risk.text}`;
}
