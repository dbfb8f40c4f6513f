/** Cross-validation holds out every training trial once, and goes on where it was stopped. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { loadDataset } from "../../src/data/loadDataset.ts";
import { foldsOf } from "../../src/run/experiment.ts";
import { meanAndDeviation, wilsonInterval } from "../../src/training/confidence.ts";
import { checkRunConfig } from "../../src/training/config/check.ts";
import { loadRunConfig } from "../../src/training/config/load.ts";
import { goldspike, started } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { traces } from "../support/training/runFolders.ts";
import { hidden, tiny } from "../support/training/tinyTraining.ts";

const parent = temporaryFolder();
const options = {
  get cwd() {
    return parent;
  },
};
const path = (...names: string[]) => join(parent, ...names);
const fixtures = fileURLToPath(new URL("../fixtures", import.meta.url));
const shd = { kind: "shd", folder: fixtures, train: "shd.h5", test: "shd_names.h5.gz", channels: 5 };

beforeAll(async () => {
  const files = {
    "tiny.yaml": tiny(),
    "long.yaml": tiny({ epochs: 25 }),
    "speakers.yaml": tiny({ dataset: shd, duration: 1000, epochs: 1, network: hidden({}) }),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(path(name), stringify(content));
});

const xval = (...args: string[]) => goldspike(["xval", ...args], options);

/** The lines that sum up folds, as pairs; those of epochs start with the fold's name as well. */
function summaries(stdout: string): Record<string, string>[] {
  return stdout
    .trimEnd()
    .split("\n")
    .filter((line) => !line.includes(" epoch="))
    .map((line) => Object.fromEntries(line.split(" ").map((pair) => pair.split("=") as [string, string])));
}

describe("folds by chance", () => {
  test("hold out every trial once, in parts of equal size", async () => {
    const config = await loadRunConfig(path("tiny.yaml"));
    const folds = await foldsOf(config, 3, "tiny.yaml");
    expect(folds.map(({ name }) => name)).toEqual(["fold-0", "fold-1", "fold-2"]);
    const held = await Promise.all(folds.map(({ config: fold }) => loadDataset(fold)));
    expect(held.map(({ validation }) => validation!.labels.length)).toEqual([13, 13, 14]);
    const whole = await loadDataset(config);
    const times = held.flatMap(({ validation }) => [...validation!.times]);
    expect(times.sort()).toEqual([...whole.train.times].sort());
    for (const fold of folds) checkRunConfig(fold.config, "fold");
  });

  test("train in folders of their own, and their accuracies are summed up", async () => {
    const { code, stdout } = await xval("tiny.yaml", "--folds", "3", "-o", "folds");
    expect(code).toBe(0);
    expect((await readdir(path("folds"))).sort()).toEqual(["fold-0", "fold-1", "fold-2", "xval.json"]);
    const lines = summaries(stdout);
    expect(lines.map(({ fold }) => fold)).toEqual(["fold-0", "fold-1", "fold-2", undefined]);
    const epochs = stdout.split("\n").filter((line) => line.includes(" epoch="));
    expect(epochs).toHaveLength(9);
    for (const line of epochs) expect(line).toMatch(/^fold=fold-\d epoch=\d( \w+=\S+)+$/);

    const { accuracies, mean, deviation, interval } = JSON.parse(
      await readFile(path("folds", "xval.json"), "utf8"),
    );
    for (const [name, accuracy] of Object.entries<number>(accuracies)) {
      const result = JSON.parse(await readFile(path("folds", name, "result.json"), "utf8"));
      expect(accuracy).toBe(result.validation.accuracy);
      expect(lines.find(({ fold }) => fold === name)!.accuracy).toBe(accuracy.toFixed(4));
    }
    // Each of the 40 trials is held out once.
    expect(interval).toEqual(wilsonInterval(mean, 40));
    expect(lines.at(-1)).toEqual({
      mean: mean.toFixed(4),
      deviation: deviation.toFixed(4),
      interval: `${interval.low.toFixed(4)}-${interval.high.toFixed(4)}`,
    });
  });

  test("that are done are kept, and go on with more epochs", async () => {
    const again = await xval("tiny.yaml", "--folds", "3", "-o", "folds");
    expect(again.stdout).not.toContain("epoch=");
    // Not even their data are read again.
    expect(again.stderr).toBe("");
    const longer = await xval("tiny.yaml", "--folds", "3", "-o", "folds", "--epochs", "4");
    const epochs = longer.stdout.split("\n").filter((line) => line.includes(" epoch="));
    expect(epochs.map((line) => line.split(" ")[1])).toEqual(["epoch=4", "epoch=4", "epoch=4"]);
  });

  test("of other settings are refused", async () => {
    const { code, stdout, stderr } = await xval("tiny.yaml", "--folds", "3", "-o", "folds", "--seed", "2");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(
      /^error: tiny\.yaml: [\w.]*seed: expected 1 as in folds\/fold-0\/config\.yaml, got 2; other settings need another/,
    );
  });

  test("that have trained for longer are refused", async () => {
    const { code, stderr } = await xval("tiny.yaml", "--folds", "3", "-o", "folds", "--epochs", "2");
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: --epochs: expected at least the 4 epochs that are done, got 2$/m);
  });

  test("whose result is damaged get it again", async () => {
    const file = path("folds", "fold-1", "result.json");
    const whole = await readFile(file, "utf8");
    for (const damaged of [whole.slice(0, 40), "", "null", '{"validation":{}}']) {
      await writeFile(file, damaged);
      const { code, stdout } = await xval("tiny.yaml", "--folds", "3", "-o", "folds", "--epochs", "4");
      expect({ code, epochs: stdout.includes(" epoch=") }).toEqual({ code: 0, epochs: false });
      expect(await readFile(file, "utf8")).toBe(whole);
    }
  });

  test("go on after an interruption, and end as if there had been none", async () => {
    const whole = await xval("long.yaml", "--folds", "2", "-o", "whole");
    const run = started(["xval", "long.yaml", "--folds", "2", "-o", "stopped"], options);
    await run.until("fold=fold-1 epoch=1 ");
    run.kill("SIGINT");
    const { code, stderr } = await run.ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/^stopped in fold-1; the same command goes on$/m);
    const rest = await xval("long.yaml", "--folds", "2", "-o", "stopped");
    expect(rest.code).toBe(0);
    expect(summaries(rest.stdout)).toEqual(summaries(whole.stdout));
    for (const fold of ["fold-0", "fold-1"])
      expect(await traces(path("stopped", fold))).toEqual(await traces(path("whole", fold)));
  });
});

