/**
 * What a neuron's voltage is measured from in the kernel: the bias, or 0 where V − bias would lose the digits of V. Measured
 * from x a voltage is known to half an ulp of V − x, so that the origin has to be near wherever digits matter:
 *
 * - in a trial that is short beside the membrane's time constant V moves by a small part of its distance to the bias, and
 *   stays far from it unless it starts near it;
 * - a bias far above the threshold is never reached, as the neuron spikes on its way.
 *
 * In all other cases V may come near the bias, and the time of a spike (or what has decayed of a readout) depends on V − bias.
 */
import type { Population } from "../../model/network.ts";
import { enums } from "./description.ts";

/** Of a time constant: trials below it are short. V then goes at most 12 % of the way from its start to the bias. */
const shortTrial = 1 / 8;
/** Of the bias: starts beyond it are near it. */
const nearStart = 1 / 2;
/** Of the threshold: a bias beyond it is far. Below it V − bias loses two bits at most. */
const farBias = 4;

/** @param duration of the trial, ms */
export function originOf(population: Population, j: number, duration: number): number {
  const bias = population.bias[j]!;
  if (duration < shortTrial * population.tauMem[j]!) {
    const starts =
      population.model === "lif" ? [population.v0[j]!, population.reset[j]!] : [population.v0[j]!];
    return starts.every((start) => Math.abs(start) <= nearStart * Math.abs(bias)) ? 0 : bias;
  }
  return population.model === "lif" && bias > farBias * Math.abs(population.threshold[j]!) ? 0 : bias;
}

/** What holds for all neurons of a population, as `PopulationFlag`. */
export function flagsOf(population: Population, duration: number): number {
  const { uniform, aboveRest, hasRest } = enums.PopulationFlag;
  const { tauMem, tauSyn, threshold, bias } = population;
  const isUniform = tauMem.every((tau) => tau === tauMem[0]) && tauSyn.every((tau) => tau === tauSyn[0]);
  const isAboveRest = threshold.every((value, j) => value > bias[j]!);
  const isMeasuredFromBias = bias.every((value, j) => originOf(population, j, duration) === value);
  return (isUniform ? uniform : 0) | (isAboveRest ? aboveRest : 0) | (isMeasuredFromBias ? 0 : hasRest);
}
