/** Of a loss of maxima: a maximum that an arrival ends moves along V with it. */
import { lossPopulation } from "../../model/losses.ts";
import { misses } from "../twin/losses/twinLoss.ts";
import type { Replay } from "./replay.ts";

/** Share of a maximum by which the engine's V there may differ from the certified one. */
const slack = 1e-9;

/** What an arrival feels by that, 1/ms, if it ends the maximum that the loss looks at; otherwise 0. */
export function peakMove(
  { problem: { network, loss }, answer: { readout }, before, elementary }: Replay,
  target: number,
  neuron: number,
  time: number,
): number {
  if (loss.kind !== "max_cross_entropy") return 0;
  const { name, tauMem, bias } = network.populations[target]!;
  if (name !== lossPopulation(network, loss)!.name) return 0;
  const { v, i } = before(target, neuron, time);
  const rise = i + bias[neuron]! - v;
  const most = readout![neuron]!;
  if (rise <= 0 || most <= 0 || Math.abs(v - most) > slack * most) return 0;
  return (misses(elementary, readout!, loss.target)[neuron]! * rise) / tauMem[neuron]!;
}
