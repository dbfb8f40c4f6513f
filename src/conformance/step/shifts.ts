/** By how much a grid moves what is known beforehand: input spikes, delays, and constants. */
import type { Case } from "../../model/case.ts";
import type { Network } from "../../model/network.ts";
import type { Solution } from "../../model/solution.ts";
import type { Convention } from "../twin/convention.ts";

/** ms by which an input spike is delivered later. */
export function inputShift(time: number, dt: number, { inputArrives }: Convention): number {
  const late = inputArrives === "next_step" ? 1 : 0;
  return (Math.ceil(time / dt - 1e-9) + late) * dt - time;
}

/** ms by which a delay is longer. */
export function delayShift(delay: number, dt: number): number {
  return Math.round(delay / dt) * dt - delay;
}

/**
 * What these shifts do, to first order, to a number whose derivatives are given.
 *
 * Forward Euler multiplies by 1 − dt/τ where the flow has e^(−dt/τ): both time constants are dt/2 too short, and currents,
 * whose share in V keeps its factor τs/(τm − τs), are 1 + dt/(2 τs) too large. A current that is held at what it is at the
 * start of a step is too large by as much, its mean being 1 − dt/(2 τs) of that.
 */
export function knownShift(
  { network, input }: Case,
  { projections, populations, inputTimes }: Solution["gradients"],
  dt: number,
  convention: Convention,
): number {
  let sum = 0;
  for (const [k, time] of input.times.entries()) sum += inputTimes[k]! * inputShift(time, dt, convention);
  for (const [p, { delay, weight, to }] of network.projections.entries()) {
    const its = projections[p]!;
    for (let synapse = 0; synapse < weight.length; synapse++)
      sum += its.delay[synapse]! * delayShift(typeof delay === "number" ? delay : delay[synapse]!, dt);
    if (!largerCurrents(convention)) continue;
    const { tauSyn, size } = network.populations.find(({ name }) => name === to)!;
    const pre = weight.length / size;
    for (let synapse = 0; synapse < weight.length; synapse++)
      sum += (its.weight[synapse]! * weight[synapse]! * dt) / (2 * tauSyn[Math.floor(synapse / pre)]!);
  }
  if (!largerCurrents(convention)) return sum;
  for (const [p, { i0, tauSyn }] of network.populations.entries()) {
    const its = populations[p]!;
    for (let n = 0; n < i0.length; n++) {
      if (convention.integrator === "euler") sum -= (its.tauMem[n]! + its.tauSyn[n]!) * (dt / 2);
      sum += (its.i0[n]! * i0[n]! * dt) / (2 * tauSyn[n]!);
    }
  }
  return sum;
}

/** Whether steps have currents that are 1 + dt/(2 τs) too large. */
export function largerCurrents({ integrator }: Convention): boolean {
  return integrator === "euler" || integrator === "step_start";
}

/** ms, of all membranes and synapses. */
export function shortestTau({ populations }: Network): number {
  return populations
    .flatMap(({ tauMem, tauSyn }) => [tauMem, tauSyn])
    .reduce((least, taus) => taus.reduce((a, b) => Math.min(a, b), least), Number.POSITIVE_INFINITY);
}
