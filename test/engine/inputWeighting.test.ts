/** The weighting by the input's activity: readout, loss and gradients are those of its definition. */
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../src/base/errors.ts";
import { parseCase } from "../../src/format/parseCase.ts";
import type { Case } from "../../src/model/case.ts";
import type { Loss } from "../../src/model/losses.ts";
import { sketch, solveSketch } from "../support/networks/build.ts";
import { tensorsOf } from "../support/networks/entries.ts";
import { expectNear } from "../support/networks/expectations.ts";
import { inputWeightedTruth } from "../support/networks/inputWeighted.ts";
import { smallCase } from "../support/networks/smallCase.ts";

function loss(tauInput?: number): Loss {
  return { kind: "integral_cross_entropy", weighting: "input", target: 0, tauInput };
}

/** Two channels straight to two readouts; two spikes at once, one of them again later. */
function readouts(output: object, delay: number | number[][] = 0, given = loss()): Case {
  return sketch({
    duration: 40,
    channels: 2,
    input: [
      [2, 0],
      [7.5, 1],
      [7.5, 0],
      [19, 0],
    ],
    populations: [{ name: "out", model: "li", size: 2, ...output }],
    projections: [
      {
        from: "input",
        to: "out",
        weight: [
          [120, -40],
          [30, 80],
        ],
        delay,
      },
    ],
    loss: given,
  });
}

const started = { bias: [10, -20], v0: [-30, 20], i0: [40, 10] };
const own = [
  [0.5, 3],
  [11, 1],
];

/** A hidden neuron that spikes several times, with delays to two readouts and to itself. */
function hidden(output: object, delay: number | number[][]): Case {
  return sketch({
    duration: 40,
    input: [
      [1, 0],
      [4, 0],
      [20, 0],
    ],
    populations: [
      { name: "hidden", tau_mem: 15 },
      { name: "out", model: "li", size: 2, ...output },
    ],
    projections: [
      { from: "input", to: "hidden", weight: [[9]], delay: 0.75 },
      { from: "hidden", to: "hidden", weight: [[-0.5]], delay: 2 },
      { from: "hidden", to: "out", weight: [[70], [-60]], delay },
    ],
    loss: loss(7),
  });
}

const tauOf = ({ loss: given }: Case) => (given.kind === "integral_cross_entropy" && given.tauInput) || 20;

/** Loss, readout and every gradient. */
async function expectTruth(problem: Case): Promise<void> {
  const solution = await solveSketch(problem);
  const truth = inputWeightedTruth(problem, tauOf(problem));
  expectNear(solution.readout, truth.readout, 1e-14);
  expect(Math.abs(solution.loss - truth.loss)).toBeLessThan(1e-14);
  const tensors = tensorsOf(problem, solution.gradients).filter(({ name }) => !name.endsWith("spike times"));
  for (const { name, values, entry } of tensors) {
    const expected = Array.from(values, (_, k) => truth.derivative(entry(k)));
    const scale = Math.max(1e-3, ...expected.map(Math.abs));
    const errors = expected.map((value, k) => Math.abs(values[k]! - value) / scale);
    expect({ name, wrong: errors.filter((error) => !(error <= 1e-13)) }).toEqual({ name, wrong: [] });
  }
  // Nothing is checked where nothing depends on anything.
  const felt = tensors.filter(({ values }) => values.some((value) => Math.abs(value) > 1e-5));
  expect(felt.length).toBeGreaterThan(5);
}

describe("readout, loss and gradients are those of ∫ a V in high precision", () => {
  test("for time constants that all share", () => expectTruth(readouts(started)));
  test("for time constants of each neuron's own", () =>
    expectTruth(readouts({ ...started, tau_mem: [20, 9], tau_syn: [4, 6] })));
  test("for equal time constants, also that of the activity", () =>
    expectTruth(readouts({ ...started, tau_mem: 6, tau_syn: 6 }, 0, loss(6))));
  test("for a low pass of its own", () => expectTruth(readouts({}, 3, loss(4.5))));
  test("for delays of each synapse's own", () => expectTruth(readouts(started, own)));
  test("for both, each its own", () => expectTruth(readouts({ ...started, tau_syn: [4, 6] }, own)));
  test("after hidden spikes", async () => {
    const problem = hidden({ tau_mem: [20, 12] }, 0);
    expect((await solveSketch(problem)).spikes.hidden!.times.length).toBeGreaterThan(2);
    await expectTruth(problem);
  });
  test("after hidden spikes that arrive late, each in its time", () =>
    expectTruth(hidden(started, [[1.5], [6]])));
});

test("the bias of a readout at rest counts as the mean activity: (0.01/T) Σ (1 − e^(−(T − s)/τ))", async () => {
  const resting = readouts({ bias: [10, -20], v0: [10, -20] });
  const silent = { ...resting, network: { ...resting.network, projections: [] } };
  const { readout } = await solveSketch(silent);
  const mean = (0.01 / 40) * [2, 7.5, 7.5, 19].reduce((sum, s) => sum - Math.expm1((s - 40) / 20), 0);
  expectNear(readout, [10 * mean, -20 * mean], 1e-14);
});

test("without input there is no activity: readouts are 0, and so is every gradient", async () => {
  const problem = readouts(started);
  const empty = { ...problem, input: { times: new Float64Array(0), sources: new Int32Array(0) } };
  const solution = await solveSketch(empty);
  expect([Array.from(solution.readout), solution.loss]).toEqual([[0, 0], Math.LN2]);
  for (const { values } of tensorsOf(empty, solution.gradients))
    expect(values.every((value) => value === 0)).toBe(true);
});

test("a channel without a projection is activity all the same", async () => {
  const problem = readouts({ bias: 1, v0: 1 });
  const weight = problem.network.projections[0]!.weight.map((value, k) => (k % 2 === 0 ? 0 : value));
  const network = { ...problem.network, projections: [{ ...problem.network.projections[0]!, weight }] };
  await expectTruthOfReadout({ ...problem, network });
});

async function expectTruthOfReadout(problem: Case): Promise<void> {
  const { readout } = await solveSketch(problem);
  expectNear(readout, inputWeightedTruth(problem, tauOf(problem)).readout, 1e-14);
}

test("in f32 the readout is that of f64 but for its rounding", async () => {
  for (const problem of [
    readouts(started),
    hidden(
      started,
      own.map(([delay]) => [delay!]),
    ),
  ]) {
    const [single, double] = [await solveSketch(problem, "f32"), await solveSketch(problem)];
    expectNear(single.readout, double.readout, 1e-6);
  }
});

test("case files do not know it", () => {
  const problem = smallCase();
  problem.loss.weighting = "input";
  expect(() => parseCase(problem)).toThrow(ConfigError);
  expect(() => parseCase(problem)).toThrow(/^case: loss\.weighting: expected .*got "input"$/);
  const withTau = smallCase();
  withTau.loss.tauInput = 20;
  expect(() => parseCase(withTau)).toThrow(/unknown key/);
});
