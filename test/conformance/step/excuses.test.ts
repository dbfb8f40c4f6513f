/** T5 excuses other spikes only by what comes earlier, in the same neuron or on the way to it. */
import { describe, expect, test } from "vitest";
import { compareResult } from "../../../src/conformance/compare/compare.ts";
import { comparisonOf } from "../../../src/conformance/compare/comparison.ts";
import { stepReference } from "../../../src/conformance/reference/stepReference.ts";
import { waysTo } from "../../../src/conformance/step/upstream.ts";
import { readGolden } from "../../../src/conformance/suite/golden.ts";
import { bundledSuite } from "../../../src/conformance/suite/suite.ts";
import { conventions } from "../../../src/conformance/twin/convention.ts";
import { solveTwin, twinResult } from "../../../src/conformance/twin/twin.ts";
import { summed } from "../../../src/conformance/verdict/verdict.ts";
import { loadCase } from "../../../src/format/loadCase.ts";
import { parseCase } from "../../../src/format/parseCase.ts";
import type { Case } from "../../../src/index.ts";

const convention = conventions["mlgenn-2"];
const place = `${bundledSuite}/smoke/hidden-spikes`;

async function verdict(dt: number, change: (problem: Case) => Case) {
  const problem = await loadCase(place);
  const { answer } = await readGolden(place);
  const other = change(problem);
  const result = twinResult(other, await solveTwin(other, { convention, dt }), "f64", dt);
  const reference = await stepReference(answer!, problem, dt, convention);
  return summed(
    compareResult(reference, result, comparisonOf(problem, { wanted: (name) => name.includes("weight") })),
  );
}

/** The weights from the input to one hidden neuron. */
const scaled = (neuron: number, factor: number) => (problem: Case) => {
  const [first, ...others] = problem.network.projections;
  const weight = first!.weight.map((w, k) => (k === neuron ? factor * w : w));
  return { ...problem, network: { ...problem.network, projections: [{ ...first!, weight }, ...others] } };
};

describe("half a weight, at a step at which other spikes are uncertain", () => {
  test.each([
    [1, 1],
    [1, 0],
    [0.1, 1],
    [0.1, 0],
  ])("%f ms, hidden %d", async (dt, neuron) => {
    const { status, message } = await verdict(dt, scaled(neuron, 0.5));
    expect(status, message).toBe("fail");
    expect(message).toMatch(new RegExp(`^spikes.hidden: spike 0 of neuron ${neuron}`));
    expect((await verdict(dt, (problem) => problem)).status).not.toBe("fail");
  });
});

test("ways lead along synapses with a weight, the shortest first", () => {
  const { network } = parseCase(
    {
      format: "goldspike/case@1",
      name: "ways",
      time_unit: "ms",
      duration: 50,
      input: { channels: 1, times: [], sources: [] },
      populations: ["a", "b", "c"].map((name) => ({ name, size: 2, model: "lif", tau_mem: 20, tau_syn: 5 })),
      projections: [
        { from: "input", to: "a", weight: [[1], [1]] },
        {
          from: "a",
          to: "b",
          weight: [
            [1, 0],
            [0, 0],
          ],
          delay: 3,
        },
        {
          from: "b",
          to: "c",
          weight: [
            [1, 1],
            [0, 0],
          ],
          delay: [
            [4, 2],
            [1, 1],
          ],
        },
        {
          from: "a",
          to: "c",
          weight: [
            [1, 1],
            [0, 0],
          ],
          delay: 9,
        },
        {
          from: "c",
          to: "c",
          weight: [
            [1, 1],
            [1, 1],
          ],
          delay: 1,
        },
      ],
      loss: { kind: "none" },
    },
    undefined,
    "ways",
  );
  const ways = Object.fromEntries(
    Object.entries(waysTo(network, "c", 0, 0)).map(([name, of]) => [name, [...of]]),
  );
  expect(ways).toEqual({ a: [7, 9], b: [4, 2], c: [0, 1] });
  const other = waysTo(network, "b", 1, 0);
  expect([...other["a"]!, ...other["b"]!, ...other["c"]!]).toEqual([
    ...Array(3).fill(Number.POSITIVE_INFINITY),
    0,
    ...Array(2).fill(Number.POSITIVE_INFINITY),
  ]);
  expect([...waysTo(network, "c", 0, 1)["a"]!]).toEqual([5, 8]);
});
