/** On random networks the engine finds the oracle's spikes, loss and gradients. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Case } from "../../src/model/case.ts";
import type { LossKind } from "../../src/model/losses.ts";
import type { Solution } from "../../src/model/solution.ts";
import { consult, type Oracle } from "../oracle/consult.ts";
import { allKinds, problems } from "../support/networks/arbitraries.ts";
import { conditionOf, engineFor, prepare } from "../support/networks/conditioning.ts";
import { sampledErrors, tensorsOf } from "../support/networks/entries.ts";

/** Far more by hand: GOLDSPIKE_RUNS=3000 GOLDSPIKE_SEED=5 npx vitest run test/randomNetworks.test.ts */
const runs = Number(process.env.GOLDSPIKE_RUNS ?? 16);
const seed = Number(process.env.GOLDSPIKE_SEED ?? 1);
const patience = 60_000 + 2000 * runs;

interface Bar {
  /** Of spike times, in trials. */
  readonly time: number;
  /** Of the loss, absolute or of itself, whichever is more. */
  readonly loss: number;
  /** Of gradients, in their tensor's largest entry. */
  readonly gradient: number;
  /** The same where a gradient changes by κ times itself if the parameters change by as much as they are: this times κ. */
  readonly conditioned: number;
}

const bars: Record<"f64" | "f32", Bar> = {
  f64: { time: 1e-14, loss: 1e-12, gradient: 1e-12, conditioned: 2e-14 },
  f32: { time: 1e-4, loss: 1e-3, gradient: 1e-3, conditioned: 1e-5 },
};

/** The oracle integrates an average cross-entropy numerically, which takes its time. */
function tensorCount(kind: LossKind): number {
  return kind === "average_cross_entropy" ? 2 : 8;
}

function mismatches(problem: Case, solution: Solution, oracle: Oracle, bar: Bar, pick: number): string[] {
  const found: string[] = [];
  for (const [name, { times, neurons }] of Object.entries(oracle.spikes)) {
    const actual = solution.spikes[name]!;
    if (actual.neurons.join() !== neurons.join()) return [`${name}: ${actual.neurons} spike, not ${neurons}`];
    times.forEach((time, k) => {
      const error = Math.abs(actual.times[k]! - time) / problem.duration;
      if (!(error <= bar.time)) found.push(`${name}: spike ${k} at ${actual.times[k]}, not ${time}`);
    });
  }
  const lossError = Math.abs(solution.loss - oracle.loss) / Math.max(1, Math.abs(oracle.loss));
  if (!(lossError <= bar.loss)) found.push(`loss ${solution.loss}, not ${oracle.loss}`);
  const tensors = tensorsOf(problem, solution.gradients);
  for (const sampled of sampledErrors(tensors, oracle, pick, tensorCount(problem.loss.kind))) {
    const { tensor, error, largest, detail } = sampled;
    if (error <= bar.gradient) continue;
    if (!(error <= bar.conditioned * conditionOf(problem, oracle, largest)))
      found.push(`${tensor}: ${detail}`);
  }
  return found;
}

describe.each(["f64", "f32"] as const)("%s", (precision) => {
  test.each(allKinds)(
    "spikes, loss and gradients of random networks are right: %s",
    async (kind) => {
      const drawn = fc.tuple(problems({ kinds: [kind] }), fc.nat(1e6));
      const property = fc.asyncProperty(drawn, async ([candidate, pick]) => {
        const ready = await prepare(candidate);
        fc.pre(ready !== undefined);
        const { problem } = ready;
        const engine = precision === "f64" ? ready.engine : await engineFor(problem, precision);
        const solution = engine.solve(problem.input, problem.loss);
        expect(mismatches(problem, solution, consult(problem), bars[precision], pick)).toEqual([]);
      });
      const share = kind === "average_cross_entropy" ? 3 : 1;
      await fc.assert(property, { seed, numRuns: Math.ceil(runs / share), maxSkipsPerRun: 10 });
    },
    patience,
  );
});
