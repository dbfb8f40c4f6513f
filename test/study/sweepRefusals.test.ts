/** What `goldspike sweep` refuses: one line that names the place, the value and the way out, and exit code 2. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { goldspike } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { tiny, withValidation } from "../support/training/tinyTraining.ts";

const parent = temporaryFolder();
const base = tiny(withValidation);

async function refusal(settings: unknown, ...args: readonly string[]): Promise<string> {
  const text = typeof settings === "string" ? settings : stringify(settings);
  await writeFile(join(parent, "study.yaml"), text);
  const { code, stdout, stderr } = await goldspike(["sweep", "study.yaml", "-o", "out", ...args], {
    cwd: parent,
  });
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr.trimEnd()).not.toContain("\n");
  return stderr.trimEnd();
}

test.each<[string, Record<string, unknown>, RegExp]>([
  [
    "a path that no configuration has",
    { axes: { "network.hidden.0.sise": [4, 8] } },
    /^error: study\.yaml, network\.hidden\.0\.sise=4: network\.hidden\[0\]\.sise: unknown key \(expected one of size, .*, got 4$/,
  ],
  [
    "a path that no configuration has, to be taken away",
    { set: { "optimizer.learning_rat": null } },
    /^error: study\.yaml: set: optimizer\.learning_rat: expected a setting that a configuration may have, got null$/,
  ],
  [
    "the same on an axis",
    { axes: { "network.hidden.0.sise": [null] } },
    /^error: study\.yaml, network\.hidden\.0\.sise=null: network\.hidden\[0\]\.sise: expected a setting that a configuration may have, got null$/,
  ],
  [
    "the same of a variant",
    { axes: { line: { variants: { without: { "input.delay_lin": null }, with: { epochs: 2 } } } } },
    /^error: study\.yaml, line=without: input\.delay_lin: expected a setting that a configuration may have, got null$/,
  ],
  [
    "the same within one of several forms",
    {
      axes: {
        taus: {
          variants: {
            a: {
              "network.hidden.0.tau_mem": { distribution: "gamma", shape: 3, mean: 20, min: 3, max: 60 },
              "network.hidden.0.tau_mem.shap": null,
            },
          },
        },
      },
    },
    /^error: study\.yaml, taus=a: network\.hidden\[0\]\.tau_mem\.shap: expected a setting that a configuration may have, got null$/,
  ],
  [
    "a setting of an axis that an adjustment has as well",
    { axes: { batch_size: [16, 32] }, adjust: [{ when: { batch_size: 16 }, set: { batch_size: 64 } }] },
    /^error: study\.yaml: adjust\[0\]\.set\.batch_size: expected a setting that no axis has, got 64$/,
  ],
  [
    "a path through a number",
    { axes: { "duration.long": [1] } },
    /^error: study\.yaml, duration\.long=1: expected duration to have a "long", got 30 there$/,
  ],
  [
    "an axis without values",
    { axes: { batch_size: [] } },
    /^error: study\.yaml: axes\.batch_size: expected at least one value, got \[\]$/,
  ],
  [
    "a range without a count in a grid",
    { axes: { duration: { uniform: [1, 2] } } },
    /^error: study\.yaml: axes\.duration\.count: expected the number of values in a grid, got nothing$/,
  ],
  [
    "bounds the wrong way round",
    { axes: { duration: { uniform: [2, 1], count: 3 } } },
    /^error: study\.yaml: axes\.duration\.uniform: expected two numbers, the smaller one first, got \[2, 1\]$/,
  ],
  [
    "a logarithm of 0",
    { axes: { duration: { log_uniform: [0, 1], count: 3 } } },
    /^error: study\.yaml: axes\.duration\.log_uniform: expected positive numbers, got \[0, 1\]$/,
  ],
  [
    "two points of the same settings",
    { axes: { batch_size: [16, 32, 16] } },
    /^error: study\.yaml: expected points of different settings, got batch_size=16 seed=1 and batch_size=16 seed=1 with the same$/,
  ],
  [
    "seeds twice",
    { seeds: [3, 3] },
    /^error: study\.yaml: expected points of different settings, got seed=3 and seed=3 with the same$/,
  ],
  [
    "a condition about no axis",
    { axes: { batch_size: [16, 32] }, except: [{ batchsize: 16 }] },
    /^error: study\.yaml: except\[0\]\.batchsize: unknown axis \(expected one of batch_size\), got 16$/,
  ],
  [
    "conditions that leave nothing",
    { axes: { batch_size: [16, 32] }, except: [{ batch_size: [16, 32] }] },
    /^error: study\.yaml: except: expected conditions that leave a combination, got none left$/,
  ],
  [
    "a condition about a range that has no bounds",
    { axes: { duration: { uniform: [20, 30], count: 3 } }, except: [{ duration: { mim: 1 } }] },
    /^error: study\.yaml: except\[0\]\.duration: expected a number or \{ min, max \} that has a part of the axis \(20 to 30\), got an object with keys "mim"$/,
  ],
  [
    "a condition beyond a range",
    { axes: { duration: { uniform: [20, 30], count: 3 } }, except: [{ duration: { min: 31 } }] },
    /^error: study\.yaml: except\[0\]\.duration: expected a number or \{ min, max \} .*\(20 to 30\), got an object with keys "min"$/,
  ],
  [
    "two axes with the same setting",
    { axes: { batch_size: [8, 16], other: { variants: { x: { batch_size: 9 } } } } },
    /^error: study\.yaml: axes\.other: expected settings that no other axis has \(batch_size\), got "batch_size"$/,
  ],
  [
    "a value that is no number",
    { axes: { duration: [20, Number.NaN] } },
    /^error: study\.yaml: axes\.duration\[1\]: expected a finite number, got NaN$/,
  ],
  [
    "bounds too far apart",
    { axes: { duration: { uniform: [-1e308, 1e308], count: 3 } } },
    /^error: study\.yaml: axes\.duration\.uniform: expected two numbers whose difference is one, got /,
  ],
  [
    "more points than fit",
    {
      axes: { "optimizer.learning_rate": { log_uniform: [1e-4, 1], count: 100000 } },
      seeds: Array.from({ length: 10 }, (_, k) => k),
    },
    /^error: study\.yaml: expected at most 500000 combinations, seeds and folds, got 1000000$/,
  ],
  [
    "an unknown key",
    { axis: {} },
    /^error: study\.yaml: axis: unknown key \(expected one of base, set, axes, /,
  ],
  [
    "a base that is not there",
    { base: "nowhere.yaml" },
    /^error: .*nowhere\.yaml: cannot be read: no such file or folder$/,
  ],
  [
    "nothing that is held out",
    { base: { ...base, dataset: { kind: "shd", train: "a.h5" }, split: { kind: "official" } } },
    /^error: study\.yaml: split\.kind: expected one with a validation or a test part, by which points are compared, got "official"$/,
  ],
  [
    "speakers that nobody knows",
    { folds: "speakers" },
    /^error: study\.yaml: folds: expected a data set with several speakers, or a number, got .+$/,
  ],
])("%s", async (_, settings, line) => {
  expect(await refusal({ base, ...settings })).toMatch(line);
});

test("what is no YAML, and no folder", async () => {
  expect(await refusal("base: [")).toMatch(/^error: study\.yaml: not YAML: /);
  await writeFile(join(parent, "study.yaml"), stringify({ base }));
  const { code, stderr } = await goldspike(["sweep", "study.yaml"], { cwd: parent });
  expect([code, stderr]).toEqual([2, "error: -o: expected the folder of the study, got nothing\n"]);
});

test("the folder of another study, and one with other things", async () => {
  await writeFile(join(parent, "one.yaml"), stringify({ base, seeds: [1, 2] }));
  await writeFile(join(parent, "other.yaml"), stringify({ base, seeds: [1, 3] }));
  const prepare = (file: string, folder: string) =>
    goldspike(["sweep", "prepare", file, "-o", folder], { cwd: parent });
  expect((await prepare("one.yaml", "first")).code).toBe(0);
  expect(await prepare("other.yaml", "first")).toEqual({
    code: 2,
    stdout: "",
    stderr:
      "error: first/study.yaml: seeds[1]: expected 3 as in other.yaml, got 2; other studies need other folders (-o)\n",
  });
  await mkdir(join(parent, "taken"));
  await writeFile(join(parent, "taken", "letter.txt"), "");
  expect(await prepare("one.yaml", "taken")).toMatchObject({
    code: 2,
    stderr: "error: taken: expected an empty folder or that of this study, got one with letter.txt\n",
  });
});

test("a folder with the study's own file, or none at all: the file stays as it is", async () => {
  const text = `# mine\n${stringify({ base })}`;
  const folder = temporaryFolder();
  await writeFile(join(folder, "study.yaml"), text);
  for (const [output, line] of [
    [".", "error: .: expected an empty folder or that of this study, got one with study.yaml\n"],
    ["", "error: -o: expected the name of a folder, got nothing\n"],
  ] as const) {
    const { code, stderr } = await goldspike(["sweep", "prepare", "study.yaml", "-o", output], {
      cwd: folder,
    });
    expect([code, stderr]).toEqual([2, line]);
  }
  expect(await readFile(join(folder, "study.yaml"), "utf8")).toBe(text);
  expect(await readdir(folder)).toEqual(["study.yaml"]);
});

test("what a crash has left half written in a folder keeps no study from it", async () => {
  await writeFile(join(parent, "one.yaml"), stringify({ base }));
  await mkdir(join(parent, "begun"));
  await writeFile(join(parent, "begun", "study.yaml.0123456789ab.tmp"), "ba");
  const { code } = await goldspike(["sweep", "prepare", "one.yaml", "-o", "begun"], { cwd: parent });
  expect(code).toBe(0);
});

test.each(["status", "table", "work"])("%s of a folder without a study", async (command) => {
  const { code, stderr } = await goldspike(["sweep", command, "."], { cwd: temporaryFolder() });
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /^error: \.: expected the folder of a study, found no study\.yaml in it; make one with: .*\n$/,
  );
});
