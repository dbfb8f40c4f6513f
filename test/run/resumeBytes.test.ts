/** A run on files that was killed leaves the very bytes of one that never was: settings and checkpoints. */
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { loadRunConfig } from "../../src/training/config/load.ts";
import { resolveRun } from "../../src/training/config/resolve.ts";
import { runConfigSchema } from "../../src/training/config/run.ts";
import { goldspike, started } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { hidden, tiny } from "../support/training/tinyTraining.ts";

const parent = temporaryFolder();
const options = {
  get cwd() {
    return parent;
  },
};
const path = (...names: string[]) => join(parent, ...names);
const fixtures = fileURLToPath(new URL("../fixtures", import.meta.url));

/** Every rule whose part is decided by the data, and a folder as a user writes it. */
const settings = tiny({
  dataset: { kind: "shd", folder: "data", train: "shd.h5", test: "shd_names.h5.gz", channels: 5 },
  duration: 1000,
  network: hidden({}),
  optimizer: { kind: "adam", plateau: { patience: 3 }, decay: 0.99 },
  stopping: { patience: 1000 },
  batch_size: 2,
  epochs: 60,
});

beforeAll(async () => {
  await mkdir(path("cfg"));
  await cp(fixtures, path("cfg", "data"), { recursive: true });
  await writeFile(path("cfg", "files.yaml"), stringify(settings));
});

test("config.yaml, last and best are the same to the last byte", async () => {
  expect((await goldspike(["train", "cfg/files.yaml", "-o", "whole"], options)).code).toBe(0);
  const run = started(["train", "cfg/files.yaml", "-o", "killed"], options);
  await run.until("epoch=2 ");
  run.kill("SIGKILL");
  expect((await run.ended).signal).toBe("SIGKILL");
  expect((await goldspike(["resume", "killed"], options)).code).toBe(0);
  for (const name of ["config.yaml", "last.safetensors", "best.safetensors"])
    expect((await readFile(path("killed", name))).equals(await readFile(path("whole", name)))).toBe(true);
});

test("the data set's folder is absolute wherever it comes from", async () => {
  const file = path("cfg", "files.yaml");
  const folderOf = async (data?: string) => {
    const { dataset } = await loadRunConfig(file, { data });
    return dataset.kind === "shd" && dataset.folder;
  };
  expect(await folderOf()).toBe(path("cfg", "data"));
  expect(await folderOf("elsewhere")).toBe(resolve("elsewhere"));
});

test.each([true, false])(
  "a resolved configuration is written and read in the same order (%s)",
  (validated) => {
    const config = resolveRun(runConfigSchema.parse(settings), validated);
    const read = resolveRun(runConfigSchema.parse(parse(stringify(config))), validated);
    expect(stringify(read)).toBe(stringify(config));
  },
);

test("several YAML documents are refused in one clear line", async () => {
  await writeFile(path("two.yaml"), `${stringify(settings)}---\nepochs: 3\n`);
  await expect(loadRunConfig(path("two.yaml"))).rejects.toThrow(
    /two\.yaml: expected one YAML document, got several; keep one/,
  );
});
