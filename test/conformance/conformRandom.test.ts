/** No false alarms: on random networks the engine and every twin pass their classes. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../src/base/errors.ts";
import { compareResult } from "../../src/conformance/compare/compare.ts";
import { exactReference } from "../../src/conformance/reference/exactReference.ts";
import { stepReference } from "../../src/conformance/reference/stepReference.ts";
import { twinReference } from "../../src/conformance/reference/twinReference.ts";
import type { Answer } from "../../src/conformance/suite/golden.ts";
import { type ConventionName, conventionNames, conventions } from "../../src/conformance/twin/convention.ts";
import { solveTwin, twinResult } from "../../src/conformance/twin/twin.ts";
import { exactClasses } from "../../src/conformance/verdict/classes.ts";
import { type Part, summed } from "../../src/conformance/verdict/verdict.ts";
import { solveCase } from "../../src/engine/solve.ts";
import { caseJson } from "../../src/format/caseJson.ts";
import { gradientTensors, solutionResult } from "../../src/format/solutionResult.ts";
import { type Case, parseCase } from "../../src/index.ts";
import type { CaseJson } from "../../src/oracle/certify/caseJson.ts";
import { goldenOf } from "../support/conformance/certified.ts";
import { problems } from "../support/networks/arbitraries.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

/** Far more by hand: GOLDSPIKE_RUNS=1000 npx vitest run test/conformRandom.test.ts */
const runs = Number(process.env.GOLDSPIKE_RUNS ?? 6);
const seed = Number(process.env.GOLDSPIKE_SEED ?? 5);
/** Fixed-point arithmetic takes its time over more. */
const mostSpikes = 60;

/** A peak of 0 where a readout rests is not differentiable, and targets fit no raster that is not known yet. */
const kinds = ["integral_cross_entropy", "average_cross_entropy", "first_spike", "none"] as const;

const folder = temporaryFolder();

async function isSmall(problem: Case): Promise<boolean> {
  const spikes = await solveCase(problem).then(
    ({ spikes }) => Object.values(spikes),
    () => undefined,
  );
  return spikes !== undefined && spikes.reduce((sum, { times }) => sum + times.length, 0) <= mostSpikes;
}

/** How often each verdict came, the largest error as a share of what is granted, and every complaint. */
class Tally {
  readonly counts: Record<string, number> = {};
  readonly worst: Record<string, number> = {};
  readonly complaints: string[] = [];

  tell(key: string, parts: readonly Part[], json: CaseJson): void {
    const { status, message } = summed(parts);
    this.count(`${key} ${status}`);
    if (status === "fail") this.complaints.push(`${key}: ${message} in ${JSON.stringify(json)}`);
    if (status !== "pass") return;
    const ratios = parts.map(({ error = 0, tolerance = 0 }) => (error === 0 ? 0 : error / tolerance));
    this.worst[key] = Math.max(this.worst[key] ?? 0, ...ratios);
  }

  count(key: string): void {
    this.counts[key] = (this.counts[key] ?? 0) + 1;
  }

  end(): void {
    if (process.env.GOLDSPIKE_RUNS) console.log(this);
    expect(this.complaints).toEqual([]);
  }
}

const everything = { wanted: () => true, factors: [] };

async function judgeEngine(json: CaseJson, tally: Tally): Promise<void> {
  const problem = parseCase(json);
  const answer = await goldenOf(json, folder);
  for (const [precision, name] of [
    ["f64", "T1"],
    ["f32", "T3"],
  ] as const) {
    const solution = await solveCase(problem, { precision }).catch(() => undefined);
    // In single precision a loss may not be defined for what spikes are left.
    if (!solution && precision === "f32") continue;
    const reference = exactReference(answer, exactClasses[name], problem);
    const result = solutionResult(problem, solution!, precision);
    tally.tell(name, compareResult(reference, result, everything), json);
  }
}

