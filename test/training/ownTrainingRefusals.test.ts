/** What does not fit is refused in one line that names the argument. */
import { describe, expect, test } from "vitest";
import {
  configuredTraining,
  createTraining,
  drawNetwork,
  loadData,
  parseRunConfig,
  readShdFile,
  samplesOf,
  saveCheckpoint,
  type TrainingOptions,
  workerThreads,
  yinYang,
} from "../../src/training.ts";
import { refusalOf } from "../support/conformance/refusal.ts";
import {
  data,
  duration,
  points,
  settings,
  smallNetwork,
  smallTraining,
} from "../support/training/ownTrainings.ts";
import { tiny } from "../support/training/tinyTraining.ts";

/** The message of what a function refuses at once or in the end. */
function refusal(of: () => unknown): Promise<string> {
  return refusalOf((async () => of())());
}

const trial = { times: [1, 2], sources: [0, 4], label: 2 };
const limits = { channels: 5, classes: 3, duration };

test.each<[string, unknown, string]>([
  ["no array", null, "samples: expected an array of trials, got null"],
  ["no trial", [trial, null], "samples: [1].times: expected an array of numbers, got nothing"],
  [
    "a label counted from 1",
    [{ ...trial, label: 3 }],
    "samples: [0].label: expected an integer from 0 to 2, got 3",
  ],
  [
    "no label",
    [{ ...trial, label: undefined }],
    "samples: [0].label: expected an integer from 0 to 2, got nothing",
  ],
  [
    "a source counted from 1",
    [{ ...trial, sources: [1, 5] }],
    "samples: [0].sources[1]: expected an integer from 0 to 4, got 5",
  ],
  [
    "fewer sources",
    [{ ...trial, sources: [1] }],
    "samples: [0].sources: expected 2 sources, one for each time, got 1",
  ],
  [
    "a time that is no number",
    [{ ...trial, times: [1, NaN] }],
    "samples: [0].times[1]: expected a time in [0, 30), got NaN",
  ],
  [
    "a time at the end",
    [{ ...trial, times: [1, 30] }],
    "samples: [0].times[1]: expected a time in [0, 30), got 30",
  ],
  [
    "times that descend",
    [{ ...trial, times: [2, 1] }],
    "samples: [0].times[1]: expected a time ≥ the one before, 2, got 1",
  ],
])("samplesOf refuses %s", async (_, trials, expected) => {
  expect(await refusal(() => samplesOf(trials as never, limits))).toBe(expected);
});

test.each<[string, object, string]>([
  ["channels", { channels: 0 }, "samples: channels: expected an integer from 1 to 65536, got 0"],
  ["classes", { classes: undefined }, "samples: classes: expected an integer from 1 to 65536, got nothing"],
  ["duration", { duration: NaN }, "samples: duration: expected a positive number, got NaN"],
  [
    "sorce",
    { sorce: 1 },
    "samples: sorce: unknown option (expected one of channels, classes, duration, source), got 1",
  ],
])("samplesOf refuses the option %s", async (_, changes, expected) => {
  expect(await refusal(() => samplesOf([trial], { ...limits, ...changes }))).toBe(expected);
});

const weight = { mean: 0, sd: 1 };
const populations = [{ name: "hidden", size: 2, tauMem: 20, tauSyn: 5 }];
const between = (changes: object) => ({
  inputChannels: 2,
  populations,
  projections: [{ from: "input", to: "hidden", weight, ...changes }],
});

test.each<[string, object, object, string]>([
  [
    "a negative deviation",
    between({ weight: { mean: 0, sd: -1 } }),
    {},
    "network: projections[0].weight.sd: expected a number ≥ 0, got -1",
  ],
  [
    "a mean that is none",
    between({ weight: { mean: NaN, sd: 1 } }),
    {},
    "network: projections[0].weight.mean: expected a finite number, got NaN",
  ],
  [
    "another key",
    between({ weight: { mean: 0, sd: 1, max: 3 } }),
    {},
    'network: projections[0].weight.max: unknown key (expected one of mean, sd), got "max"',
  ],
  [
    "delays of no width",
    between({ delay: { min: 2, max: 2 } }),
    {},
    "network: projections[0].delay.max: expected a number above min, 2, got 2",
  ],
  [
    "too few weights",
    between({ weight: [1] }),
    {},
    'network: projections[0].weight: expected 4 numbers, got "1 numbers"',
  ],
  [
    "an unknown population",
    between({ to: "hiden" }),
    {},
    'network: projections[0].to: expected "hidden", got "hiden"',
  ],
  ["a seed", between({}), { seed: -1 }, "options: seed: expected an integer from 0 to 4294967295, got -1"],
])("drawNetwork refuses %s", async (_, specification, options, expected) => {
  expect(await refusal(() => drawNetwork(specification as never, options))).toBe(expected);
});

