/** `goldspike evaluate --file`: a run's scores on other files, whose classes are matched by name. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { type ShdContent, writeShdFile } from "../../src/data/shd/writeShdFile.ts";
import { meanRecall, wilsonInterval } from "../../src/training/confidence.ts";
import { goldspike } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { tiny } from "../support/training/tinyTraining.ts";

const parent = temporaryFolder();
const options = { cwd: parent };
const classes = ["low", "middle", "high"];

/** Spikes of a recording lie in a third of the channels by its class, some of them elsewhere. */
function content(names: readonly string[], recordings: number, wrong: number): ShdContent {
  const all = Array.from({ length: recordings }, (_, k) => {
    const label = k % names.length;
    const third = classes.indexOf(names[k < wrong ? (label + 1) % names.length : label]!);
    const times = Float64Array.from({ length: 20 }, (__, n) => (1000 * (n + 1)) / 1024);
    const channels = Uint16Array.from({ length: 20 }, (__, n) => 4 * third + ((n + k) % 4));
    return { label, times, channels };
  });
  return {
    spikes: all.map(({ times, channels }) => ({ times, channels })),
    labels: all.map(({ label }) => label),
    classes: [...names],
  };
}

async function evaluate(...args: readonly string[]) {
  return goldspike(["evaluate", "run", ...args], options);
}

beforeAll(async () => {
  await writeShdFile(join(parent, "train.h5"), content(classes, 60, 0));
  const dataset = { kind: "shd", train: "train.h5", channels: 12 };
  const weights = { input_hidden: { mean: 0.5, sd: 0.5 }, hidden_output: { mean: 0, sd: 1 } };
  const config = tiny({
    dataset,
    network: { hidden: [{ size: 20, recurrent: false }], weights },
    epochs: 20,
  });
  await writeFile(join(parent, "config.yaml"), stringify(config));
  expect((await goldspike(["train", "config.yaml", "-o", "run"], options)).code).toBe(0);
});

test("a data set without a test part and without a validation part is scored on what it is trained with", async () => {
  const { stdout } = await evaluate("--part", "train");
  expect(stdout).toMatch(
    /^part=train epoch=\d+ trials=60 loss=\S+ accuracy=1\.0000 interval=0\.9398-1\.0000 mean_recall=1\.0000\n$/,
  );
  const { code, stderr } = await evaluate();
  expect(code).toBe(2);
  expect(stderr).toMatch(/error: --part: expected a part that the data set has, got "test"\n$/);
  expect((await goldspike(["verify", "run"], options)).code).toBe(0);
});

test("classes in another order, and some of them only, are found by their names", async () => {
  await writeShdFile(join(parent, "turned.h5.gz"), content(["high", "low", "middle"], 30, 6));
  const { stdout } = await evaluate("--file", "turned.h5.gz", "--json");
  const { file, test: score, confusion, interval, mean_recall } = JSON.parse(stdout);
  expect([file, score.trials, score.accuracy]).toEqual(["turned.h5.gz", 30, 0.8]);
  // Of each class ten recordings, two of them with the spikes of the next.
  expect(confusion.counts).toEqual([
    [8, 2, 0, 0],
    [0, 8, 2, 0],
    [2, 0, 8, 0],
  ]);
  expect(mean_recall).toBeCloseTo(0.8, 12);
  expect(interval).toEqual(wilsonInterval(0.8, 30));
  await writeShdFile(join(parent, "two.h5"), content(["high", "middle"], 10, 0));
  expect((await evaluate("--file", "two.h5")).stdout).toMatch(/^file=two\.h5 .* accuracy=1\.0000 /);
});

test("a class that the run does not know is one line", async () => {
  const other = { ...content(classes, 6, 0), classes: ["low", "shrill", "high"] };
  await writeShdFile(join(parent, "other.h5"), other);
  const { code, stderr } = await evaluate("--file", "other.h5");
  expect([code, stderr]).toEqual([
    2,
    'error: other.h5: recording 1: expected a class that the run has learned (low, middle, high), got "shrill"\n',
  ]);
  const missing = await evaluate("--file", "nowhere.h5");
  expect([missing.code, missing.stderr]).toEqual([
    2,
    "error: nowhere.h5: cannot be read: no such file or folder\n",
  ]);
});

/** Solutions of (p − x)² = z² x (1 − x)/n, found by halving. */
test.each([
  [0.5, 20],
  [1, 20],
  [0, 7],
  [0.85, 1778],
])("the interval of %d of %i trials has ends from which the share is 1.96 deviations away", (share, n) => {
  const z = 1.959963984540054;
  const distance = (x: number) => (share - x) ** 2 * n - z ** 2 * x * (1 - x);
  const root = (from: number, to: number) => {
    let [a, b] = [from, to];
    for (let k = 0; k < 100; k++) {
      const middle = (a + b) / 2;
      if (distance(middle) > 0 === distance(from) > 0) a = middle;
      else b = middle;
    }
    return a;
  };
  const { low, high } = wilsonInterval(share, n);
  expect(low).toBeCloseTo(share === 0 ? 0 : root(1e-15, share), 9);
  expect(high).toBeCloseTo(share === 1 ? 1 : root(1 - 1e-15, share), 9);
});

test("the mean recall counts every class alike, and leaves out those that do not occur", () => {
  expect(
    meanRecall([
      [90, 10, 0],
      [5, 5, 0],
      [0, 0, 0],
    ]),
  ).toBeCloseTo(0.7, 12);
});