test("one fold for each speaker holds out the speaker's recordings", async () => {
  const { code, stdout } = await xval("speakers.yaml", "-o", "speakers");
  expect(code).toBe(0);
  const names = ["speaker-4", "speaker-5", "speaker-6"];
  expect((await readdir(path("speakers"))).sort()).toEqual([...names, "xval.json"]);
  expect(summaries(stdout).map(({ fold }) => fold)).toEqual([...names, undefined]);
  for (const name of names) {
    const { validation } = JSON.parse(await readFile(path("speakers", name, "result.json"), "utf8"));
    expect(validation.trials).toBe(1);
  }
});

describe("refused in one line, with nothing made:", () => {
  test.each([
    [
      ["tiny.yaml", "-o", "none"],
      /^error: --folds: expected a data set with several speakers, or a number, got /,
    ],
    [
      ["tiny.yaml", "--folds", "41", "-o", "none"],
      /^error: tiny\.yaml: split\.folds: expected at most dataset\.train, 40, got 41/,
    ],
    [["tiny.yaml", "-o", "tiny.yaml"], /^error: tiny\.yaml: cannot be written: it is not a folder/],
    [["tiny.yaml", "--folds", "1", "-o", "none"], /^error: option '--folds <folds>' argument '1' is invalid/],
    [["tiny.yaml"], /^error: required option '-o, --output <dir>' not specified/],
  ])("%j", async (args, message) => {
    const { code, stdout, stderr } = await xval(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(await readdir(parent)).not.toContain("none");
  });
});

test("the deviation is that of the population", () => {
  expect(meanAndDeviation([1, 2, 3, 4])).toEqual({ mean: 2.5, deviation: Math.sqrt(1.25) });
});