describe("createTraining refuses", () => {
  const bad = points.train.labels.map((label, k) => (k === 7 ? 3 : label));
  test.each<[string, object, string]>([
    ["an unknown option", { epoch: 3 }, "training: epoch: unknown key (expected one of "],
    [
      "a file's spelling",
      { batch_size: 3 },
      "training: batch_size: unknown key (programs spell it batchSize), got 3",
    ],
    [
      "a batch of none",
      { batchSize: 0 },
      "training: batchSize: expected an integer from 1 to 1048576, got 0",
    ],
    [
      "a learning rate",
      { optimizer: { learningRate: NaN } },
      "training: optimizer.learningRate: expected a finite number, got NaN",
    ],
    [
      "an unknown setting",
      { optimizer: { rate: 1 } },
      "training: optimizer.rate: unknown key (expected one of kind, learningRate, ",
    ],
    [
      "a loss without labels",
      { loss: { kind: "linear" } },
      'training: loss.kind: expected "integral_cross_entropy" or',
    ],
    ["no duration", { duration: undefined }, "training: duration: expected a finite number, got nothing"],
    ["no network", { network: null }, "network: expected a network, got null"],
    ["no data", { data: null }, "data: expected an object with train"],
    [
      "no training trials",
      { data: { train: samplesOf([], limits) } },
      'data: train: expected at least one trial, got "none"',
    ],
    [
      "trials of no kind",
      { data: { train: [trial] } },
      "data.train: expected samples, as samplesOf makes them, got ",
    ],
    [
      "a label beyond the output",
      { data: { train: { ...points.train, labels: bad } } },
      "data.train (yinyang seed 123): [7].label: expected an integer from 0 to 2, got 3",
    ],
    ["trials of another length", { duration: 20 }, "data.train (yinyang seed 123): [0].times["],
    [
      "too few names",
      { data: { ...data, classes: ["a", "b"] } },
      'data: classes: expected 3 names, one a neuron of "output", got ["a", "b"]',
    ],
    [
      "an output that spikes",
      { output: "hidden" },
      'training: output: expected a "li" population for integral_cross_entropy, got "hidden"',
    ],
    [
      "an unknown tensor",
      { train: ["hidden.weight"] },
      "training: train[0]: expected one of projections[0].weight, ",
    ],
    [
      "a tensor twice",
      { train: ["projections[0].weight", "projections[0].weight"] },
      "training: train[1]: expected every name once",
    ],
    [
      "one delay for all",
      { train: ["projections[0].delay"] },
      "training: train[0]: expected a delay a synapse in the network, not one for all",
    ],
    [
      "bounds of what is not trained",
      { bounds: { "populations.hidden.tau_mem": {} } },
      'training: bounds["populations.hidden.tau_mem"]: expected one of projections[0].weight',
    ],
    [
      "a group of what is not trained",
      { optimizer: { groups: { "projections[1].delay": {} } } },
      'training: optimizer.groups["projections[1].delay"]: expected one of',
    ],
    [
      "bounds that leave values out",
      { bounds: { "projections[0].weight": { max: -9 } } },
      'training: bounds["projections[0].weight"]: expected bounds around the values that the network has',
    ],
    [
      "a threshold at the reset",
      { train: ["populations.hidden.threshold"], bounds: { "populations.hidden.threshold": { min: 0 } } },
      'training: bounds["populations.hidden.threshold"].min: expected a number above 0, a reset or v0, got 0',
    ],
    [
      "a time constant of zero",
      { train: ["populations.hidden.tau_mem"], bounds: { "populations.hidden.tau_mem": { min: 0 } } },
      'training: bounds["populations.hidden.tau_mem"].min: expected a positive number, got 0',
    ],
    [
      "to draw weights again",
      { regularization: { silent: { policy: "redraw" } } },
      'training: regularization.silent.policy: expected "leave"',
    ],
    ["decisions without validation", { selection: { of: "validation" } }, 'selection.of: expected "train"'],
    ["threads by number", { threads: 2 }, "training: threads: expected oneThread or workerThreads(…), got 2"],
    [
      "channels that no delay line gives",
      { input: { delayLine: { copies: 1, step: 1 } } },
      "network: inputChannels: expected a multiple of 2, with the delay line",
    ],
  ])("%s", async (_, changes, expected) => {
    const options = { network: smallNetwork(), data, ...settings, ...changes } as TrainingOptions;
    expect(await refusal(() => createTraining(options))).toContain(expected);
  });

  test("nothing", async () => {
    expect(await refusal(() => createTraining(undefined as never))).toContain("training: expected an object");
  });

  test("trained delays that are all equal, which the kernel holds as one", async () => {
    const network = smallNetwork();
    (network.projections[1]!.delay as Float64Array).fill(2);
    expect(await refusal(() => smallTraining({ network, train: ["projections[1].delay"] }))).toContain(
      "network: projections[1].delay: expected delays that differ, as they are trained",
    );
  });
});

