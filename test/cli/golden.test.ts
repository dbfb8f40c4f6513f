/** Known answers: cases that arbitrary-precision arithmetic has solved. */
import { describe, expect, test } from "vitest";
import { type Certified, goldenErrors } from "../../src/cli/demo/goldenTable.ts";
import { type Case, type Precision, solveCase } from "../../src/index.ts";
import { certifiedCases } from "../support/conformance/certifiedCases.ts";
import { expectedCases, missing } from "../support/networks/expectedCases.ts";

/** Shares of the trial's length, of the loss, and of each gradient tensor's largest entry. */
const bounds = {
  f64: { times: 1e-14, loss: 1e-12, gradient: 1e-12 },
  f32: { times: 1e-4, loss: 1e-3, gradient: 1e-3 },
} as const;

interface Solved {
  readonly name: string;
  readonly problem: Case;
  readonly answer: Certified;
}

const sources: [string, readonly Solved[]][] = [
  ["certified case", certifiedCases],
  ["case beside the repository", expectedCases],
];

describe.each(sources)("a %s", (_source, cases) => {
  if (cases.length === 0) {
    test.skip(missing);
    return;
  }
  describe.each(["f64", "f32"] satisfies Precision[])("in %s", (precision) => {
    test.each(cases)("$name: spike times, loss, readout and every gradient", async ({ problem, answer }) => {
      const found = goldenErrors(answer, problem, await solveCase(problem, { precision }));
      const bound = bounds[precision];
      expect(found.times).toBeLessThanOrEqual(bound.times);
      expect(found.loss).toBeLessThanOrEqual(bound.loss);
      expect(found.gradients.size).toBe(answer.gradients.size);
      expect([...found.gradients].filter(([, error]) => !(error <= bound.gradient))).toEqual([]);
    });
  });
});

test("twelve certified cases at least, each with every gradient, are bundled", () => {
  expect(certifiedCases.length).toBeGreaterThanOrEqual(12);
  for (const { problem, answer } of certifiedCases) {
    const { projections, populations } = problem.network;
    const spiking = populations.filter(({ model }) => model === "lif").length;
    // Weights and delays; five constants of every population; threshold, reset and spike times; input times.
    expect(answer.gradients.size).toBe(2 * projections.length + 5 * populations.length + 3 * spiking + 1);
  }
});
