/** Whatever a program hands over that is wrong, it is told in one line that names the argument. */
import { describe, expect, test } from "vitest";
import { buildNetwork, ConfigError, Ear, Engine, gradient, type Loss, simulate } from "../../src/index.ts";

const network = buildNetwork({
  inputChannels: 2,
  populations: [
    { name: "hidden", size: 2, tauMem: 20, tauSyn: 5 },
    { name: "output", size: 2, model: "li", tauMem: 20, tauSyn: 5 },
  ],
  projections: [
    { from: "input", to: "hidden", weight: [9, 2, 3, 8] },
    { from: "hidden", to: "output", weight: [1, -1, -1, 1] },
  ],
});
const input = { times: Float64Array.of(1, 4), sources: Int32Array.of(0, 1) };
const loss: Loss = { kind: "integral_cross_entropy", weighting: "exponential", target: 0 };
const options = { duration: 60, maxInputSpikes: 8 };

// biome-ignore lint/suspicious/noExplicitAny: what callers without types may do
type Any = any;

const engine = await Engine.create(network, options);

/** The one line that a call is refused with. */
async function complaint(call: () => unknown): Promise<string> {
  try {
    await call();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const { message } = error as Error;
    expect(message).not.toContain("\n");
    return message;
  }
  throw new Error("expected it to be refused");
}

/** Everything that takes a network, an input, a loss. */
const withInput: [string, (input: Any) => unknown][] = [
  ["gradient", (given) => gradient(network, given, 60, loss)],
  ["simulate", (given) => simulate(network, given, 60)],
  ["Engine.evaluate", (given) => engine.evaluate(given, loss)],
  ["Engine.accumulate", (given) => engine.accumulate(given, loss)],
  ["Engine.solve", (given) => engine.solve(given, loss)],
  ["Engine.trace", (given) => engine.trace(given, loss, Float64Array.of(3), { hidden: "all" })],
  ["Engine.time", (given) => engine.time(given, loss, { repetitions: 1, gradients: "all" })],
];
const withLoss: [string, (loss: Any) => unknown][] = [
  ["gradient", (given) => gradient(network, input, 60, given)],
  ["Engine.evaluate", (given) => engine.evaluate(input, given)],
  ["Engine.accumulate", (given) => engine.accumulate(input, given)],
  ["Engine.solve", (given) => engine.solve(input, given)],
  ["Engine.trace", (given) => engine.trace(input, given, Float64Array.of(3), { hidden: "all" })],
  ["Engine.time", (given) => engine.time(input, given, { repetitions: 1, gradients: "all" })],
];
const withNetwork: [string, (network: Any) => unknown][] = [
  ["gradient", (given) => gradient(given, input, 60, loss)],
  ["simulate", (given) => simulate(given, input, 60)],
  ["Engine.create", (given) => Engine.create(given, options)],
  ["Engine.setNetwork", (given) => engine.setNetwork(given)],
];

describe.each(withInput)("%s refuses an input", (_, call) => {
  test.each<[string, Any, string]>([
    ["null", null, "input: expected an object with times and sources, got null"],
    ["undefined", undefined, "input: expected an object with times and sources, got nothing"],
    [
      "times in a plain array",
      { ...input, times: [1, 4] },
      "input: times: expected a Float64Array, got [1, 4]",
    ],
    [
      "sources in a plain array",
      { ...input, sources: [0, 1] },
      "input: sources: expected an Int32Array, got [0, 1]",
    ],
    [
      "BigInt times",
      { ...input, times: BigInt64Array.of(1n, 4n) },
      "input: times: expected a Float64Array, got ",
    ],
    [
      "NaN",
      { ...input, times: Float64Array.of(1, NaN) },
      "input: times[1]: expected a time in [0, 60), got NaN",
    ],
    [
      "a time at the end",
      { ...input, times: Float64Array.of(1, 60) },
      "input: times[1]: expected a time in [0, 60), got 60",
    ],
    [
      "times out of order",
      { ...input, times: Float64Array.of(4, 1) },
      "input: times[1]: expected a time ≥ the one before, 4, got 1",
    ],
    [
      "a channel too many",
      { ...input, sources: Int32Array.of(0, 2) },
      "input: sources[1]: expected an integer from 0 to 1, got 2",
    ],
    [
      "fewer sources than times",
      { ...input, sources: Int32Array.of(0) },
      "input: sources: expected 2 sources, one for each time, got [0]",
    ],
  ])("of %s", async (_, given, expected) => {
    expect(await complaint(() => call(given))).toContain(expected);
  });
});

