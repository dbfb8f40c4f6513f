/** The engine keeps its classes where time constants and the length of the trial are of very different orders. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { compareResult } from "../../src/conformance/compare/compare.ts";
import { exactReference } from "../../src/conformance/reference/exactReference.ts";
import { exactClasses } from "../../src/conformance/verdict/classes.ts";
import { summed } from "../../src/conformance/verdict/verdict.ts";
import { solveCase } from "../../src/engine/solve.ts";
import { solutionResult } from "../../src/format/solutionResult.ts";
import { parseCase } from "../../src/index.ts";
import { goldenOf } from "../support/conformance/certified.ts";
import { long, nonleaky, short } from "../support/networks/extremes.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const runs = Number(process.env.GOLDSPIKE_RUNS ?? 8);
const seed = Number(process.env.GOLDSPIKE_SEED ?? 1);
const folder = temporaryFolder();

test.each([
  ["neurons that hardly leak", nonleaky],
  ["trials short beside every time constant", short],
  ["trials long after everything has decayed", long],
])(
  "%s pass T1 in double and T3 in single precision",
  async (_, cases) => {
    const complaints: string[] = [];
    let judged = 0;
    for (const json of fc.sample(cases, { numRuns: runs, seed })) {
      const problem = parseCase(json);
      const solution = await solveCase(problem);
      if (Object.values(solution.spikes).some(({ times }) => times.length > 60)) continue;
      const answer = await goldenOf(json, folder);
      for (const [precision, name] of [
        ["f64", "T1"],
        ["f32", "T3"],
      ] as const) {
        const found = solutionResult(problem, await solveCase(problem, { precision }), precision);
        const reference = exactReference(answer, exactClasses[name], problem);
        const { status, message } = summed(
          compareResult(reference, found, { wanted: () => true, factors: [] }),
        );
        if (status === "fail") complaints.push(`${name}: ${message} in ${JSON.stringify(json)}`);
        judged++;
      }
    }
    expect(judged).toBeGreaterThan(runs);
    expect(complaints).toEqual([]);
  },
  60_000 + 60_000 * runs,
);
