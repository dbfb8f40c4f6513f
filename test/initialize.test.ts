/** Initial weights are normal, moments and tails, and the same bits for the same seed. */
import { describe, expect, test } from "vitest";
import { normal, randomStream, stream } from "../src/random.ts";
import { runConfigSchema } from "../src/training/config.ts";
import { initialNetwork } from "../src/training/initialize.ts";

describe("the normal numbers", () => {
  const count = 400_000;
  const random = randomStream(1, stream.weights);
  const numbers = Float64Array.from({ length: count }, () => normal(random)).sort();

  test("have the moments 0, 1, 0, 3, 0, 15, to within 4 standard errors", () => {
    const moments = [0, 1, 0, 3, 0, 15, 0, 105, 0, 945, 0, 10395];
    for (let power = 1; power <= 6; power++) {
      const mean = numbers.reduce((sum, x) => sum + x ** power, 0) / count;
      const variance = moments[2 * power - 1]! - moments[power - 1]! ** 2;
      expect(Math.abs(mean - moments[power - 1]!)).toBeLessThan(4 * Math.sqrt(variance / count));
    }
  });

  test.each([
    [0.5, 0.617075077451974],
    [1, 0.317310507862914],
    [2, 0.0455002638963584],
    [3, 0.0026997960632602],
    [4, 6.33424836662398e-5],
  ])("are beyond ±%s as often as they should, to within 4 standard errors", (bound, probability) => {
    const beyond = numbers.filter((x) => Math.abs(x) > bound).length;
    const error = Math.sqrt(count * probability * (1 - probability));
    expect(Math.abs(beyond - count * probability)).toBeLessThan(4 * error);
  });

  test("follow the normal distribution function: Kolmogorov and Smirnov's distance at the 0.1 % level", () => {
    let distance = 0;
    for (const [k, x] of numbers.entries()) {
      if (k % 50 === 0) distance = Math.max(distance, Math.abs((k + 0.5) / count - distribution(x)));
    }
    expect(distance).toBeLessThan(1.95 / Math.sqrt(count));
  });
});

/** Of the standard normal distribution, by Simpson's rule from 0. */
function distribution(x: number): number {
  const steps = 200;
  const density = (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(x);
  for (let k = 1; k < steps; k++) sum += (k % 2 === 1 ? 4 : 2) * density((x * k) / steps);
  return 0.5 + (sum * x) / (3 * steps);
}

describe("the initial network", () => {
  const config = runConfigSchema.parse({
    dataset: { kind: "yinyang" },
    duration: 30,
    network: { hidden: 40 },
    weights: { input_hidden: { mean: 1.5, sd: 0.5 } },
    epochs: 1,
    seed: 7,
  });
  const network = initialNetwork(config, 5, 3);

  test("has a recurrent hidden layer and a readout per class", () => {
    expect(network.populations.map(({ name, size, model }) => [name, size, model])).toEqual([
      ["hidden", 40, "lif"],
      ["output", 3, "li"],
    ]);
    expect(network.projections.map(({ from, to, weight }) => [from, to, weight.length])).toEqual([
      ["input", "hidden", 200],
      ["hidden", "hidden", 1600],
      ["hidden", "output", 120],
    ]);
  });

  test("has each projection's mean and sd, to within 4 standard errors", () => {
    const expected = [
      [1.5, 0.5],
      [0, 0.02],
      [0, 0.03],
    ] as const;
    for (const [k, { weight }] of network.projections.entries()) {
      const [mean, sd] = expected[k]!;
      const found = weight.reduce((sum, w) => sum + w, 0) / weight.length;
      const spread = Math.sqrt(weight.reduce((sum, w) => sum + (w - found) ** 2, 0) / (weight.length - 1));
      expect(Math.abs(found - mean)).toBeLessThan((4 * sd) / Math.sqrt(weight.length));
      expect(Math.abs(spread / sd - 1)).toBeLessThan(4 / Math.sqrt(2 * weight.length));
    }
  });

  test("without recurrence has no such projection, and the same input weights", () => {
    const feedForward = { ...config, network: { ...config.network, recurrent: false } };
    const { projections } = initialNetwork(feedForward, 5, 3);
    expect(projections).toHaveLength(2);
    expect(projections[0]!.weight).toEqual(network.projections[0]!.weight);
  });

  test("is the same bits for the same seed, on every engine", () => {
    const { projections } = initialNetwork(config, 5, 3);
    expect(projections.map(({ weight }) => weight)).toEqual(network.projections.map(({ weight }) => weight));
    expect([...projections[0]!.weight.subarray(0, 3), projections[2]!.weight[119]]).toEqual([
      2.107505807190927, 0.9180958226506069, 2.1798191511297578, -0.0353078708446306,
    ]);
    const other = initialNetwork({ ...config, seed: 8 }, 5, 3);
    expect(other.projections[0]!.weight[0]).not.toBe(projections[0]!.weight[0]);
  });
});
