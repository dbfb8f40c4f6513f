/** Properties of random problems whose spikes and gradients are well conditioned. */
import fc from "fast-check";
import type { Engine } from "../../../src/engine/engine.ts";
import type { Case } from "../../../src/model/case.ts";
import { type ProblemOptions, problems } from "./arbitraries.ts";
import { prepare } from "./conditioning.ts";

export interface Drawn {
  readonly engine: Engine;
  readonly problem: Case;
  /** For further choices. */
  readonly pick: number;
}

export interface PropertyOptions extends ProblemOptions {
  /** Applied to what is drawn before anything else. */
  readonly change?: (problem: Case) => Case;
  /** Default 30, or GOLDSPIKE_RUNS. */
  readonly runs?: number;
  readonly mostSpikes?: number;
}

const runsByHand = process.env.GOLDSPIKE_RUNS;

export async function holds(options: PropertyOptions, check: (drawn: Drawn) => Promise<void>): Promise<void> {
  const { change = (problem) => problem, runs = 30, mostSpikes } = options;
  const drawn = fc.tuple(problems(options), fc.nat(1e6));
  const property = fc.asyncProperty(drawn, async ([candidate, pick]) => {
    const ready = await prepare(change(candidate), mostSpikes);
    fc.pre(ready !== undefined);
    await check({ ...ready, pick });
  });
  const numRuns = Number(runsByHand ?? runs);
  await fc.assert(property, { seed: Number(process.env.GOLDSPIKE_SEED ?? 1), numRuns, maxSkipsPerRun: 20 });
}
