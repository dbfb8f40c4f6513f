/**
 * What moving a stretch of time as a whole does: H = Σ p · dy/dt over all that is integrated, of all neurons V and I, and of
 * the loss what it integrates of voltages. The end of a stretch that ends at a spike moves nothing by itself.
 */
import type { Elementary } from "../../engine/kernel/elementary.ts";
import { type Loss, lossPopulation } from "../../model/losses.ts";
import { crossEntropy, misses } from "../twin/losses/twinLoss.ts";
import { weightAt } from "../twin/losses/voltageLosses.ts";
import type { Adjoint, Replay } from "./replay.ts";

/** @param at p of a neuron just before what happens at the time */
export function hamiltonian(
  { problem, answer, before, elementary }: Replay,
  at: (population: number, neuron: number, time: number) => Adjoint,
  time: number,
): number {
  const { network, duration, loss } = problem;
  let sum = 0;
  for (const [p, { size, tauMem, tauSyn, bias }] of network.populations.entries())
    for (let n = 0; n < size; n++) {
      const { v, i } = before(p, n, time);
      const { byV, byI } = at(p, n, time);
      sum += (byV * (i + bias[n]! - v)) / tauMem[n]! - (byI * i) / tauSyn[n]!;
    }
  const population = lossPopulation(network, loss);
  if (population?.model !== "li") return sum;
  const place = network.populations.indexOf(population);
  const v = Float64Array.from({ length: population.size }, (_, n) => before(place, n, time).v);
  return sum + running(loss, v, answer.readout!, time / duration, elementary) / duration;
}

/** T times what the loss gains at a moment. @param share of the trial that is over */
function running(
  loss: Loss,
  v: Float64Array,
  readout: Float64Array,
  share: number,
  elementary: Elementary,
): number {
  if (loss.kind === "average_cross_entropy") return crossEntropy(elementary, v, loss.target);
  if (loss.kind !== "integral_cross_entropy") return 0;
  const weight = weightAt(loss.weighting, share, elementary);
  return misses(elementary, readout, loss.target).reduce((sum, miss, k) => sum + weight * miss * v[k]!, 0);
}
