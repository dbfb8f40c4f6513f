/** Training and evaluating as a user does: a folder with everything about the run, and lines that programs can read. */
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { readCheckpoint } from "../../src/run/checkpoint.ts";
import { loadRunConfig } from "../../src/training/config/load.ts";
import { goldspike, type Run } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { finishedFiles } from "../support/training/runFolders.ts";
import { tiny, withValidation } from "../support/training/tinyTraining.ts";

const parent = temporaryFolder();
let first: Run;
const options = {
  get cwd() {
    return parent;
  },
};
const path = (...names: string[]) => join(parent, ...names);
const write = (name: string, changes: Record<string, unknown>) =>
  writeFile(path(name), stringify(tiny(changes)));

beforeAll(async () => {
  await write("tiny.yaml", withValidation);
  first = await goldspike(["train", "tiny.yaml"], options);
});

/** Lines of pairs name=value. */
function parsed(stdout: string): Record<string, string>[] {
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => {
      expect(line).toMatch(/^\w+=\S+( \w+=\S+)*$/);
      return Object.fromEntries(line.split(" ").map((pair) => pair.split("=") as [string, string]));
    });
}

const json = async (...names: string[]) => JSON.parse(await readFile(path(...names), "utf8"));

describe("train", () => {
  test("makes runs/NAME with everything about the run, and nothing else", async () => {
    expect(first.code).toBe(0);
    expect((await readdir(path("runs", "tiny"))).sort()).toEqual(finishedFiles);
    expect(await readFile(path("runs", "tiny", "report.html"), "utf8")).toMatch(/^<!doctype html>/i);
  });

  test("prints a line of pairs name=value per epoch, as metrics.jsonl has it", async () => {
    const lines = parsed(first.stdout);
    const metrics = (await readFile(path("runs", "tiny", "metrics.jsonl"), "utf8")).trimEnd().split("\n");
    expect(lines).toHaveLength(3);
    metrics
      .map((line) => JSON.parse(line))
      .forEach((record, k) => {
        const line = lines[k]!;
        expect(Number(line.epoch)).toBe(record.epoch);
        for (const part of ["train", "validation"]) {
          expect(Number(line[`${part}_loss`])).toBeCloseTo(record[part].loss, 3);
          expect(Number(line[`${part}_accuracy`])).toBeCloseTo(record[part].accuracy, 3);
        }
        expect(Number(line.hidden_spikes)).toBeCloseTo(record.hidden_spikes, 0);
        expect(line.silent_neurons).toBe(String(record.silent_neurons));
        expect(Number(line.learning_rate)).toBeCloseTo(record.learning_rate, 12);
        for (const name of ["seconds", "samples_per_second"])
          expect(Number(line[name])).toBeGreaterThanOrEqual(0);
      });
  });

  test("without a terminal writes words to stderr and no control characters", () => {
    expect(first.stderr).toMatch(/^training: 30 trials of yinyang seed 123, 150 spikes$/m);
    expect(first.stderr).toMatch(/^validation accuracy .* test accuracy .*; see runs\/tiny\/report\.html$/m);
    expect([...first.stderr, ...first.stdout].filter((letter) => letter < " " && letter !== "\n")).toEqual(
      [],
    );
  });

  test("writes the result of the best epoch by the accuracy that decides", async () => {
    const result = await json("runs", "tiny", "result.json");
    const accuracies = parsed(first.stdout).map((line) => Number(line.validation_accuracy));
    const best = accuracies.indexOf(Math.max(...accuracies));
    expect(result).toMatchObject({
      ended: "epochs",
      epochs: 3,
      selected: { epoch: best + 1, of: "validation" },
    });
    expect(result.validation.accuracy).toBeCloseTo(accuracies[best]!, 3);
    const { counts, classes } = result.confusion;
    expect(classes).toEqual(["yin", "yang", "dot"]);
    const right = classes.reduce((sum: number, _: string, k: number) => sum + counts[k][k], 0);
    expect(counts.flat().reduce((sum: number, count: number) => sum + count)).toBe(12);
    expect(result.test).toMatchObject({ trials: 12, accuracy: right / 12 });
    expect((await readCheckpoint(path("runs", "tiny", "best.safetensors"))).epoch).toBe(best + 1);
  });

  test("takes the next free name, and its config.yaml repeats the run", async () => {
    const config = path("runs", "tiny", "config.yaml");
    expect(await loadRunConfig(config)).toMatchObject(await loadRunConfig(path("tiny.yaml")));
    expect((await goldspike(["train", "tiny.yaml", "--epochs", "1"], options)).code).toBe(0);
    expect((await readdir(path("runs"))).sort()).toEqual(["tiny", "tiny-2"]);
    expect((await goldspike(["train", config, "-o", "again"], options)).code).toBe(0);
    for (const name of ["last.safetensors", "best.safetensors", "result.json"])
      expect(await readFile(path("again", name))).toEqual(await readFile(path("runs", "tiny", name)));
  });

  test("lets options take the place of the file's settings", async () => {
    const given = ["--epochs", "1", "--seed", "7", "--threads", "2", "--max-events", "999", "-o", "other"];
    expect((await goldspike(["train", "tiny.yaml", ...given], options)).code).toBe(0);
    const config = await loadRunConfig(path("other", "config.yaml"));
    expect(config).toMatchObject({ epochs: 1, seed: 7, threads: 2, max_events: 999 });
  });

  test.each([
    [
      "a folder with a run",
      "runs/tiny",
      /^error: runs\/tiny: .* got one with \S+; go on with it: goldspike resume runs\/tiny, or choose another folder$/,
    ],
    ["a file", "tiny.yaml", /^error: tiny\.yaml: cannot be written: it is not a folder$/],
    ["below a file", "tiny.yaml/run", /^error: tiny\.yaml\/run: cannot be written: \S/],
  ])("refuses %s before it reads data", async (_, output, message) => {
    const { code, stdout, stderr } = await goldspike(["train", "tiny.yaml", "-o", output], options);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.trimEnd()).toMatch(message);
  });

  test("names the file whose setting does not fit the data", async () => {
    await write("unfit.yaml", { selection: { of: "validation" } });
    const { code, stderr } = await goldspike(["train", "unfit.yaml", "-o", "unfit"], options);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^error: unfit\.yaml: selection\.of: expected "train", as the data set has no validation/,
    );
  });

  test("ends with exit code 1 and one line where a trial runs away, and --max-events decides when", async () => {
    const { code, stderr } = await goldspike(
      ["train", "tiny.yaml", "-o", "away", "--max-events", "3"],
      options,
    );
    expect(code).toBe(1);
    const errors = stderr.split("\n").filter((line) => /^error/.test(line));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/^error: epoch 1, batch 1, recording \d+ .* budget of 3 .*\(--max-events\)$/);
    expect((await goldspike(["resume", "away", "--max-events", "9999"], options)).code).toBe(0);
  });
});

