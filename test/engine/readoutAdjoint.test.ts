/** Readouts that are integrated in closed form give what simulating them would. */
import { describe, test, vi } from "vitest";
import type { Case } from "../../src/model/case.ts";
import { sketch, solveSketch } from "../support/networks/build.ts";
import { expectNear } from "../support/networks/expectations.ts";
import { holds } from "../support/networks/property.ts";

/** For GOLDSPIKE_RUNS by hand. */
vi.setConfig({ testTimeout: 600_000 });

describe("readouts integrated in closed form", () => {
  test("∫ V of the closed form is that of the simulated readout", async () => {
    await holds({ kinds: ["average_cross_entropy"] }, async ({ problem, engine }) => {
      const simulated = engine.evaluate(problem.input, problem.loss).readout;
      const loss = { kind: "integral_cross_entropy", weighting: "uniform", target: 0 } as const;
      expectNear(engine.evaluate(problem.input, loss).readout, simulated, 1e-13, 1);
    });
  });

  const lateChannel = (weighting: "uniform" | "exponential", duration: number): Case =>
    sketch({
      duration,
      channels: 2,
      input: [
        [100, 0],
        [130, 1],
        [250, 0],
      ],
      populations: [{ name: "out", model: "li", size: 2, tau_mem: [20, 8], tau_syn: [5, 8] }],
      projections: [
        {
          from: "input",
          to: "out",
          weight: [
            [30, -40],
            [20, 50],
          ],
        },
      ],
      loss: { kind: "integral_cross_entropy", weighting, target: 0 },
    });
  const softmax = ([s0, s1]: Float64Array): number => 1 / (1 + Math.exp(s0! - s1!));

  test("over a long trial a spike adds w τs to ∫ V, wherever it is: dL/dw = (p − δ) n τs / T, dL/dt = 0", async () => {
    const { readout, gradients } = await solveSketch(lateChannel("uniform", 4000));
    const p = softmax(readout);
    const expected = [-p * 2 * 5, -p * 5, p * 2 * 8, p * 8].map((value) => value / 4000);
    expectNear(
      readout,
      [(30 * 2 - 40) * 5, (20 * 2 + 50) * 8].map((value) => value / 4000),
      1e-15,
    );
    expectNear(gradients.projections[0]!.weight, expected, 1e-14, 1e-9);
    expectNear(gradients.inputTimes, [0, 0, 0], 1e-17, 1);
  });

  test("exponential weighting: λ_V − λ_I tends to P e^(s/T) (τs/T)/(1 + τs/T), the same for every spike but for e^(−t/T)", async () => {
    const duration = 4000;
    const { readout, gradients } = await solveSketch(lateChannel("exponential", duration));
    const p = softmax(readout);
    // K(t) = (τs/T) e^(−t/T) / ((1 + τm/T)(1 + τs/T)) per unit of weight, and K′ = −K/T.
    const share = (tauMem: number, tauSyn: number) =>
      tauSyn / duration / ((1 + tauMem / duration) * (1 + tauSyn / duration));
    const [k0, k1] = [share(20, 5), share(8, 8)];
    const drive = ([w0, w1]: number[]) => p * (k1 * w1! - k0 * w0!);
    const at = (time: number) => -Math.exp(-time / duration) / duration;
    const expected = [drive([30, 20]) * at(100), drive([-40, 50]) * at(130), drive([30, 20]) * at(250)];
    expectNear(gradients.inputTimes, expected, 1e-12, 1e-12);
  });

  test("with constant drive the feedback to a spike dies out e^(−s/τm) before the end of the trial", async () => {
    const feedback = async (before: number) => {
      const problem = sketch({
        duration: 600,
        input: [[600 - before, 0]],
        populations: [{ name: "out", model: "li", size: 2 }],
        projections: [{ from: "input", to: "out", weight: [[3], [-3]] }],
        loss: { kind: "integral_cross_entropy", weighting: "uniform", target: 0 },
      });
      const { gradients, readout } = await solveSketch(problem);
      return gradients.inputTimes[0]! / softmax(readout);
    };
    // K′(T − s) = −V(s)/(T w) of a lone response, whose slow part is (τs/(τm − τs)) e^(−s/τm).
    for (const before of [1, 10, 50, 200]) {
      const response = (5 / 15) * (Math.exp(-before / 20) - Math.exp(-before / 5));
      expectNear([await feedback(before)], [(6 * response) / 600], 1e-12, 1e-12);
    }
  });
});
