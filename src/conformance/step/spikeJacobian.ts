/** How spike times depend on everything: one exact solution per spike, whose loss is that spike's time. */

import { ConfigError } from "../../base/errors.ts";
import { Engine } from "../../engine/engine.ts";
import type { Case } from "../../model/case.ts";
import type { Simulation, Solution } from "../../model/solution.ts";

/** One row each: derivatives of the spike's time. */
export interface SpikeRow {
  readonly population: string;
  readonly index: number;
  readonly gradients: Solution["gradients"];
}

/** Each costs a trial and its adjoint. */
const mostSpikes = 5000;

/** @throws ConfigError more than 5000 spikes */
export async function spikeJacobian(problem: Case, { spikes }: Simulation): Promise<SpikeRow[]> {
  const { network, input, duration } = problem;
  const total = Object.values(spikes).reduce((sum, { times }) => sum + times.length, 0);
  if (total > mostSpikes)
    throw new ConfigError(`${problem.name}: expected at most ${mostSpikes} spikes to predict, got ${total}`);
  const engine = await Engine.create(network, { duration, maxInputSpikes: input.times.length });
  const rows: SpikeRow[] = [];
  for (const [population, { times, neurons }] of Object.entries(spikes)) {
    const { size } = network.populations.find(({ name }) => name === population)!;
    const targets: number[][] = Array.from({ length: size }, () => []);
    const places = Array.from(times, (time, k) => targets[neurons[k]!]!.push(time) - 1);
    for (const [index, time] of times.entries()) {
      const row = targets[neurons[index]!]!;
      // ½ (t − (t − 1))² has the slope 1, and the other spikes none.
      row[places[index]!] = time - 1;
      const { gradients } = engine.solve(input, { kind: "spike_time_mse", population, targets });
      row[places[index]!] = time;
      rows.push({ population, index, gradients });
    }
  }
  return rows;
}
