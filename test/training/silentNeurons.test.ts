/** Policies for silent neurons change the weights they speak of, and no others. */
import { describe, expect, test } from "vitest";
import { normal, randomStream, stream } from "../../src/base/random.ts";
import type { RegularizationConfig } from "../../src/training/config/optimizer.ts";
import { tendSilentNeurons } from "../../src/training/silentNeurons.ts";

const [pre, post, stride] = [3, 5, 8];
/** Neurons 1 and 4 are silent. */
const counts = [7, 0, 1, 2, 0];
const distribution = { mean: 0.5, sd: 0.25 };

type Real = Float64ArrayConstructor | Float32ArrayConstructor;

/** Weight i → j is i + j/8; padding is zero. */
function matrix(type: Real) {
  return new type(expected((i, j) => i + j / 8));
}

/** [i][j] with padding. */
function expected(value: (i: number, j: number) => number): number[] {
  const at = (k: number) => (k % stride < post ? value(Math.floor(k / stride), k % stride) : 0);
  return Array.from({ length: pre * stride }, (_, k) => at(k));
}

/** What a policy makes of it. */
function tended(policy: RegularizationConfig["silent"], type: Real) {
  const weight = matrix(type);
  const random = randomStream(3, stream.redraw, 2);
  tendSilentNeurons(policy, { pre, post, stride, weight }, counts, {
    distribution: () => distribution,
    random,
  });
  return weight;
}

describe.each([Float64Array, Float32Array])("of %o", (type) => {
  const differences = (policy: RegularizationConfig["silent"]) => {
    const before = matrix(type);
    return [...tended(policy, type)].map((weight, k) => weight - before[k]!);
  };

  test("leave changes nothing", () => {
    expect(differences({ policy: "leave" })).toEqual(expected(() => 0));
  });

  test("lift_all lifts every weight, and no padding", () => {
    expect(differences({ policy: "lift_all", lift: 0.5 })).toEqual(expected(() => 0.5));
  });

  test("lift_silent lifts the weights into silent neurons", () => {
    expect(differences({ policy: "lift_silent", lift: 0.5 })).toEqual(
      expected((_, j) => (counts[j] === 0 ? 0.5 : 0)),
    );
  });

  test("redraw draws the weights into silent neurons, neuron by neuron", () => {
    const random = randomStream(3, stream.redraw, 2);
    const drawn = new type(Array.from({ length: 2 * pre }, () => 0.5 + 0.25 * normal(random)));
    const before = matrix(type);
    const rows = expected((i, j) =>
      counts[j] === 0 ? drawn[(j === 1 ? 0 : pre) + i]! : before[i * stride + j]!,
    );
    expect([...tended({ policy: "redraw" }, type)]).toEqual(rows);
  });
});
