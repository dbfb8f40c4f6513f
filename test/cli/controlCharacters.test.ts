/** Names that hold control characters reach neither a terminal nor a picture or report, wherever they come from. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { writeShdFile } from "../../src/data/shd/writeShdFile.ts";
import { goldspike } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { tiny } from "../support/training/tinyTraining.ts";

const folder = temporaryFolder();
const options = { cwd: folder };
/** A colour, a bell, an escape of eight bits, a deletion, a line turned around. */
const hostile = "\u001b[31ma\u0007\u009b2J\u007f\u202eb";
const inText = "\\u{1b}[31ma\\u{7}\\u{9b}2J\\u{7f}\\u{202e}b";
const harmful = /[^\P{Cc}\n\t]|\p{Cf}/u;

beforeAll(async () => {
  const spikes = Array.from({ length: 8 }, (_, k) => ({
    times: Float64Array.of(1 + k, 5 + k),
    channels: Uint16Array.of(0, 1),
  }));
  const labels = spikes.map((_, k) => k % 2);
  await writeShdFile(join(folder, "words.h5"), {
    ...{ labels, spikes, classes: [hostile, "other"], speakers: labels, speakerNames: [`${hostile}1`, "x"] },
  });
});

test.each<[string, string[]]>([
  ["a table", ["data", "info", "words.h5"]],
  ["JSON", ["data", "info", "words.h5", "--json"]],
  ["a missing file", ["data", "info", `${hostile}.h5`]],
  ["an argument", ["data", "info", "words.h5", `--${hostile}`]],
  ["a case", ["solve", "case.json"]],
  ["a key of a case", ["solve", "key.json"]],
  ["a key of a configuration", ["train", "key.yaml"]],
])("%s", async (_, args) => {
  await mkdir(join(folder, "runs"), { recursive: true });
  await writeFile(join(folder, "key.json"), JSON.stringify({ [hostile]: 1 }));
  await writeFile(join(folder, "key.yaml"), stringify({ [hostile]: 1 }));
  const text = await readFile(new URL("../../suite/smoke/recurrence/case.json", import.meta.url), "utf8");
  await writeFile(join(folder, "case.json"), JSON.stringify({ ...JSON.parse(text), name: hostile }));
  const run = await goldspike(args, options);
  expect(run.stdout + run.stderr).not.toMatch(harmful);
  expect(run.stdout + run.stderr).toMatch(/31ma/);
});

test("JSON says the same", async () => {
  const { stdout } = await goldspike(["data", "info", "words.h5", "--json"], options);
  expect(Object.keys(JSON.parse(stdout).classes)).toEqual([hostile, "other"]);
});

test("a picture and a run's lines and report show them as text", async () => {
  await goldspike(["data", "show", "words.h5", "0", "-o", "picture.svg"], options);
  const svg = await readFile(join(folder, "picture.svg"), "utf8");
  expect(svg).not.toMatch(harmful);
  expect(svg).toContain(inText);
  const dataset = { kind: "shd", folder: ".", train: "words.h5", test: "words.h5", channels: 2 };
  await writeFile(
    join(folder, "run.yaml"),
    stringify(tiny({ dataset, epochs: 1, split: { kind: "train_test" } })),
  );
  const run = await goldspike(["train", "run.yaml", "-o", "run"], options);
  expect([run.code, run.stderr.match(harmful)], run.stderr).toEqual([0, null]);
  const report = await readFile(join(folder, "run", "report.html"), "utf8");
  expect(report.match(harmful)).toBe(null);
  expect(report).toContain(inText);
});
