/** Training of a network of a program's own is that of the commands, and changes what it is told to. */
import { describe, expect, test } from "vitest";
import { gradient } from "../../src/index.ts";
import {
  configuredTraining,
  createTraining,
  drawNetwork,
  loadData,
  parseRunConfig,
  samplesOf,
  workerThreads,
} from "../../src/training.ts";
import {
  data,
  duration,
  points,
  settings,
  smallNetwork,
  smallTraining,
  tensorsOf,
} from "../support/training/ownTrainings.ts";
import { parametersOf, tiny, trainerOf } from "../support/training/tinyTraining.ts";

describe("the same network, trials and settings", () => {
  const weights = { input_hidden: { mean: 1.5, sd: 1.5 }, hidden_output: { mean: 0, sd: 1 } };
  const network = () =>
    drawNetwork(
      {
        inputChannels: 5,
        populations: [
          { name: "hidden", size: 8, tauMem: 20, tauSyn: 5 },
          { name: "output", size: 3, model: "li", tauMem: 20, tauSyn: 5 },
        ],
        projections: [
          { from: "input", to: "hidden", weight: weights.input_hidden },
          { from: "hidden", to: "output", weight: weights.hidden_output },
        ],
      },
      { seed: 7 },
    );
  const changes = {
    seed: 7,
    precision: "f32",
    regularization: { spike_count: { target: 2, upper: 1e-3, lower: 1e-3 }, dropout: 0.2 },
    augmentation: [{ kind: "jitter", sd: 0.5 }],
  };

  test("end with the same bits as a run of the commands", async () => {
    const trainer = await trainerOf(changes);
    const own = await createTraining({
      ...settings,
      network: network(),
      data,
      seed: 7,
      precision: "f32",
      regularization: { spikeCount: { target: 2, upper: 1e-3, lower: 1e-3 }, dropout: 0.2 },
      augmentation: [{ kind: "jitter", sd: 0.5 }],
    });
    for (let batch = 0; batch < 3; batch++) trainer.trainBatch();
    const record = await own.epoch();
    expect(record).toEqual(trainer.endEpoch(undefined));
    expect(tensorsOf(own)).toMatchObject(
      Object.fromEntries(Object.entries(parametersOf(trainer)).filter(([name]) => !/output\.thr/.test(name))),
    );
    expect(record!.train.trials).toBe(40);
  });

  test("and so does the training of a configuration", async () => {
    const trainer = await trainerOf(changes);
    const config = parseRunConfig(tiny(changes) as never);
    const training = await configuredTraining(config, await loadData(config));
    for (let batch = 0; batch < 3; batch++) trainer.trainBatch();
    expect(await training.epoch()).toEqual(trainer.endEpoch(undefined));
    const { outcomes } = await training.evaluate(points.test);
    expect(outcomes).toEqual((await trainer.evaluate(trainer.dataset.test!, "test"))!.outcomes);
  });
});

test("threads leave no trace in the bits", async () => {
  const [one, two] = [await smallTraining(), await smallTraining({ threads: workerThreads(2) })];
  try {
    expect(await two.epoch()).toEqual(await one.epoch());
    expect(tensorsOf(two)).toEqual(tensorsOf(one));
  } finally {
    two.close();
  }
});

test("the network that is given stays as it was; the one that comes out is a copy that everything takes", async () => {
  const network = smallNetwork();
  const train = ["projections[0].weight", "projections[1].delay", "populations.hidden.tau_mem"];
  const training = await smallTraining({ network, train });
  await training.epoch();
  expect(network).toEqual(smallNetwork());
  const trained = training.network();
  trained.projections[0]!.weight.fill(0);
  const { outcomes } = await training.evaluate(points.test);
  const { times, sources, offsets } = points.test;
  const [from, to] = [offsets[0]!, offsets[1]!];
  const input = {
    times: Float64Array.from(times.subarray(from, to)),
    sources: Int32Array.from(sources.subarray(from, to)),
  };
  const loss = {
    kind: "integral_cross_entropy",
    weighting: "uniform",
    target: points.test.labels[0]!,
  } as const;
  const solution = await gradient(training.network(), input, duration, loss);
  expect(solution.loss).toBe(outcomes[0]!.loss);
  expect(solution.readout).toEqual(outcomes[0]!.readout);
});

const every = [
  "projections[0].weight",
  "projections[1].weight",
  "projections[2].weight",
  "projections[1].delay",
  "populations.hidden.tau_mem",
  "populations.hidden.tau_syn",
  "populations.hidden.threshold",
  "populations.output.tau_mem",
  "populations.output.tau_syn",
];

test.each(every)("%s is trained alone where it is named alone, down the loss", async (name) => {
  const learningRate = /tau|delay/.test(name) ? 0.3 : 0.03;
  const training = await smallTraining({ train: [name], optimizer: { learningRate } });
  const before = tensorsOf(training);
  expect(training.trained).toEqual([name]);
  for (let epoch = 0; epoch < 8; epoch++) await training.epoch();
  const after = tensorsOf(training);
  expect(Object.keys(before).filter((key) => `${before[key]}` !== `${after[key]}`)).toEqual([name]);
  const losses = training.history.map(({ train }) => train.loss);
  expect(losses.at(-1)).toBeLessThan(losses[0]!);
});