describe.each(withLoss)("%s refuses a loss", (_, call) => {
  test.each<[string, Any, string]>([
    ["null", null, "loss: expected an object, got null"],
    ["undefined", undefined, "loss: expected an object, got nothing"],
    ["another kind", { kind: "hinge" }, 'loss: kind: expected "integral_cross_entropy" or '],
    [
      "a label too high by one",
      { ...loss, target: 2 },
      'loss: target: expected an integer below 2, the size of "output", got 2',
    ],
    ["a label below 0", { ...loss, target: -1 }, "loss: target: expected an integer ≥ 0, got -1"],
    ["a BigInt label", { ...loss, target: 1n }, "loss: target: expected an integer ≥ 0, got 1"],
    [
      "a population that is no readout",
      { ...loss, population: "hidden" },
      'loss: population: expected "output" ("li"), got "hidden"',
    ],
    ["a key too many", { ...loss, wieghting: 1 }, "loss: wieghting: unknown key"],
    [
      "NaN",
      { kind: "first_spike", population: "hidden", tau0: NaN, tau1: 1, alpha: 1, target: 0 },
      "loss: tau0: expected a positive number, got NaN",
    ],
    [
      "a population without spikes",
      { kind: "linear", spikeTimes: { output: [] } },
      'loss: spike_times.output: expected "hidden" ("lif"), got "output"',
    ],
    [
      "NaN factors",
      { kind: "linear", spikeTimes: { hidden: [NaN] } },
      "loss: spike_times.hidden[0]: expected a finite number, got NaN",
    ],
    [
      "a voltage at time 0",
      { kind: "linear", voltages: [{ population: "output", neuron: 0, time: 0, factor: 1 }] },
      "loss: voltages[0].time: expected a time in (0, 60], got 0",
    ],
    [
      "a neuron too many",
      { kind: "linear", voltages: [{ population: "output", neuron: 2, time: 1, factor: 1 }] },
      'loss: voltages[0].neuron: expected an integer below 2, the size of "output", got 2',
    ],
  ])("of %s", async (_, given, expected) => {
    expect(await complaint(() => call(given))).toContain(expected);
  });
});

describe.each(withNetwork)("%s refuses a network", (_, call) => {
  const hidden = network.populations[0]!;
  const changed = (population: object) => ({
    ...network,
    populations: [{ ...hidden, ...population }, network.populations[1]],
  });
  const [first, second] = network.projections;
  test.each<[string, Any, string]>([
    ["null", null, "network: expected a network, got null"],
    [
      "a specification",
      { inputChannels: 2, populations: [{ name: "a", size: 1, tauMem: 1, tauSyn: 1 }], projections: [] },
      "network: populations[0].tauMem: expected a Float64Array, got 1",
    ],
    [
      "a plain array",
      changed({ bias: [0, 0] }),
      "network: populations[0].bias: expected a Float64Array, got [0, 0]",
    ],
    [
      "BigInts",
      changed({ bias: BigInt64Array.of(0n, 0n) }),
      "network: populations[0].bias: expected a Float64Array, got ",
    ],
    [
      "too few numbers",
      changed({ bias: Float64Array.of(0) }),
      "network: populations[0].bias: expected 2 numbers, got ",
    ],
    [
      "NaN",
      changed({ bias: Float64Array.of(0, NaN) }),
      "network: populations[0].bias[1]: expected a finite number, got NaN",
    ],
    [
      "a reset at the threshold",
      changed({ reset: Float64Array.of(0, 1) }),
      "network: populations[0].reset[1]: expected a number below the threshold 1",
    ],
    [
      "NaN weights",
      { ...network, projections: [{ ...first, weight: Float64Array.of(1, NaN, 2, 3) }, second] },
      "network: projections[0].weight[1]: expected a finite number, got NaN",
    ],
    [
      "missing weights",
      { ...network, projections: [{ ...first, weight: Float64Array.of(1) }, second] },
      "network: projections[0].weight: expected 4 numbers, [post][pre], got ",
    ],
    [
      "a target that there is not",
      { ...network, projections: [{ ...first, to: "nobody" }, second] },
      'network: projections[0].to: expected "hidden" or "output", got "nobody"',
    ],
    [
      "a negative delay",
      { ...network, projections: [{ ...first, delay: -1 }, second] },
      "network: projections[0].delay: expected a number ≥ 0, got -1",
    ],
    [
      "no list of populations",
      { ...network, populations: null },
      "network: populations: expected an array, got null",
    ],
  ])("of %s", async (_, given, expected) => {
    expect(await complaint(() => call(given))).toContain(expected);
  });
});