/** In single precision against the twin in double, and in double against exact values with what the step is predicted to do. */
async function judgeTwin(json: CaseJson, name: ConventionName, dt: number, tally: Tally): Promise<void> {
  const problem = parseCase(json);
  const convention = conventions[name];
  const stepping = { convention, dt };
  for (const [precision, reference, key] of [
    ["f32", () => twinReference(problem, { ...stepping, precision: "f32" }), "T4"],
    ["f64", async () => stepReference(await exactAnswer(problem), problem, dt, convention), "T5"],
  ] as const) {
    try {
      const twin = twinResult(problem, await solveTwin(problem, { ...stepping, precision }), precision, dt);
      const parts = compareResult(await reference(), twin, everything);
      tally.tell(`${key} ${name}`, parts, json);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      // The class says itself that it cannot judge the case, or a loss is not defined for what spikes are left.
      tally.count(`${key} ${name} unsupported`);
    }
  }
}

/** T5 looks at spikes, loss and gradients, in which the engine differs from certified values by rounding alone. */
async function exactAnswer(problem: Case): Promise<Answer> {
  const solution = await solveCase(problem);
  const none = new Float64Array();
  const { loss, readout } = solution;
  return {
    spikes: Object.fromEntries(
      Object.entries(solution.spikes).map(([name, { times, neurons }]) => {
        const slopes = solution.slopes[name]!;
        const known = { lower: times, upper: times, conditions: none, sensitivities: undefined };
        return [name, { times, neurons: Float64Array.from(neurons), slopes, ...known }];
      }),
    ),
    margins: {},
    ...(problem.loss.kind !== "none" && { loss, readout }),
    gradients: problem.loss.kind === "none" ? new Map() : gradientTensors(problem, solution),
    sensitivities: undefined,
  };
}

const sample = (options: Parameters<typeof problems>[0]): CaseJson[] =>
  fc.sample(problems(options), { numRuns: runs, seed }).map((given) => caseJson(given, "random") as CaseJson);

describe("random networks", () => {
  test(
    "pass T1 in double and T3 in single precision",
    async () => {
      let judged = 0;
      const tally = new Tally();
      for (const json of sample({ kinds })) {
        if (!(await isSmall(parseCase(json)))) continue;
        await judgeEngine(json, tally);
        judged++;
      }
      expect(judged).toBeGreaterThan(runs / 2);
      tally.end();
    },
    60_000 + 20_000 * runs,
  );

  test(
    "pass T4 and T5 by the steps of every convention",
    async () => {
      const tally = new Tally();
      for (const json of sample({ kinds })) {
        if (!(await isSmall(parseCase(json)))) continue;
        for (const name of conventionNames) await judgeTwin(json, name, 0.1, tally);
      }
      for (const name of conventionNames) expect(tally.counts[`T4 ${name} pass`]).toBeGreaterThan(0);
      tally.end();
    },
    60_000 + 20_000 * runs,
  );
});

test.each([47.0423, 99.9921875, 101.25])(
  "the hyperbolic penalty of a silent label in %d ms, where 1.01 T and T + 1 nearly cancel, is right to the last bits",
  async (duration) => {
    const lif = { size: 1, model: "lif" as const, tau_mem: 20, tau_syn: 5 };
    const json: CaseJson = {
      format: "goldspike/case@1",
      name: "silent-label",
      time_unit: "ms",
      duration,
      input: { channels: 1, times: [2.5], sources: [0] },
      populations: [{ name: "output", ...lif }],
      projections: [{ from: "input", to: "output", weight: [[0.5]] }],
      loss: {
        kind: "first_spike",
        population: "output",
        tau0: 4,
        tau1: 17.5,
        alpha: 0.1657,
        penalty: "hyperbolic",
        target: 0,
      },
    };
    const tally = new Tally();
    await judgeEngine(json, tally);
    tally.end();
    // No spike, so that its step makes no difference.
    const twin = await solveTwin(parseCase(json), { convention: conventions.euler, dt: 0.1 });
    expect(twin.loss / (await goldenOf(json, folder)).loss!).toBeCloseTo(1, 14);
  },
);