test("every weight is trained unless something else is said, and nothing beside", async () => {
  const training = await smallTraining();
  expect(training.trained).toEqual(every.slice(0, 3));
});

test.each([
  ["projections[0].weight", { min: -0.5, max: 1.75 }],
  ["projections[1].delay", { min: 1, max: 4 }],
  ["populations.hidden.tau_mem", { min: 19.5, max: 20.25 }],
  ["populations.hidden.threshold", { min: 0.95, max: 1.01 }],
])("%s stays within its bounds, and comes to them", async (name, bounds) => {
  const network = smallNetwork();
  if (name === "projections[0].weight")
    network.projections[0]!.weight.forEach((w, k, all) => {
      all[k] = Math.max(bounds.min, Math.min(bounds.max, w));
    });
  const optimizer = { learningRate: 0.5 };
  const training = await smallTraining({ network, train: [name], bounds: { [name]: bounds }, optimizer });
  await training.epoch();
  const values = tensorsOf(training)[name]!;
  expect(Math.min(...values)).toBeGreaterThanOrEqual(bounds.min);
  expect(Math.max(...values)).toBeLessThanOrEqual(bounds.max);
  expect(values.some((value) => value === bounds.min || value === bounds.max)).toBe(true);
});

test("a group's rate factor is that of its tensor", async () => {
  const groups = {
    "projections[0].weight": { rateFactor: 1e-300 },
    "projections[2].weight": { epsilon: 1e300 },
  };
  const training = await smallTraining({ optimizer: { ...settings.optimizer, groups } });
  const before = tensorsOf(training);
  await training.epoch();
  const after = tensorsOf(training);
  const moved = every.filter((name) => `${before[name]}` !== `${after[name]}`);
  expect(moved).toEqual(["projections[1].weight"]);
});

test("a signal ends an epoch between batches, and the next call goes on", async () => {
  const [whole, parts] = [await smallTraining(), await smallTraining()];
  const stop = new AbortController();
  const onBatch = ({ batch }: { batch: number }) => batch === 2 && stop.abort();
  expect(await parts.epoch({ onBatch, signal: stop.signal })).toBe(undefined);
  expect(await parts.epoch()).toEqual(await whole.epoch());
  expect(tensorsOf(parts)).toEqual(tensorsOf(whole));
});

test("decisions: the best epoch, and when to stop", async () => {
  const training = await smallTraining({ epochs: 3, stopping: { atAccuracy: 1 } });
  expect([training.best.epoch, training.stopReason]).toEqual([0, undefined]);
  while (training.stopReason === undefined) await training.epoch();
  expect(training.stopReason).toBe("epochs");
  const accuracies = training.history.map(({ train }) => train.accuracy);
  expect(training.best).toEqual({
    epoch: 1 + accuracies.indexOf(Math.max(...accuracies)),
    accuracy: Math.max(...accuracies),
  });
});

test("spiking outputs learn by the times of their first spikes", async () => {
  const network = drawNetwork({
    inputChannels: 5,
    populations: [
      { name: "hidden", size: 12, tauMem: 20, tauSyn: 5 },
      { name: "answer", size: 3, tauMem: 20, tauSyn: 5 },
    ],
    projections: [
      { from: "input", to: "hidden", weight: { mean: 1.5, sd: 1 } },
      { from: "hidden", to: "answer", weight: { mean: 1, sd: 1 } },
    ],
  });
  const training = await smallTraining({
    network,
    loss: { kind: "first_spike" },
    optimizer: { learningRate: 0.05 },
  });
  for (let epoch = 0; epoch < 10; epoch++) await training.epoch();
  const losses = training.history.map(({ train }) => train.loss);
  expect(losses.at(-1)).toBeLessThan(0.8 * losses[0]!);
});

test("a delay line gives the network copies of every channel", async () => {
  const network = drawNetwork({
    inputChannels: 15,
    populations: [
      { name: "hidden", size: 8, tauMem: 20, tauSyn: 5 },
      { name: "output", size: 3, model: "li", tauMem: 20, tauSyn: 5 },
    ],
    projections: [
      { from: "input", to: "hidden", weight: { mean: 0.5, sd: 0.5 } },
      { from: "hidden", to: "output", weight: { mean: 0, sd: 1 } },
    ],
  });
  const training = await smallTraining({
    network,
    input: { timeStep: 1, delayLine: { copies: 2, step: 5 } },
  });
  expect((await training.epoch())!.train.trials).toBe(40);
});

describe("trials from arrays", () => {
  const limits = { channels: 5, classes: 3, duration };

  test("are those of the generator", () => {
    const { train } = points;
    const trials = Array.from(train.labels, (label, k) => ({
      times: train.times.subarray(train.offsets[k]!, train.offsets[k + 1]!),
      sources: [...train.sources.subarray(train.offsets[k]!, train.offsets[k + 1]!)],
      label,
    }));
    expect(samplesOf(trials, { ...limits, source: train.source })).toEqual(train);
  });

  test("may be silent", () => {
    expect(samplesOf([{ times: [], sources: [], label: 2 }], limits).offsets).toEqual(Uint32Array.of(0, 0));
  });
});
