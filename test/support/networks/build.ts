/** Small networks spelt out in a test: defaults as in the case format. */

import { Engine } from "../../../src/engine/engine.ts";
import type { Case } from "../../../src/model/case.ts";
import type { Loss } from "../../../src/model/losses.ts";
import type { Precision, Solution } from "../../../src/model/solution.ts";
import {
  type CaseJson,
  caseFromJson,
  type PopulationJson,
  type ProjectionJson,
} from "../../../src/oracle/certify/caseJson.ts";

export interface Sketch {
  readonly duration?: number;
  readonly channels?: number;
  /** [time, channel] in order of time. */
  readonly input?: readonly (readonly [number, number])[];
  readonly populations: readonly (Partial<PopulationJson> & Pick<PopulationJson, "name">)[];
  readonly projections?: readonly ProjectionJson[];
  readonly loss?: Loss;
}

/** Populations are one `lif` neuron of 20 ms and 5 ms, trials 50 ms, unless said otherwise. */
export function sketch({ duration = 50, channels = 1, input = [], ...rest }: Sketch): Case {
  const json: CaseJson = {
    format: "goldspike/case@1",
    name: "sketch",
    time_unit: "ms",
    duration,
    input: { channels, times: input.map(([time]) => time), sources: input.map(([, source]) => source) },
    populations: rest.populations.map((given) => ({
      size: 1,
      model: "lif",
      tau_mem: 20,
      tau_syn: 5,
      ...given,
    })),
    projections: [...(rest.projections ?? [])],
    loss: rest.loss ?? { kind: "none" },
  };
  return caseFromJson(json);
}

export async function solveSketch(
  problem: Case,
  precision: Precision = "f64",
  maxEvents = 2000,
): Promise<Solution> {
  const { network, duration, input } = problem;
  const options = { precision, duration, maxInputSpikes: input.times.length, maxEvents };
  return (await Engine.create(network, options)).solve(input, problem.loss, { closestGraze: true });
}
