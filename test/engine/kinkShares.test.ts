/** A maximum that several arrivals of one instant turn moves with all of them: their shares add up. */
import { describe, expect, test } from "vitest";
import { buildNetwork, gradient } from "../../src/index.ts";
import type { Case } from "../../src/model/case.ts";
import { consult } from "../oracle/consult.ts";

/** One spike of `hidden` reaches `out` over two projections and turns its rising voltage. */
function turned(weights: readonly [number, number]): Case {
  const network = buildNetwork({
    inputChannels: 2,
    populations: [
      { name: "hidden", size: 1, tauMem: 15, tauSyn: 5 },
      { name: "out", size: 2, model: "li", tauMem: 12, tauSyn: 5, v0: -0.05 },
    ],
    projections: [
      { from: "input", to: "hidden", weight: [9, 0] },
      { from: "input", to: "out", weight: [0, 2, 0, 1.5] },
      { from: "hidden", to: "out", weight: [weights[0], weights[0]] },
      { from: "hidden", to: "out", weight: [weights[1], weights[1]] },
    ],
  });
  const input = { times: Float64Array.of(1, 1.5), sources: Int32Array.of(0, 1) };
  return { name: "turned", duration: 50, network, input, loss: { kind: "max_cross_entropy", target: 0 } };
}

describe.each([[[-6, 0]], [[-2, -4]], [[-4, -2]], [[1, -7]], [[-3, -3]]] as const)(
  "arrivals of weights %j at one instant",
  (weights) => {
    test("give the sender's input weight and time their exact gradients", async () => {
      const problem = turned(weights);
      const oracle = consult(problem);
      const { gradients } = await gradient(problem.network, problem.input, problem.duration, problem.loss);
      const weight = oracle.derivative({ of: "weight", projection: 0, post: 0, pre: 0 });
      const time = oracle.derivative({ of: "inputTime", index: 0 });
      expect(Math.abs(weight)).toBeGreaterThan(1e-3);
      expect(Math.abs(gradients.projections[0]!.weight[0]! - weight)).toBeLessThan(1e-12 * Math.abs(weight));
      expect(Math.abs(gradients.inputTimes[0]! - time)).toBeLessThan(1e-12 * Math.abs(time));
    });
  },
);
