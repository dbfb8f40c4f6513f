/** Known answers: cases that arbitrary-precision arithmetic has solved. */
import { describe, expect, test } from "vitest";
import { type Precision, solveCase } from "../src/index.ts";
import { caseNames, casesFolder, deviations, goldenFolder, readGolden } from "./support/goldenCases.ts";

/** Shares of the trial's length, of the loss, and of each gradient tensor's largest entry. */
const bounds = {
  f64: { times: 1e-14, loss: 1e-12, gradient: 1e-12 },
  f32: { times: 1e-4, loss: 1e-3, gradient: 1e-3 },
} as const;

const sources: [string, string][] = [
  ["bundled case", goldenFolder],
  ["case beside the repository", casesFolder],
];

describe.each(sources)("a %s", (_source, folder) => {
  const names = caseNames(folder);
  if (names.length === 0) {
    test.skip("skipped: GOLDSPIKE_DATA and ../shared/data hold no cases");
    return;
  }
  describe.each(["f64", "f32"] satisfies Precision[])("in %s", (precision) => {
    test.each(names)("%s: spike times, loss, readout and every gradient", async (name) => {
      const golden = readGolden(folder, name);
      const found = deviations(golden, await solveCase(golden.problem, { precision }));
      expect(found.times).toBeLessThanOrEqual(bounds[precision].times);
      expect(found.loss).toBeLessThanOrEqual(bounds[precision].loss);
      expect(found.gradient, found.worstEntry).toBeLessThanOrEqual(bounds[precision].gradient);
    });
  });
});

test("twelve cases at least are bundled", () => {
  expect(caseNames(goldenFolder).length).toBeGreaterThanOrEqual(12);
});