describe("options", () => {
  test.each<[string, () => unknown, string]>([
    ["null", () => Engine.create(network, null as Any), "options: expected an object, got null"],
    [
      "an unknown one",
      () => Engine.create(network, { ...options, precison: "f32" } as Any),
      "options: precison: unknown key (expected one of precision, ",
    ],
    [
      "of gradient",
      () => gradient(network, input, 60, loss, { maxEvent: 3 } as Any),
      "options: maxEvent: unknown key",
    ],
    [
      "of simulate",
      () => simulate(network, input, 60, { precision: "f16" } as Any),
      'options: precision: expected "f64" or "f32", got "f16"',
    ],
    [
      "of solve",
      () => engine.solve(input, loss, { closestGraze: 1 } as Any),
      "options: closestGraze: expected true or false, got 1",
    ],
    [
      "a duration of NaN",
      () => Engine.create(network, { ...options, duration: NaN }),
      "options: duration: expected a positive number, got NaN",
    ],
    [
      "a BigInt duration",
      () => Engine.create(network, { ...options, duration: 60n as Any }),
      "options: duration: expected a positive number, got 60",
    ],
    [
      "too small a budget",
      () => Engine.create(network, { ...options, maxEvents: 0 }),
      "options: maxEvents: expected an integer ≥ 1, got 0",
    ],
    [
      "of an ear",
      () => Ear.create({ chanels: 3 } as Any),
      "chanels: unknown option (expected one of channels, rate, transfer)",
    ],
    [
      "an ear's transfer",
      () => Ear.create({ transfer: "fast" as Any }),
      'transfer: expected "table" or "direct", got "fast"',
    ],
  ])("%s", async (_, call, expected) => {
    expect(await complaint(call)).toContain(expected);
  });
});

