/** The time constant against which a step is long or short. */
import type { Network } from "../../model/network.ts";

/** ms, of all membranes and synapses. */
export function shortestTau({ populations }: Network): number {
  return populations
    .flatMap(({ tauMem, tauSyn }) => [tauMem, tauSyn])
    .reduce((least, taus) => taus.reduce((a, b) => Math.min(a, b), least), Number.POSITIVE_INFINITY);
}
