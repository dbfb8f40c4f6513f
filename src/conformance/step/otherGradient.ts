/** Why a convention's gradient is another one than the exact: however small its steps, or at a step. */

import { elementary } from "../../engine/kernel/elementary.ts";
import type { Case } from "../../model/case.ts";
import { lossPopulation } from "../../model/losses.ts";
import type { PopulationSpikes, Simulation } from "../../model/solution.ts";
import { type Convention, scalesByReadout } from "../twin/convention.ts";
import type { TwinSolution } from "../twin/twin.ts";
import type { Prediction } from "./predictStep.ts";
import { eventsOf, maxima } from "./trajectory.ts";

/** The reason; undefined if it is the same, peaks that an arrival ends apart (`cutPeak`). */
export function otherGradient(
  problem: Case,
  convention: Convention,
  simulation: Pick<Simulation, "spikes">,
): string | undefined {
  const { populations } = problem.network;
  if (convention.jump === "threshold" && populations.some(({ reset }) => reset.some((v) => v !== 0)))
    return "the convention's jump has the threshold where threshold - reset belongs";
  if (scaleTaus(problem, convention) > 1)
    return "readouts of different time constants: the convention's gradient is no one gradient";
  return otherFirstSpikes(problem, convention, simulation);
}

/** Of what the backward pass makes of first spikes. */
function otherFirstSpikes(
  { network, loss }: Case,
  { softmaxTemperature, silentLabel }: Convention,
  { spikes }: Pick<Simulation, "spikes">,
): string | undefined {
  if (loss.kind !== "first_spike") return undefined;
  const { size, name } = lossPopulation(network, loss)!;
  const spiked = new Set<number>(spikes[name]!.neurons);
  if (silentLabel === "pushed" && loss.alpha !== 0 && !spiked.has(loss.target))
    return "the label never spikes, and the convention pushes it, which is no derivative";
  if (softmaxTemperature === "tau0" || spiked.size === 0) return undefined;
  if (loss.tau0 !== 1) return "the convention's softmax of first spikes has temperature 1 where tau0 belongs";
  return spiked.size < size ? "the convention leaves silent neurons out of the softmax" : undefined;
}

/** A sentence about the first channel whose spikes are not undone at this step, as one of them lies in the last. */
export function lostChannel(
  { input, duration, loss }: Case,
  { lastStepSpikes }: Convention,
  dt: number,
): string | undefined {
  if (loss.kind === "none" || lastStepSpikes === "undone") return undefined;
  const late = input.times.findIndex((time) => Math.ceil(time / dt - 1e-9) === lastStep(duration, dt));
  return late < 0 ? undefined : `channel ${input.sources[late]} ${lost}`;
}

/** A sentence about what keeps a twin from the derivative in its own steps: spikes that are not undone, an adjoint at its limit. */
export function heldBack(
  problem: Case,
  convention: Convention,
  dt: number,
  { spikes, jumps }: Pick<TwinSolution, "spikes" | "jumps">,
): string | undefined {
  const { network, duration, loss } = problem;
  const channel = lostChannel(problem, convention, dt);
  if (channel !== undefined || loss.kind === "none") return channel;
  for (const [name, { times, neurons }] of Object.entries(spikes)) {
    const { tauMem } = network.populations.find((one) => one.name === name)!;
    const late = times.findIndex((time) => Math.round(time / dt) === lastStep(duration, dt));
    if (convention.lastStepSpikes === "lost" && late >= 0) return `${name} ${neurons[late]} ${lost}`;
    const most = jumps[name]!.lambdas.findIndex(
      (lambda, k) => Math.abs(lambda) * tauMem[neurons[k]!]! >= atLimit,
    );
    if (convention.adjointLimit === "one" && most >= 0)
      return `the convention limits the adjoint of ${name} ${neurons[most]} at ${times[most]!.toPrecision(6)} ms`;
  }
  return undefined;
}

function lastStep(duration: number, dt: number): number {
  return Math.ceil(duration / dt - 1e-9) - 1;
}

const lost = "spikes in the last step, which keeps all of its spikes from the convention's gradient";
const atLimit = 1 - 1e-9;

/** How many different scales the convention has in the readouts of a case. */
function scaleTaus({ network, loss }: Case, { scale }: Convention): number {
  if (!scalesByReadout(scale, loss.kind)) return 1;
  return new Set(lossPopulation(network, loss)?.tauMem).size;
}

/**
 * A sentence about the first readout whose peak an arrival ends: there the loss changes with the arrival's time, for which
 * no step has a term. Undefined for other losses.
 */
export async function cutPeak(problem: Case, simulation: Simulation): Promise<string | undefined> {
  const { loss, network, duration } = problem;
  if (loss.kind !== "max_cross_entropy") return undefined;
  const readout = lossPopulation(network, loss)!;
  const events = eventsOf(problem, simulation, readout, () => 0);
  const functions = await elementary();
  for (let neuron = 0; neuron < readout.size; neuron++) {
    let highest = { peak: Math.max(0, readout.v0[neuron]!), at: "start" as string, time: 0 };
    for (const maximum of maxima(readout, neuron, events[neuron]!, duration, functions))
      if (maximum.peak > highest.peak) highest = maximum;
    if (highest.at === "arrival")
      return `an arrival ends the peak of ${readout.name} ${neuron} at ${highest.time.toPrecision(6)} ms, and Eventprop in steps has no term for its time`;
  }
  return undefined;
}

/** A sentence about the first look at V that lies so near a spike of the neuron that the step may change their order. */
export function lookNearSpike(
  { loss }: Case,
  { spikes }: Pick<Simulation, "spikes">,
  { bands, dt }: Pick<Prediction, "bands" | "dt">,
): string | undefined {
  if (loss.kind !== "linear") return undefined;
  for (const { population, neuron, time } of loss.voltages ?? []) {
    const { times, neurons } = spikes[population] ?? { times: new Float64Array(), neurons: [] };
    const near = times.findIndex((spike, k) => {
      const { lower, upper } = bands[population]![k]!;
      // A step resets at its end what it finds, and V is looked at up to a step from its time.
      return neurons[k] === neuron && time > spike + lower - 2 * dt && time < spike + upper + 2 * dt;
    });
    if (near >= 0)
      return `the loss looks at V of ${population} ${neuron} at ${time.toPrecision(6)} ms, and a step of ${dt} ms may put the spike at ${times[near]!.toPrecision(6)} ms on either side of that`;
  }
  return undefined;
}

/** A sentence about the first population in which spikes with factors of their own come in another order on the grid. */
export function factorsInOtherOrder(
  { loss }: Case,
  { spikes }: Pick<Simulation, "spikes">,
  found: ReadonlyMap<string, Pick<PopulationSpikes, "times"> & { readonly neurons: ArrayLike<number> }>,
): string | undefined {
  if (loss.kind !== "linear") return undefined;
  for (const name of Object.keys(loss.spikeTimes ?? {})) {
    const theirs = found.get(name)!.neurons;
    const other = spikes[name]!.neurons.findIndex((neuron, k) => neuron !== theirs[k]);
    if (other >= 0)
      return `in steps spike ${other} of ${name}, in order of time, is another neuron's, whose factor it then has`;
  }
  return undefined;
}
