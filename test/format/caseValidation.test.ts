/** A malformed case is refused in one line that names the path, what was expected and the value. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../src/base/errors.ts";
import { pathText } from "../../src/base/parseWith.ts";
import { parseCase } from "../../src/format/parseCase.ts";
import type { Case } from "../../src/model/case.ts";
import { type SmallCase, smallCase } from "../support/networks/smallCase.ts";

function messageFor(json: unknown): string {
  try {
    parseCase(json);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  throw new Error("the case was accepted");
}

function spoilt(spoil: (problem: SmallCase) => void): SmallCase {
  const problem = smallCase();
  spoil(problem);
  return problem;
}

const firstSpike = { kind: "first_spike", population: "hidden", tau0: 2, tau1: 6, alpha: 0.1, target: 0 };

describe("the complaint about", () => {
  test.each<[string, (problem: SmallCase) => void, string]>([
    [
      "another format version",
      (c) => (c.format = "goldspike/case@2"),
      'case: format: expected "goldspike/case@1", got "goldspike/case@2"',
    ],
    ["another time unit", (c) => (c.time_unit = "s"), 'case: time_unit: expected "ms", got "s"'],
    [
      "an unknown key",
      (c) => (c.populations[0]!.tau_ref = 2),
      "case: populations[0].tau_ref: unknown key (expected one of name, size, model, tau_mem, tau_syn, threshold, " +
        "reset, bias, v0, i0), got 2",
    ],
    [
      "a misspelt key, rather than the key that is missing",
      (c) => {
        delete c.loss.target;
        c.loss.tarqet = 1;
      },
      "case: loss.tarqet: unknown key (expected one of kind, weighting, target, population), got 1",
    ],
    [
      "a missing key",
      (c) => delete c.populations[1]!.tau_mem,
      "case: populations[1].tau_mem: expected a finite number or an array or {file, dtype, shape}, got nothing",
    ],
    ["a duration of zero", (c) => (c.duration = 0), "case: duration: expected a positive number, got 0"],
    [
      "a number that is infinite",
      (c) => (c.duration = Number.POSITIVE_INFINITY),
      "case: duration: expected a finite number, got Infinity",
    ],
    [
      "a number in an array that is not finite",
      (c) => (c.populations[0]!.bias = [0, Number.NaN]),
      "case: populations[0].bias[1]: expected a finite number, got NaN",
    ],
    [
      "a negative tau",
      (c) => (c.populations[0]!.tau_mem = [20, -5]),
      "case: populations[0].tau_mem[1]: expected a positive number, got -5",
    ],
    [
      "a tau of zero for a whole population",
      (c) => (c.populations[1]!.tau_syn = 0),
      "case: populations[1].tau_syn: expected a positive number, got 0",
    ],
    [
      "a time at the end of the trial",
      (c) => (c.input.times[3] = 60),
      "case: input.times[3]: expected a time in [0, 60), got 60",
    ],
    [
      "a time before the trial",
      (c) => (c.input.times[0] = -0.5),
      "case: input.times[0]: expected a time in [0, 60), got -0.5",
    ],
    [
      "a time out of order",
      (c) => (c.input.times[2] = 0.25),
      "case: input.times[2]: expected a time ≥ the one before, 0.5, got 0.25",
    ],
    [
      "a source that is no channel",
      (c) => (c.input.sources[1] = 3),
      "case: input.sources[1]: expected an integer from 0 to 2, got 3",
    ],
    [
      "fewer sources than times",
      (c) => c.input.sources.pop(),
      "case: input.sources: expected 4 sources, one for each time, got [0, 2, 1]",
    ],
    [
      "a size that is no integer",
      (c) => (c.populations[0]!.size = 1.5),
      "case: populations[0].size: expected an integer from 1 to 1048576, got 1.5",
    ],
    [
      "more synapses than fit, before their weights are looked at",
      (c) => {
        c.populations[0] = { name: "hidden", size: 10_000, model: "lif", tau_mem: 20, tau_syn: 5 };
        c.input.channels = 10_000;
      },
      "case: projections: expected at most 67108864 synapses in all (projections[0] has 100000000), got 200020000",
    ],
    [
      "too few rows of weights",
      (c) => (c.projections[0]!.weight = [[1, 2, 3]]),
      "case: projections[0].weight: expected 2 rows of 3 numbers, got [[…]]",
    ],
    [
      "a short row of weights",
      (c) =>
        (c.projections[0]!.weight = [
          [1, 2, 3],
          [4, 5],
        ]),
      "case: projections[0].weight[1]: expected an array of 3 numbers, got [4, 5]",
    ],
    [
      "a weight that is no number",
      (c) =>
        (c.projections[0]!.weight = [
          [1, 2, 3],
          [4, 5, "6"],
        ]),
      'case: projections[0].weight[1][2]: expected a finite number, got "6"',
    ],
    [
      "a threshold equal to the reset",
      (c) => (c.populations[0]!.reset = [0, 1]),
      "case: populations[0].reset[1]: expected a number below the threshold 1 of neuron 1, got 1",
    ],
    [
      "a neuron started at threshold",
      (c) => (c.populations[0]!.v0 = 1),
      "case: populations[0].v0: expected a number below the threshold 1 of neuron 0, got 1",
    ],
    [
      "a negative delay",
      (c) =>
        (c.projections[1]!.delay = [
          [1, 2],
          [-0.5, 3],
        ]),
      "case: projections[1].delay[1][0]: expected a number ≥ 0, got -0.5",
    ],
    [
      "a second population of a name",
      (c) => (c.populations[1]!.name = "hidden"),
      'case: populations[1].name: expected a name not used before, got "hidden"',
    ],
    [
      "a population with the input's name",
      (c) => (c.populations[0]!.name = "input"),
      'case: populations[0].name: expected a name other than "input" and "__proto__", got "input"',
    ],
    [
      "a projection to the input",
      (c) => (c.projections[0]!.to = "input"),
      'case: projections[0].to: expected "hidden" or "output", got "input"',
    ],
    [
      "a projection from nowhere",
      (c) => (c.projections[2]!.from = "hiden"),
      'case: projections[2].from: expected "input" or "hidden" or "output", got "hiden"',
    ],
    [
      "a target outside the population",
      (c) => (c.loss.target = 2),
      'case: loss.target: expected an integer below 2, the size of "output", got 2',
    ],
    [
      "a loss on a population of the wrong model",
      (c) => (c.loss = { ...firstSpike, population: "output" }),
      'case: loss.population: expected "hidden" ("lif"), got "output"',
    ],
    [
      "a loss that could mean several populations",
      (c) => c.populations.push({ ...c.populations[1], name: "other" }),
      'case: loss.population: expected "output" or "other" ("li"), got nothing',
    ],
    [
      "an unknown loss",
      (c) => (c.loss.kind = "hinge"),
      'case: loss.kind: expected "integral_cross_entropy" or "max_cross_entropy" or "average_cross_entropy" or ' +
        '"first_spike" or "spike_time_mse" or "linear" or "none", got "hinge"',
    ],
    [
      "a tau0 that is not positive",
      (c) => (c.loss = { ...firstSpike, tau0: 0 }),
      "case: loss.tau0: expected a positive number, got 0",
    ],
    [
      "target times of too few neurons",
      (c) => (c.loss = { kind: "spike_time_mse", population: "hidden", targets: [[3]] }),
      'case: loss.targets: expected 2 lists of times, one per neuron of "hidden", got [[…]]',
    ],
    [
      "target times out of order",
      (c) => (c.loss = { kind: "spike_time_mse", population: "hidden", targets: [[], [4, 3]] }),
      "case: loss.targets[1][1]: expected a time ≥ the one before, 4, got 3",
    ],
  ])("%s", (_, spoil, message) => {
    expect(messageFor(spoilt(spoil))).toBe(message);
  });
});

test("of a case with its expected values the path starts at the file's top", () => {
  const problem = spoilt((c) => (c.duration = -1));
  expect(messageFor({ case: problem, expected: {} })).toBe(
    "case: case.duration: expected a positive number, got -1",
  );
});

test("a valid case is taken with its defaults", () => {
  const { network, loss, input, note } = parseCase(smallCase());
  expect(note).toBe("free text");
  expect([...network.populations[0]!.tauMem]).toEqual([20, 21]);
  expect([...network.populations[1]!.threshold]).toEqual([1, 1]);
  expect([...network.projections[0]!.weight]).toEqual([3.2, 2.3, 2.9, 2.1, 3.4, 2.2]);
  expect(network.projections[2]!.delay).toBe(0);
  expect(loss).toEqual({ kind: "integral_cross_entropy", weighting: "exponential", target: 1 });
  expect([...input.sources]).toEqual([0, 2, 1, 0]);
  const spiking = parseCase(spoilt((c) => (c.loss = firstSpike)));
  expect(spiking.loss).toEqual({ ...firstSpike, penalty: "exponential" });
});

type Path = readonly (string | number)[];

/** The places of all values within a JSON value, itself included. */
function places(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...inner.flatMap(([key, entry]) => places(entry, [...path, key]))];
}

