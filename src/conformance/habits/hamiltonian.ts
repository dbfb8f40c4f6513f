/**
 * What moving a stretch of time as a whole does: H = Σ p · dy/dt over all that is integrated, of all neurons V and I, and of
 * the loss what it integrates of voltages. The end of a stretch that ends at a spike moves nothing by itself.
 */
import type { Elementary } from "../../engine/kernel/elementary.ts";
import { type Loss, lossPopulation } from "../../model/losses.ts";
import { crossEntropy, misses } from "../twin/losses/twinLoss.ts";
import { weightAt } from "../twin/losses/voltageLosses.ts";
import type { Cells } from "./cells.ts";
import type { Replay } from "./replay.ts";

/** @param cells come back to just before what happens at the time */
export function hamiltonian(
  { problem, answer, before, elementary }: Replay,
  cells: Cells,
  time: number,
): number {
  const { network, duration, loss } = problem;
  let sum = 0;
  for (const [p, { size, tauMem, tauSyn, bias }] of network.populations.entries())
    for (let n = 0; n < size; n++) {
      const { v, i } = before(p, n, time);
      const { byV, byI } = cells.at(p, n, time);
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
  switch (loss.kind) {
    case "average_cross_entropy":
      return crossEntropy(elementary, v, loss.target);
    case "integral_cross_entropy": {
      const weight = weightAt(loss.weighting, share, elementary);
      const pulls = misses(elementary, readout, loss.target);
      return pulls.reduce((sum, pull, k) => sum + weight * pull * v[k]!, 0);
    }
    case "max_cross_entropy":
    case "first_spike":
    case "spike_time_mse":
    case "linear":
    case "none":
      return 0;
  }
}
