/** Losses linear in spike times, voltages and their integrals, of any neuron, on the page with the whole method. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { forward, linear, type Neuron, type Sample } from "../../examples/eventprop.ts";
import { gradientTensors } from "../../src/format/solutionResult.ts";
import type { Case } from "../../src/index.ts";
import { certifiedCases } from "../support/conformance/certifiedCases.ts";
import { along } from "../support/networks/along.ts";
import { sketch } from "../support/networks/build.ts";
import { answer, pageOf } from "../support/networks/page.ts";
import { holds } from "../support/networks/property.ts";

/** Looks at every neuron at each of the times, ascending. */
function looksAt(page: ReturnType<typeof pageOf>, times: readonly number[]): Sample[] {
  return times.flatMap((time) => page.layers.flat().map((neuron) => ({ neuron, time, v: 0, dV: 0 })));
}

/** All factors are any fixed numbers; of spikes by who sends them, since those of one instant may change places. */
function run(problem: Case, times: readonly number[]) {
  const page = pageOf(problem);
  const neurons = page.layers.flat();
  const samples = looksAt(page, times);
  const trial = forward(neurons, page.input, problem.duration, samples);
  const counts = new Map<unknown, number>();
  const a = trial.spikes.map(({ source }) => {
    const count = counts.get(source) ?? 0;
    counts.set(source, count + 1);
    return Math.sin(3 * neurons.indexOf(source as Neuron) + 7 * count + 1);
  });
  const c = samples.map((_, m) => Math.sin(5 * m + 2));
  let loss = linear(trial.spikes, a, samples, c);
  for (const [n, neuron] of neurons.entries()) {
    const g = Math.sin(11 * n + 3) / 10;
    neuron.pull = -g;
    loss += g * neuron.integral;
  }
  return { page, trial, loss };
}

test("the derivative of a random network's loss along a direction is a difference of losses", async () => {
  await holds({ kinds: ["none"], mostSpikes: 20 }, async ({ problem, pick }) => {
    const shares = [0.13, 0.37, 0.5, 0.71, 1];
    const times = shares.map((share) => (share - (pick % 89) / 1e4) * problem.duration);
    const { page, trial, loss } = run(problem, times);
    const tensors = gradientTensors(problem, answer(problem, page, trial, loss));
    let derivative = 0;
    for (const [name, rates] of along(problem, 0).direction)
      for (const [k, rate] of rates.entries()) derivative += rate * tensors.get(name)!.values[k]!;
    const lossAt = (step: number) => run(along(problem, step).problem, times).loss;
    const difference = (step: number) => (lossAt(step) - lossAt(-step)) / (2 * step);
    const [near, far] = [difference(1e-5), difference(2e-5)];
    const scale = Math.max(1, Math.abs(derivative));
    // Not where a step takes a spike past an arrival: the loss has a kink there.
    fc.pre(Math.abs(near - far) < 1e-6 * scale);
    expect(Math.abs((4 * near - far) / 3 - derivative)).toBeLessThanOrEqual(1e-8 * scale);
  });
});

test.each(certifiedCases)(
  "V of every neuron in the certified case $name",
  ({ problem, answer: { traces } }) => {
    const page = pageOf(problem);
    const samples = looksAt(page, [...traces!.times]);
    forward(page.layers.flat(), page.input, problem.duration, samples);
    const { populations } = problem.network;
    const certified = [...traces!.times].flatMap((_, m) =>
      populations.flatMap(({ name, size }) => [
        ...traces!.populations[name]!.v.values.subarray(m * size, (m + 1) * size),
      ]),
    );
    expect(samples.length).toBe(certified.length);
    certified.forEach((v, k) => {
      expect(Math.abs(samples[k]!.v - v)).toBeLessThanOrEqual(1e-12);
    });
  },
);

describe("at an event's own time V is the one before it", () => {
  const looking = (given: Case, time: number) => {
    const page = pageOf(given);
    const [sample] = looksAt(page, [time]);
    const trial = forward(page.layers.flat(), page.input, given.duration, [sample!]);
    linear([], [], [sample!], [1]);
    return { v: sample!.v, gradients: answer(given, page, trial, 0).gradients, spikes: trial.spikes };
  };

  test("of an arrival, which then does not count, and of the trial's end", () => {
    const given = sketch({
      duration: 20,
      input: [[5, 0]],
      populations: [{ name: "out", model: "li", v0: 0.5 }],
      projections: [{ from: "input", to: "out", weight: [[3]], delay: 1 }],
    });
    const { v, gradients } = looking(given, 6);
    expect(v).toBeCloseTo(0.5 * Math.exp(-6 / 20), 15);
    // `closeTo` takes −0 for 0.
    const none = [expect.closeTo(0, 15)];
    expect(Array.from(gradients.projections[0]!.weight)).toEqual(none);
    expect(Array.from(gradients.projections[0]!.delay)).toEqual(none);
    expect(Array.from(gradients.inputTimes)).toEqual(none);
    expect(Array.from(gradients.populations[0]!.v0)).toEqual([expect.closeTo(Math.exp(-6 / 20), 15)]);
    const end = looking(given, 20);
    const response = (5 / 15) * (Math.exp(-14 / 20) - Math.exp(-14 / 5));
    expect(end.v).toBeCloseTo(0.5 * Math.exp(-1) + 3 * response, 14);
    expect(end.gradients.projections[0]!.weight[0]).toBeCloseTo(response, 14);
  });

  test("of a spike, whose reset is still to come", () => {
    const given = sketch({ duration: 30, populations: [{ name: "cell", bias: 1.5, reset: -0.5 }] });
    const [time] = looking(given, 29).spikes.map((spike) => spike.time);
    expect(time).toBeCloseTo(20 * Math.log(3), 13);
    expect(looking(given, time!).v).toBeCloseTo(1, 14);
    expect(looking(given, time!).gradients.populations[0]!.reset![0]).toBe(0);
    expect(looking(given, time! + 1e-9).v).toBeCloseTo(-0.5, 8);
  });
});

test("V that has slope 0 at first and rises then is followed to its crossing", () => {
  // V = 1.5 (1 − e^(−t/20)) − 0.5 (e^(−t/20) − e^(−t/5)), which is 1 where 2 e^(−t/20) − 0.5 e^(−t/5) is 0.5.
  const given = sketch({ duration: 40, populations: [{ name: "cell", bias: 1.5, i0: -1.5 }] });
  const { trial } = run(given, []);
  expect(trial.spikes.length).toBe(1);
  const t = trial.spikes[0]!.time;
  expect(2 * Math.exp(-t / 20) - 0.5 * Math.exp(-t / 5)).toBeCloseTo(0.5, 14);
});

test("a network may be run again: its gradients add up", () => {
  const given = sketch({ duration: 30, populations: [{ name: "cell", bias: 1.5, v0: 0.2 }] });
  const page = pageOf(given);
  const totals = [1, 2].map(() => {
    const trial = forward(page.layers.flat(), page.input, given.duration);
    linear(trial.spikes, [1], [], []);
    return { ...answer(given, page, trial, 0).gradients.populations[0]! };
  });
  for (const name of ["tauMem", "threshold", "bias", "v0"] as const)
    expect(totals[1]![name]![0]).toBe(2 * totals[0]![name]![0]!);
});

test("a network that runs away is stopped with an error that says how far it came", () => {
  const given = sketch({
    populations: [{ name: "cell", bias: 1.5 }],
    projections: [{ from: "cell", to: "cell", weight: [[50]] }],
  });
  expect(() => run(given, [])).toThrow(/^more than 100,000 spikes before 2[2-9]\.\d+ of 50 ms$/);
});