function replaced(value: unknown, path: Path, by: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
    string | number,
    unknown
  >;
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}

const anyPlace = fc.constantFrom(...places(smallCase()));

test("a field replaced by null is named", () => {
  fc.assert(
    fc.property(anyPlace, (path) => {
      const message = messageFor(replaced(smallCase(), path, null));
      expect(message).toContain(`case${path.length > 0 ? `: ${pathText(path)}` : ""}: expected `);
      expect(message.endsWith("got null")).toBe(true);
    }),
  );
});

const nonsense = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    true,
    "",
    "input",
    "__proto__",
    [],
    {},
    [[]],
    Number.NaN,
    -1,
    -0,
    0.5,
    1e308,
    5e-324,
  ),
  fc.constantFrom<unknown>(
    { file: "x", dtype: "<f8", shape: [2] },
    { file: "../x", dtype: "<f8", shape: [1e15] },
  ),
  fc.double(),
  fc.jsonValue(),
  fc.anything({
    withNullPrototype: true,
    withBigInt: true,
    withDate: true,
    withMap: true,
    withTypedArray: true,
  }),
);

function isFiniteCase({ duration, network, input }: Case): boolean {
  const { populations, projections } = network;
  const vectors = [
    ...populations.flatMap(({ tauMem, tauSyn, bias, v0, i0 }) => [tauMem, tauSyn, bias, v0, i0]),
    ...projections.flatMap(({ weight, delay }) => [weight, typeof delay === "number" ? [delay] : delay]),
    [duration],
    input.times,
  ];
  return vectors.every((values) => Array.from(values).every(Number.isFinite));
}

test("a field replaced by nonsense gives a ConfigError of one line, or the case was legal with it", () => {
  fc.assert(
    fc.property(anyPlace, nonsense, (path, value) => {
      let accepted: Case | undefined;
      try {
        accepted = parseCase(replaced(smallCase(), path, value));
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
        expect((error as ConfigError).message).toMatch(/^case: [^\n\r]+, got [^\n\r]+$/);
      }
      if (accepted !== undefined) expect(isFiniteCase(accepted)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test("large arrays are taken as they are", () => {
  const channels = 700;
  const size = 256;
  const problem = spoilt((c) => {
    c.input = {
      channels,
      times: Array.from({ length: 8000 }, (_, k) => k / 200),
      sources: new Array(8000).fill(0),
    };
    c.populations = [
      { name: "hidden", size, model: "lif", tau_mem: 20, tau_syn: 5 },
      { name: "output", size: 2, model: "li", tau_mem: 20, tau_syn: 5 },
    ];
    c.projections = [
      {
        from: "input",
        to: "hidden",
        weight: Array.from({ length: size }, () => new Array(channels).fill(0.1)),
      },
    ];
  });
  expect(parseCase(problem).network.projections[0]!.weight.length).toBe(size * channels);
});
