/** How rasters are matched, and what wrong tensors are recognised as. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hintOf } from "../../src/conformance/compare/hints.ts";
import { matchSpikes } from "../../src/conformance/compare/spikes.ts";
import type { Tensor } from "../../src/format/tensor.ts";

const near = () => 0.01;
const bounded = (times: number[], neurons: number[]) => ({ times, neurons, earlier: near, later: near });

describe("matchSpikes", () => {
  test("spikes of a raster fit themselves, in whatever order those of one instant come", () => {
    const raster = fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 4 })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(raster, fc.boolean(), (spikes, reverse) => {
        const sorted = [...spikes].sort(([s, m], [t, n]) => s - t || m - n);
        const other = [...spikes].sort(([s, m], [t, n]) => s - t || (reverse ? n - m : m - n));
        const [a, b] = [sorted, other].map((list) => [list.map(([time]) => time), list.map(([, n]) => n)]);
        const { divergence, partners } = matchSpikes(bounded(a![0]!, a![1]!), {
          times: b![0]!,
          neurons: b![1]!,
        });
        expect(divergence).toBeUndefined();
        for (const [k, partner] of partners.entries()) expect(b![1]![partner]).toBe(a![1]![k]);
      }),
    );
  });

  test.each([
    ["missing", [1, 2, 3], [1, 3], { kind: "missing", ordinal: 1, expected: 2, found: undefined }],
    ["missing at the end", [1, 2], [1], { kind: "missing", ordinal: 1, expected: 2 }],
    ["one too many", [1, 3], [1, 2, 3], { kind: "extra", ordinal: 1, expected: undefined, found: 2 }],
    ["one too many at the end", [1], [1, 5], { kind: "extra", ordinal: 1, found: 5 }],
    ["moved", [1, 2, 3], [1, 2.1, 3], { kind: "moved", ordinal: 1, expected: 2, found: 2.1 }],
  ])("a spike %s", (_, times, found, divergence) => {
    const neurons = (list: readonly number[]) => list.map(() => 0);
    const match = matchSpikes(bounded(times, neurons(times)), { times: found, neurons: neurons(found) });
    expect(match.divergence).toMatchObject(divergence);
  });

  test("the earliest difference of all neurons is told", () => {
    const reference = bounded([1, 2, 3, 4], [0, 1, 0, 1]);
    const { divergence } = matchSpikes(reference, { times: [1, 2, 3.5, 9], neurons: [0, 1, 0, 1] });
    expect(divergence).toMatchObject({ neuron: 0, ordinal: 1 });
  });
});

describe("hintOf", () => {
  const tensor = (shape: number[], values: number[]): Tensor => ({
    shape,
    values: Float64Array.from(values),
  });
  const reference = tensor([2, 3], [1, -2, 0.5, 0.25, 3, -0.75]);
  const scaled = (factor: number) =>
    tensor(
      [2, 3],
      [...reference.values].map((value) => factor * value),
    );
  const factors = [
    { value: -1, meaning: "-1" },
    { value: 1 / 20, meaning: "1/tau_mem" },
  ];

  test.each([
    [1 / 20, "it is 1/tau_mem times the gradient of the declared loss"],
    [-1, "it is -1 times the gradient of the declared loss"],
    [7, "it is 7.00000 times the reference"],
    [0, "it is zero: nothing reaches it"],
    [1.0001, undefined],
  ])("%f times the reference", (factor, hint) => {
    expect(hintOf(reference, scaled(factor), factors)).toBe(hint);
  });

  test("the transpose, in its own shape or in that of the reference", () => {
    const transposed = tensor([3, 2], [1, 0.25, -2, 3, 0.5, -0.75]);
    expect(hintOf(reference, transposed, factors)).toMatch(/^it is the transpose/);
    const square = tensor([2, 2], [1, 2, 3, 4]);
    expect(hintOf(square, tensor([2, 2], [1, 3, 2, 4]), factors)).toMatch(/^it is the transpose/);
  });

  test("a nearly symmetric matrix that is nearly right is not called the transpose", () => {
    const symmetric = tensor([2, 2], [1, 2, 2.0001, 3]);
    expect(hintOf(symmetric, tensor([2, 2], [1.001, 2, 2.0001, 2.999]), factors)).toBeUndefined();
    expect(hintOf(symmetric, tensor([2, 2], [1, 2.0001, 2, 3]), factors)).toMatch(/^it is the transpose/);
  });

  test("says nothing about noise", () => {
    expect(hintOf(reference, tensor([2, 3], [3, 1, -2, 0.5, 0.1, 2]), factors)).toBeUndefined();
  });
});
