/** Every loss of voltages is the oracle's, in value, readout and gradient, also where it is extreme. */
import { describe, expect, test } from "vitest";
import type { Case } from "../../src/model/case.ts";
import type { Loss } from "../../src/model/losses.ts";
import { evaluateLoss } from "../../src/oracle/simulate/loss.ts";
import { consult } from "../oracle/consult.ts";
import { type Sketch, sketch, solveSketch } from "../support/networks/build.ts";
import { tensorsOf } from "../support/networks/entries.ts";
import { expectOracle } from "../support/networks/expectOracle.ts";

/** Two channels that reach two readouts directly, three spikes. */
function readouts(
  loss: Loss,
  output: object = {},
  weight = [
    [1, -0.4],
    [0.3, 0.8],
  ],
): Case {
  return sketch({
    duration: 40,
    channels: 2,
    input: [
      [2, 0],
      [7.5, 1],
      [19, 0],
    ],
    populations: [{ name: "out", model: "li", size: 2, ...output }],
    projections: [{ from: "input", to: "out", weight }],
    loss,
  });
}

const maximum: Loss = { kind: "max_cross_entropy", target: 0 };
const average: Loss = { kind: "average_cross_entropy", target: 1 };
const integrals = (["uniform", "exponential", "linear", "sigmoid"] as const).map(
  (weighting): Loss => ({ kind: "integral_cross_entropy", weighting, target: 0 }),
);

describe("losses of voltages", () => {
  test.each([...integrals, maximum, average])("%j of two readouts", async (loss) => {
    await expectOracle(
      readouts(loss, { bias: [0.1, -0.2], v0: [-0.3, 0.2], i0: [0.4, 0.1], tau_syn: [4, 6] }),
    );
    await expectOracle(readouts(loss, { bias: 0.3, v0: -0.1, tau_mem: 6, tau_syn: 6 }));
  });

  test.each([...integrals, maximum, average])("%j stays exact where softmax saturates", async (loss) => {
    for (const bias of [
      [100, -100],
      [-100, 100],
    ]) {
      const far = readouts(loss, { bias, v0: bias.map((value) => 0.9 * value) });
      const [solution, oracle] = [await solveSketch(far), consult(far)];
      expect(Math.abs(solution.loss - oracle.loss)).toBeLessThanOrEqual(1e-14 * Math.max(1, oracle.loss));
    }
  });

  test.each([...integrals, maximum, average])(
    "%j of voltages 2000 apart is their difference or 0",
    async (loss) => {
      const label = (loss as { target: number }).target;
      for (const bias of [
        [1e3, -1e3],
        [-1e3, 1e3],
      ]) {
        const extreme = readouts(loss, { bias, v0: bias });
        const { loss: value, readout, gradients } = await solveSketch(extreme);
        const expected = Math.max(0, readout[1 - label]! - readout[label]!);
        expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-14 * expected);
        for (const { name, values } of tensorsOf(extreme, gradients))
          expect([name, values.every(Number.isFinite)]).toEqual([name, true]);
      }
    },
  );

  test("an average cross-entropy of voltages that sweep over 50 units is still exact", async () => {
    await expectOracle(readouts(average, { v0: [25, -25], bias: [-5, 5] }));
    const strong = [
      [300, -250],
      [-200, 330],
    ];
    const sweeping = readouts(average, { bias: [20, -30] }, strong);
    const { exact, trial } = consult(sweeping);
    // The oracle's usual order of quadrature is right to 1e−11 here, twice and four times that agree.
    const truth = exact.math.toNumber(evaluateLoss(exact, trial, 40).loss);
    expect(Math.abs((await solveSketch(sweeping)).loss / truth - 1)).toBeLessThan(1e-14);
  });

  test("one readout alone has no loss and no gradient", async () => {
    const only = { model: "li", name: "out" } as const;
    const projections = [{ from: "input", to: "out", weight: [[2]] }];
    for (const loss of [...integrals, maximum, average].map((given) => ({ ...given, target: 0 }) as Loss)) {
      const given = sketch({ input: [[1, 0]], populations: [only], projections, loss });
      const { gradients, ...solution } = await solveSketch(given);
      expect(solution.loss).toBe(0);
      expect(tensorsOf(given, gradients).every(({ values }) => values.every((value) => value === 0))).toBe(
        true,
      );
    }
  });
});

