/** Training learns, gives the same bits again, and stops with the place named when a trial cannot be run. */
import { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { ConfigError, KernelError } from "../src/errors.ts";
import { randomStream, stream } from "../src/random.ts";
import { batches } from "../src/training/batches.ts";
import { type RunConfig, runConfigSchema } from "../src/training/config.ts";
import { loadDataset } from "../src/training/loadDataset.ts";
import { progress } from "../src/training/progress.ts";
import { type EpochRecord, type Standing, type Trained, train } from "../src/training/train.ts";

const small = {
  dataset: { kind: "yinyang", train: 800, test: 300 },
  duration: 30,
  network: { hidden: 40, recurrent: false },
  weights: { input_hidden: { mean: 1.5, sd: 1.5 }, hidden_output: { sd: 1 } },
  loss: { kind: "integral_cross_entropy", weighting: "uniform" },
  optimizer: { kind: "adam", learning_rate: 0.02, beta2: 0.99 },
  epochs: 3,
  precision: "f64",
};

async function run(changes: object = {}): Promise<Trained> {
  const config = runConfigSchema.parse({ ...small, ...changes });
  return train(config, await loadDataset(config));
}

/** The history without what depends on the machine. */
function results({ history }: Trained): Omit<EpochRecord, "trainSeconds" | "testSeconds">[] {
  return history.map(({ trainSeconds, testSeconds, ...rest }) => rest);
}

describe("a small run", () => {
  test("learns far beyond chance, and its loss falls", async () => {
    const { history } = await run({ epochs: 8, dataset: { ...small.dataset, train: 1600 } });
    expect(history).toHaveLength(8);
    expect(history[7]!.testAccuracy).toBeGreaterThan(0.8);
    expect(history[7]!.testLoss).toBeLessThan(0.6 * history[0]!.testLoss);
  });

  test.each(["f64", "f32"])("gives the same bits again in %s", async (precision) => {
    const changes = { precision, epochs: 2, network: { hidden: 20, recurrent: true } };
    const [once, again] = [await run(changes), await run(changes)];
    expect(results(again)).toEqual(results(once));
    const weights = ({ engine }: Trained) => engine.projections.map(({ weight }) => [...weight]);
    expect(weights(again)).toEqual(weights(once));
  });

  test("depends on the seed", async () => {
    const [one, other] = [await run({ epochs: 1 }), await run({ epochs: 1, seed: 2 })];
    expect(results(other)).not.toEqual(results(one));
  });

  test("ends when the accuracy asked for is reached", async () => {
    const { history } = await run({ epochs: 50, stop_at_accuracy: 0.6 });
    expect(history.length).toBeLessThan(50);
    expect(history.at(-1)!.testAccuracy).toBeGreaterThanOrEqual(0.6);
    for (const { testAccuracy } of history.slice(0, -1)) expect(testAccuracy).toBeLessThan(0.6);
  });

  test("lowers the learning rate after every epoch", async () => {
    const { history } = await run({ optimizer: { ...small.optimizer, decay: 0.5 } });
    expect(history.map(({ learningRate }) => learningRate)).toEqual([0.02, 0.01, 0.005]);
  });
});

test("a trial that uses up its budget stops the run, with epoch, batch and recording named", async () => {
  const changes = { network: { hidden: 40 }, weights: { ...small.weights, hidden_hidden: { mean: 50 } } };
  const failed = run(changes);
  await expect(failed).rejects.toThrow(KernelError);
  await expect(failed).rejects.toThrow(
    /^epoch 1, batch 1, recording \d+ of yinyang seed 123 \(label \d\): the trial used up its budget/,
  );
});

test("batches are every trial once, in another order every time", () => {
  const random = randomStream(3, stream.order);
  const once = batches(100, 32, random);
  expect(once.map(({ length }) => length)).toEqual([32, 32, 32, 4]);
  const order = once.flatMap((batch) => [...batch]);
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, k) => k));
  expect(batches(100, 32, random).flatMap((batch) => [...batch])).not.toEqual(order);
});

describe("two files", () => {
  const folder = fileURLToPath(new URL("fixtures", import.meta.url));
  const load = (trainFile: string, testFile: string) => {
    const dataset = { kind: "shd", folder, train: trainFile, test: testFile, channels: 5 };
    return loadDataset(runConfigSchema.parse({ ...small, dataset }) as RunConfig);
  };

  test("make a data set; without names, classes are numbered", async () => {
    const { classes, channels, train: samples } = await load("shd.h5", "shd_f64_big_endian.h5.gz");
    expect([classes, channels, samples.labels.length]).toEqual([["eins", "zwei"], 5, 3]);
    expect((await load("shd_f32.h5.gz", "shd_f32.h5.gz")).classes).toEqual(["0", "1"]);
  });

  test("must agree in their classes", async () => {
    const failed = load("shd_f32.h5.gz", "shd.h5");
    await expect(failed).rejects.toThrow(ConfigError);
    await expect(failed).rejects.toThrow(
      /shd\.h5: \/extra\/keys: expected the classes of .*shd_f32\.h5\.gz$/,
    );
  });
});

describe("progress", () => {
  const record = (epoch: number): EpochRecord => ({
    epoch,
    learningRate: 0.01,
    trainLoss: 0.5,
    trainAccuracy: 0.75,
    testLoss: 0.625,
    testAccuracy: 0.7,
    hiddenSpikes: 12.34,
    trainSeconds: 2,
    testSeconds: 0.5,
  });
  const standing: Standing = { epoch: 1, part: "train", trials: 64, loss: 1, accuracy: 0.5 };

  function shown(isTTY: boolean): { lines: string; terminal: string } {
    const written = { lines: "", terminal: "" };
    const into = (name: keyof typeof written) =>
      new Writable({
        write(chunk, _, done) {
          written[name] += String(chunk);
          done();
        },
      });
    const terminal = Object.assign(into("terminal"), { isTTY, columns: 100, cursorTo() {}, clearLine() {} });
    const sizes = { epochs: 2, batchSize: 32, train: 800, test: 100 };
    const listener = progress({ ...sizes, output: into("lines"), terminal: terminal as never });
    listener.standing!(standing);
    listener.epoch!(record(1));
    listener.stop();
    return written;
  }

  test("in a pipe is one line per epoch of pairs name=value, and nothing else", () => {
    const { lines, terminal } = shown(false);
    expect(terminal).toBe("");
    expect(lines).toBe(
      "epoch=1 train_loss=0.5000 train_accuracy=0.7500 test_loss=0.6250 test_accuracy=0.7000 " +
        "hidden_spikes=12.3 seconds=2.5 samples_per_second=400\n",
    );
  });

  test("on a terminal is a bar as well, with epoch, batch, loss, accuracy, speed and time left", () => {
    const { lines, terminal } = shown(true);
    expect(lines).toMatch(/^epoch=1 .*\n$/);
    expect(terminal).toMatch(/epoch 1\/2 batch 2\/25 \[.+\] loss 1\.000 acc 50\.0% \d+\/s \d+:\d\d left/);
  });
});
