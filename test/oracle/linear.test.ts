/** Losses linear in spike times and voltages: the oracle's values in closed form, its two ways to derivatives alike. */
import { describe, expect, test } from "vitest";
import type { Linear, Loss } from "../../src/model/losses.ts";
import { adjoint } from "../../src/oracle/simulate/adjoint.ts";
import { derivativeOf } from "../../src/oracle/simulate/derivative.ts";
import { allEntries } from "../../src/oracle/simulate/differences.ts";
import { keyOf } from "../../src/oracle/simulate/keys.ts";
import { voltageAt } from "../../src/oracle/simulate/linear.ts";
import { consult } from "./consult.ts";
import { lif, none, recurrent, single } from "./recipes/samples.ts";

const looking = (at: Omit<NonNullable<Linear["voltages"]>[number], "factor">[]): Linear => ({
  kind: "linear",
  voltages: at.map((place, k) => ({ ...place, factor: Math.sin(3 * k + 1) })),
});
const hidden = (neuron: number, time: number) => ({ population: "hidden", neuron, time });
const output = (neuron: number, time: number) => ({ population: "output", neuron, time });

const spikes = consult(recurrent(none, 0.5)).spikes.hidden!;
/** Any fixed numbers. */
const spikeTimes = { hidden: Array.from(spikes.times, (_, k) => Math.sin(5 * k + 2)) };

test("V of a neuron that is driven by its bias, before and after its reset", () => {
  // V = 1.5 + (V0 − 1.5) e^(−t/20) from V0 = 0 and then from the reset, crossing 1 at 20 ln 3.
  const cell = { ...lif, bias: 1.5, reset: -0.5 };
  const crossing = 20 * Math.log(3);
  for (const [time, expected] of [
    [10, 1.5 - 1.5 * Math.exp(-0.5)],
    [crossing * (1 - 1e-12), 1],
    [crossing * (1 + 1e-12), -0.5],
    [45, 1.5 - 2 * Math.exp((crossing - 45) / 20)],
  ] as const) {
    const loss: Loss = { kind: "linear", voltages: [{ population: "cell", neuron: 0, time, factor: 2 }] };
    expect(consult(single(cell, 0, loss)).loss).toBeCloseTo(2 * expected, 11);
  }
});

test("at the very time of an event, to the last digit, V is the one before it", () => {
  const loss = looking([hidden(0, 1)]);
  const { exact, trial } = consult(recurrent(loss, 0.5));
  const [time] = trial.spikes[0]!.times.filter((_, k) => trial.spikes[0]!.neurons[k] === 0);
  const at = (by: bigint) =>
    exact.math.toNumber(voltageAt(exact, trial, { population: 0, neuron: 0, time: time! + by }));
  expect(at(0n)).toBeCloseTo(1, 15);
  expect(at(1n)).toBeCloseTo(0, 15);
});

test("times of spikes, each with its factor", () => {
  const { loss } = consult(recurrent({ kind: "linear", spikeTimes }, 0.5));
  const sum = spikes.times.reduce((total, time, k) => total + spikeTimes.hidden[k]! * time, 0);
  expect(spikes.times.length).toBeGreaterThan(4);
  expect(loss).toBeCloseTo(sum, 12);
  const fewer = { hidden: spikeTimes.hidden.slice(1) };
  expect(() => consult(recurrent({ kind: "linear", spikeTimes: fewer }, 0.5))).toThrow(
    `hidden spikes ${spikes.times.length} times, and the loss has ${spikes.times.length - 1} factors`,
  );
});

describe("the pass backwards gives what differences give", () => {
  const places = [
    hidden(0, 3.5),
    hidden(1, 22.25),
    hidden(1, 22.25),
    hidden(0, 40),
    output(0, 22.25),
    output(1, 7.125),
    output(1, 31.5),
    output(1, 40),
  ];
  test.each<[string, Loss, number]>([
    ["spike times", { kind: "linear", spikeTimes }, 0.5],
    ["voltages of readouts", looking(places.slice(4)), 0.5],
    ["voltages of neurons that spike", looking(places.slice(0, 4)), 0.5],
    ["all of them, without delays", looking(places), 0],
    ["all of them, with spike times", { ...looking(places), spikeTimes }, 0.5],
    ["nothing", { kind: "linear" }, 0.5],
  ])("%s", (_, loss, delay) => {
    const { exact, trial, derivative } = consult(recurrent(loss, delay));
    const found = adjoint(exact, trial);
    const entries = allEntries(exact, trial);
    const values = entries.map((entry) => exact.math.toNumber(derivativeOf(exact, found, entry)));
    const largest = Math.max(...values.map(Math.abs));
    for (const [k, entry] of entries.entries())
      expect(Math.abs(values[k]! - derivative(entry)), keyOf(entry)).toBeLessThanOrEqual(1e-15 * largest);
    expect(largest > 0.1).toBe("spikeTimes" in loss || "voltages" in loss);
  });
});
