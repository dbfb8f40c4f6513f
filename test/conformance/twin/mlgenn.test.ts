/** What mlGeNN itself has answered (2.3.1 and its 3.x branch, on GeNN 5.4.0, in single precision) is what its twins say. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { compareResult } from "../../../src/conformance/compare/compare.ts";
import { comparisonOf } from "../../../src/conformance/compare/comparison.ts";
import { twinReference } from "../../../src/conformance/reference/twinReference.ts";
import { bundledSuite } from "../../../src/conformance/suite/suite.ts";
import { type Convention, conventions } from "../../../src/conformance/twin/convention.ts";
import { summed } from "../../../src/conformance/verdict/verdict.ts";
import { loadCase } from "../../../src/format/loadCase.ts";
import { parseResult, type Result } from "../../../src/format/result.ts";

const fixtures = fileURLToPath(new URL("../../fixtures/mlgenn", import.meta.url));
const shared = fileURLToPath(new URL("../../../../shared", import.meta.url));

type Name = "mlgenn-2" | "mlgenn-3";

/** Labels are bytes there; its factor for nearly equal time constants is 0 in single precision. */
const ownFaults = ["label-above-255", "nearly-equal-taus"];

async function verdictOn(place: string, result: Result, convention: Convention, dt: number) {
  const problem = await loadCase(place);
  const reference = await twinReference(problem, { convention, dt, precision: "f32" });
  const weights = (tensor: string) => tensor.includes("weight");
  return summed(compareResult(reference, result, comparisonOf(problem, { wanted: weights })));
}

/** The case of a name, in one of some folders with groups. */
function caseIn(suites: readonly string[], name: string): string | undefined {
  const places = suites.flatMap((suite) =>
    ["smoke", "core", "adversarial"].map((group) => join(suite, group, name)),
  );
  return places.find((place) => existsSync(place));
}

function kept(set: string, name: string) {
  const path = join(fixtures, set, `${name}.json`);
  const result = parseResult(
    JSON.parse(readFileSync(path, "utf8")),
    { source: path, readBlob: undefined },
    name,
  );
  const own = join(fixtures, "cases", `${name}.json`);
  return { result, place: existsSync(own) ? own : caseIn([bundledSuite], name)! };
}

const sets: readonly [string, Name, number][] = [
  ["mlgenn-2_1", "mlgenn-2", 1],
  ["mlgenn-2_0.1", "mlgenn-2", 0.1],
  ["mlgenn-3_1", "mlgenn-3", 1],
  ["mlgenn-3_0.1", "mlgenn-3", 0.1],
];

describe.each(sets)("%s", (set, name, dt) => {
  const names = readdirSync(join(fixtures, set)).map((file) => file.replace(/\.json$/, ""));
  test.each(names)("%s", async (answer) => {
    const { result, place } = kept(set, answer);
    const { status, message } = await verdictOn(place, result, conventions[name], dt);
    expect(status, message).toBe(ownFaults.includes(answer) ? "fail" : "pass");
  });
});

describe("each habit has an answer that shows it", () => {
  test.each<[string, Name, number, string, Partial<Convention>]>([
    ["a maximum drives for one step", "mlgenn-2", 1, "maximum", { peak: "jump" }],
    ["the maximum that an arrival ends", "mlgenn-2", 1, "peak-at-arrival", { peak: "jump" }],
    ["a spike in the last step", "mlgenn-2", 1, "spike-in-last-step", { lastStepSpikes: "undone" }],
    ["an input spike in the last step", "mlgenn-2", 1, "input-in-last-step", { lastStepSpikes: "undone" }],
    ["a delay into the last step", "mlgenn-2", 1, "delay-into-last-step", { zeroOutDelayed: false }],
    ["the temperature of first spikes", "mlgenn-2", 1, "first-spike-tau0", { softmaxTemperature: "tau0" }],
    ["a label that is silent", "mlgenn-2", 1, "first-spike-silent-label", { silentLabel: "left" }],
    ["the mean current", "mlgenn-2", 1, "hidden-spikes", { integrator: "exact" }],
    ["the current at the start", "mlgenn-3", 1, "recurrent-uniform", { integrator: "step_average" }],
    ["I - threshold at a spike", "mlgenn-3", 1, "recurrent-uniform", { slopeVoltage: "reached" }],
    ["a limit of the adjoint", "mlgenn-3", 1, "feed-forward-first-spike-tau0-1", { adjointLimit: "none" }],
    ["a scale of its own", "mlgenn-3", 1, "layered-max", { scale: "mlgenn-2" }],
  ])("%s", async (_, name, dt, answer, other) => {
    const { result, place } = kept(`${name}_${dt}`, answer);
    expect((await verdictOn(place, result, { ...conventions[name], ...other }, dt)).status).toBe("fail");
  });
});

/** Folders with more answers, where there are any: one folder a case, in a folder a system and step. */
const more = existsSync(shared)
  ? readdirSync(shared)
      .flatMap((room) => safely(join(shared, room)).map((kit) => join(shared, room, kit)))
      .find((kit) => existsSync(join(kit, "real_dt1")))
  : undefined;

function safely(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

const missing = "skipped: no folder below ../shared holds real_dt1";
const stores: readonly [string, Name, number][] = [
  ["real_dt1", "mlgenn-2", 1],
  ["real_dt0.1", "mlgenn-2", 0.1],
  ["real3_dt1", "mlgenn-3", 1],
  ["real3_dt0.1", "mlgenn-3", 0.1],
];

describe.skipIf(more === undefined)(more === undefined ? missing : "every stored answer", () => {
  test.each(stores)(
    "%s",
    async (store, name, dt) => {
      const suites = [bundledSuite, join(more!, "suite"), join(more!, "suite_own")];
      const failed: string[] = [];
      for (const answer of safely(join(more!, store))) {
        const path = join(more!, store, answer, "result.json");
        const json = JSON.parse(readFileSync(path, "utf8"));
        const result = parseResult(json, { source: path, readBlob: undefined }, answer);
        const { status } = await verdictOn(caseIn(suites, answer)!, result, conventions[name], dt);
        if (status !== "pass") failed.push(answer);
      }
      // Beside those, 10 000 ms in steps of 0.1: times of single precision are too coarse there.
      const known = [...ownFaults, ...(dt === 0.1 ? ["hundred-thousand-steps"] : [])];
      expect(failed.filter((answer) => !known.includes(answer))).toEqual([]);
    },
    120_000,
  );
});