describe("the engine's parameters and gradients", () => {
  test.each<[string, () => unknown, string]>([
    ["a projection too many", () => engine.weight(2), "projection: expected an integer from 0 to 1, got 2"],
    ["a BigInt", () => engine.weight(1n as Any), "projection: expected an integer from 0 to 1, got 1n"],
    [
      "null for what is looked for",
      () => engine.simulation(null as Any),
      "options: expected an object, got null",
    ],
    [
      "null for how to time",
      () => engine.time(input, loss, null as Any),
      "options: expected an object, got null",
    ],
    [
      "no repetitions",
      () => engine.time(input, loss, { repetitions: 0, gradients: "all" }),
      "options: repetitions: expected an integer ≥ 1, got 0",
    ],
    ["a name", () => engine.weight("0" as Any), 'projection: expected an integer from 0 to 1, got "0"'],
    [
      "weights in a plain array",
      () => engine.setWeight(0, [1, 2, 3, 4] as Any),
      "network: projections[0].weight: expected a Float64Array, got [1, 2, 3, …]",
    ],
    [
      "too few weights",
      () => engine.setWeight(0, Float64Array.of(1)),
      "network: projections[0].weight: expected 4 numbers, [post][pre], got ",
    ],
    [
      "an infinite weight",
      () => engine.setWeight(1, Float64Array.of(1, 2, Infinity, 4)),
      "network: projections[1].weight[2]: expected a finite number, got Infinity",
    ],
    [
      "a tensor that there is not",
      () => engine.gradient("hidden.tau_mem"),
      'gradients: expected "projections[0].weight" or ',
    ],
    [
      "a threshold of readouts",
      () => engine.gradient("populations.output.threshold"),
      'got "populations.output.threshold"',
    ],
    [
      "a choice that is none",
      () => engine.accumulate(input, loss, "some" as Any),
      'gradients: expected "all", "weights" or names of tensors, got "some"',
    ],
    ["a name that there is not", () => engine.accumulate(input, loss, ["weight"]), 'got "weight"'],
    [
      "counts of readouts",
      () => engine.spikeCounts("output"),
      'population: expected the name of a lif population, got "output"',
    ],
    [
      "a trace at time 0",
      () => engine.trace(input, loss, Float64Array.of(0), { hidden: "all" }),
      "times: [0]: expected a time in (0, 60], got 0",
    ],
    [
      "a trace of nobody",
      () => engine.trace(input, loss, Float64Array.of(1), { nobody: "all" }),
      'neurons: nobody: expected the name of a population, got "nobody"',
    ],
    [
      "a trace of a neuron too many",
      () => engine.trace(input, loss, Float64Array.of(1), { hidden: [2] }),
      "neurons: hidden[0]: expected an integer from 0 to 1, got 2",
    ],
    [
      "a trace at plain times",
      () => engine.trace(input, loss, [1] as Any, { hidden: "all" }),
      "times: expected a Float64Array, got [1]",
    ],
    [
      "more places than there is room for",
      () => engine.trace(input, loss, new Float64Array(10000).fill(1), { hidden: "all" }),
      "neurons: expected at most maxReadings (16384) places in all, got 20000",
    ],
  ])("%s", async (_, call, expected) => {
    expect(await complaint(call)).toContain(expected);
  });
});

describe("buildNetwork refuses", () => {
  const good = { name: "a", size: 2, tauMem: 20, tauSyn: 5 };
  const build = (population: object, projection: object = { from: "input", to: "a", weight: [1, 2] }) =>
    buildNetwork({ inputChannels: 1, populations: [population], projections: [projection] } as Any);
  test.each<[string, () => unknown, string]>([
    [
      "null",
      () => buildNetwork(null as Any),
      "network: expected an object with the keys inputChannels, populations, projections, got null",
    ],
    ["an unknown key", () => build({ ...good, tau_mem: 3 }), 'got "tau_mem"'],
    [
      "a missing time constant",
      () => build({ name: "a", size: 2, tauMem: 20 }),
      "network: populations[0].tauSyn: expected a positive number or one per neuron, got nothing",
    ],
    [
      "a BigInt",
      () => build({ ...good, tauMem: 20n }),
      "network: populations[0].tauMem: expected a number or 2 numbers, got 20",
    ],
    [
      "BigInts",
      () => build({ ...good, tauMem: BigInt64Array.of(1n, 2n) }),
      "network: populations[0].tauMem[0]: expected a number, got 1",
    ],
    [
      "strings",
      () => build({ ...good, bias: ["0", "1"] }),
      'network: populations[0].bias[0]: expected a number, got "0"',
    ],
    [
      "a size of NaN",
      () => build({ ...good, size: NaN }),
      "network: populations[0].size: expected an integer from 1 to 1048576, got NaN",
    ],
    [
      "a population of null",
      () => build(null as Any),
      "network: populations[0]: expected an object with the keys name, size, ",
    ],
    [
      "weights of null",
      () => build(good, { from: "input", to: "a", weight: null }),
      "network: projections[0].weight: expected a number or 2 numbers, got null",
    ],
    [
      "a delay of NaN",
      () => build(good, { from: "input", to: "a", weight: [1, 2], delay: NaN }),
      "network: projections[0].delay: expected a number ≥ 0, got NaN",
    ],
  ])("%s", async (_, call, expected) => {
    expect(await complaint(call)).toContain(expected);
  });
});