describe("evaluate", () => {
  test("gives the accuracies of result.json again, as pairs or as JSON", async () => {
    const result = await json("runs", "tiny", "result.json");
    for (const part of ["validation", "test"]) {
      const plain = await goldspike(["evaluate", "runs/tiny", "--part", part], options);
      expect(plain.code).toBe(0);
      const { trials, loss, accuracy } = result[part];
      expect(parsed(plain.stdout)).toMatchObject([
        {
          part,
          epoch: String(result.selected.epoch),
          trials: String(trials),
          loss: loss.toFixed(4),
          accuracy: accuracy.toFixed(4),
        },
      ]);
    }
    const { stdout } = await goldspike(["evaluate", "runs/tiny", "--json"], options);
    const { test: score, confusion } = result;
    expect(JSON.parse(stdout)).toMatchObject({
      checkpoint: "best",
      epoch: result.selected.epoch,
      test: score,
      confusion,
    });
  });

  test("takes the newest checkpoint, and changes nothing", async () => {
    const before = (await stat(path("runs", "tiny"))).mtimeMs;
    const { stdout } = await goldspike(
      ["evaluate", "runs/tiny", "--checkpoint", "last", "--part", "validation"],
      options,
    );
    const last = parsed(first.stdout).at(-1)!;
    expect(parsed(stdout)[0]).toMatchObject({
      epoch: "3",
      loss: last.validation_loss,
      accuracy: last.validation_accuracy,
    });
    expect((await stat(path("runs", "tiny"))).mtimeMs).toBe(before);
  });

  test("says that there is no such part", async () => {
    await write("plain.yaml", { epochs: 1 });
    expect((await goldspike(["train", "plain.yaml", "-o", "plain"], options)).code).toBe(0);
    const { code, stderr } = await goldspike(["evaluate", "plain", "--part", "validation"], options);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: --part: expected a part that the data set has, got "validation"$/m);
  });
});