test("a training refuses trials that do not fit it, and files what is no training", async () => {
  const training = await smallTraining();
  const long = { times: Array.from({ length: 9 }, (_, k) => k), sources: new Array(9).fill(0), label: 0 };
  expect(await refusal(() => training.evaluate(samplesOf([long], limits)))).toBe(
    "samples: expected at most 5 spikes a trial; raise maxInputSpikes, got 9",
  );
  expect(await refusal(() => training.evaluate(undefined as never))).toContain("samples: expected samples");
  const roomy = await smallTraining({ maxInputSpikes: 9 });
  expect((await roomy.evaluate(samplesOf([long], limits))).score.trials).toBe(1);
  expect(await refusal(() => saveCheckpoint({} as never, "x"))).toContain(
    "training: expected what createTraining",
  );
});

test("configurations are checked as their files are", async () => {
  const config = parseRunConfig(tiny() as never);
  expect(await refusal(() => parseRunConfig({ ...tiny(), duraton: 3 } as never))).toContain(
    "configuration: duraton: unknown key",
  );
  expect(await refusal(() => configuredTraining(config, null as never))).toContain(
    "data: expected an object",
  );
  const shifted = { ...points, test: { ...points.test, sources: points.test.sources.map((k) => k + 1) } };
  expect(await refusal(() => configuredTraining(config, shifted))).toContain(
    "data.test (yinyang seed 456): [0].sources[",
  );
});

test.each<[string, () => unknown, string]>([
  [
    "a seed of another kind",
    () => drawNetwork(between({}) as never, { sed: 1 } as never),
    "options: sed: unknown key",
  ],
  [
    "no points",
    () => yinYang({ train: NaN, test: 1, trainSeed: 1, testSeed: 2, duration }),
    "options: train: expected an integer from 1",
  ],
  ["no threads", () => workerThreads(0), 'threads: expected "auto" or an integer ≥ 1, got 0'],
  ["a file without limits", () => readShdFile("x", null as never), "options: expected an object, got null"],
  [
    "channels that are none",
    () => readShdFile("x", { channels: 0, duration }),
    "options: channels: expected an integer from 1 to 65536, got 0",
  ],
  ["data of no configuration", () => loadData({} as never), "configuration: dataset: expected"],
  [
    "no configuration",
    () => configuredTraining(null as never, points),
    "configuration: expected an object, got null",
  ],
])("other functions refuse %s", async (_, of, expected) => {
  expect(await refusal(of)).toContain(expected);
});

test("a training does one thing at a time, none after it is closed, and knows its options", async () => {
  const training = await smallTraining({ threads: workerThreads(2) });
  const running = training.epoch();
  expect(await refusal(() => training.epoch())).toBe(
    'training: expected a training that is idle, got "one at work"',
  );
  await running;
  expect(await refusal(() => training.epoch({ onbatch() {} } as never))).toContain(
    "options: onbatch: unknown key",
  );
  expect(await refusal(() => training.epoch(null as never))).toContain(
    "options: expected an object, got null",
  );
  training.close();
  expect(await refusal(() => training.evaluate(points.test))).toBe(
    'training: expected a training that is idle, got "one closed"',
  );
  expect(training.network().projections.length).toBe(3);
});