describe("max_cross_entropy", () => {
  test("readouts that stay below 0 count as 0 and have no gradient", async () => {
    const below = readouts(maximum, { bias: -0.5, v0: [-0.1, -0.2] }, [
      [0.1, -0.4],
      [0.3, -0.8],
    ]);
    const { readout, loss, gradients } = await solveSketch(below);
    expect([Array.from(readout), loss]).toEqual([[0, 0], Math.LN2]);
    expect(tensorsOf(below, gradients).every(({ values }) => values.every((value) => value === 0))).toBe(
      true,
    );
  });

  test("a maximum at a kink moves with the arrival that makes it", async () => {
    // The second spike turns both voltages on their way up.
    await expectOracle(
      readouts(maximum, { v0: -0.1 }, [
        [1, -2],
        [0.8, -3],
      ]),
    );
    await expectOracle(
      readouts(maximum, { v0: -0.1, tau_syn: [4, 6] }, [
        [1, -2],
        [0.8, -3],
      ]),
    );
  });

  test.each(["f64", "f32"] as const)(
    "%s: a kink made by a spike is charged to that spike, whatever else the spike delivers at the same instant",
    async (precision) => {
      const delays = async (variant: number, also: number) => {
        const given: Sketch = {
          input: [
            [1, 0],
            [1.5, 1],
          ],
          channels: 2,
          populations: [
            { name: "hidden", tau_mem: 15 },
            { name: "out", model: "li", size: 2, v0: -0.05, tau_mem: [12 + variant / 7, 14] },
          ],
          projections: [
            { from: "input", to: "hidden", weight: [[9, 0]] },
            {
              from: "input",
              to: "out",
              weight: [
                [0, 2],
                [0, 1.5 + variant / 31],
              ],
            },
            { from: "hidden", to: "out", weight: [[-4], [-5]] },
            // Weighs nothing, but arrives on its own.
            { from: "hidden", to: "out", weight: [[0], [0]], delay: [[also], [9]] },
          ],
          loss: maximum,
        };
        return (await solveSketch(sketch(given), precision)).gradients.projections[2]!.delay;
      };
      for (let variant = 0; variant < 40; variant++) {
        const [expected, actual] = [await delays(variant, 8), await delays(variant, 0)];
        expect(expected.every((value) => Math.abs(value) > 1e-3)).toBe(true);
        expected.forEach((value, k) => {
          expect([variant, Math.abs(actual[k]! / value - 1) < 1e-3]).toEqual([variant, true]);
        });
      }
    },
  );

  test("a maximum at T or at time 0 is found", async () => {
    const ends = readouts(maximum, { v0: [2, -0.1], bias: [-0.2, 1] });
    const { readout } = await solveSketch(ends);
    expect(readout[0]).toBe(2);
    await expectOracle(ends);
  });

  test("a maximum after hidden spikes, delays and all", async () => {
    const given: Sketch = {
      input: [
        [1, 0],
        [4, 0],
        [20, 0],
      ],
      populations: [
        { name: "hidden", size: 2, tau_mem: [15, 18] },
        { name: "out", model: "li", size: 2, v0: -0.2 },
      ],
      projections: [
        { from: "input", to: "hidden", weight: [[8], [6]] },
        {
          from: "hidden",
          to: "out",
          weight: [
            [1, 0.7],
            [-0.4, 0.9],
          ],
          delay: [
            [0.5, 3],
            [1, 2],
          ],
        },
        {
          from: "hidden",
          to: "out",
          weight: [
            [-0.5, 0.7],
            [1.4, -0.9],
          ],
          delay: 7,
        },
      ],
      loss: maximum,
    };
    await expectOracle(sketch(given));
  });
});
