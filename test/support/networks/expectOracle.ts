/** A problem's answer is the oracle's. */
import { expect } from "vitest";
import type { Case } from "../../../src/model/case.ts";
import { consult } from "../../oracle/consult.ts";
import { solveSketch } from "./build.ts";
import { sampledErrors, tensorsOf } from "./entries.ts";

/** Loss, readout and two entries of every tensor of gradients. */
export async function expectOracle(problem: Case, bar = 1e-12): Promise<void> {
  const solution = await solveSketch(problem);
  const oracle = consult(problem);
  expect(Math.abs(solution.loss - oracle.loss)).toBeLessThanOrEqual(bar * Math.max(1, Math.abs(oracle.loss)));
  oracle.readout.forEach((value, k) => {
    expect(Math.abs(solution.readout[k]! - value)).toBeLessThanOrEqual(1e-14 * Math.max(1, Math.abs(value)));
  });
  const tensors = tensorsOf(problem, solution.gradients);
  for (const pick of [0, 1])
    for (const { tensor, error, detail } of sampledErrors(tensors, oracle, pick, tensors.length))
      expect({ tensor, detail, wrong: !(error <= bar) }).toEqual({ tensor, detail, wrong: false });
}
