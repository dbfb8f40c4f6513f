/** A suite that no backend can change, and that is refused where it is damaged. */
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { bundledSuite } from "../../../src/conformance/suite/suite.ts";
import { sumsOf, sumsText } from "../../oracle/suite/checksums.ts";
import { goldspike } from "../../support/command.ts";
import { engine, scriptBackends } from "../../support/conformance/scriptBackend.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

const folder = temporaryFolder();
const { backend, judge } = scriptBackends(folder);
const suite = join(folder, "suite");
const at = (name: string) => join(suite, name);

/** All files with their contents. */
async function contents(): Promise<Map<string, string>> {
  const files = await readdir(suite, { recursive: true, withFileTypes: true });
  const plain = files.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(plain.sort().map(async (path) => [path, await readFile(path, "base64")] as const)),
  );
}

async function fresh(): Promise<void> {
  await rm(suite, { recursive: true, force: true });
  await mkdir(suite);
  for (const name of ["smoke", "batch", "metamorphic", "SHA256SUMS"])
    await cp(join(bundledSuite, name), at(name), { recursive: true });
  // The list of a smaller suite.
  const lines = (await readFile(at("SHA256SUMS"), "utf8")).split("\n");
  const kept = lines.filter((line) => / {2}(smoke|batch|metamorphic)\//.test(line));
  await writeFile(at("SHA256SUMS"), `${kept.join("\n")}\n`);
}

test("the list names every file of the bundled suite with its SHA-256", async () => {
  const files: Record<string, Buffer> = {};
  for (const entry of await readdir(bundledSuite, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && entry.name !== "SHA256SUMS")
      files[path.slice(bundledSuite.length + 1)] = await readFile(path);
  }
  const sums = Object.entries(files).map(([path, bytes]) => [
    path,
    createHash("sha256").update(bytes).digest("hex"),
  ]);
  const list = await readFile(join(bundledSuite, "SHA256SUMS"), "utf8");
  expect(list).toBe(sumsText(new Map(sums as [string, string][])));
  expect(sumsOf("a/b", { c: "" })).toEqual(
    new Map([["a/b/c", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"]]),
  );
});

describe("a backend that changes the suite fails, and the suite is as before", () => {
  const spoil = (place: string, change: string) => `
import { mkdirSync, renameSync, rmSync } from "node:fs";
const place = ${JSON.stringify(join(folder, "suite"))} + "/${place}";
const result = answer();
${change}`;
  const golden = "smoke/recurrence/golden.json";
  test.each<[string, string, string]>([
    [
      "its own golden, to fit a wrong answer",
      golden,
      'write({ ...result, loss: 123 }); const g = JSON.parse(readFileSync(place, "utf8")); g.loss = 123; writeFileSync(place, JSON.stringify(g));',
    ],
    ["its own golden, with a right answer", golden, 'writeFileSync(place, "{}");'],
    ["another case's", "smoke/hidden-spikes/golden.json", "rmSync(place);"],
    ["a case", "smoke/recurrence/case.json", 'writeFileSync(place, "");'],
    ["a whole folder", "smoke/recurrence", "rmSync(place, { recursive: true });"],
    ["a folder in place of a file", golden, "rmSync(place); mkdirSync(place);"],
    [
      "a file in place of a folder",
      "smoke/recurrence",
      'rmSync(place, { recursive: true }); writeFileSync(place, "");',
    ],
    ["the list", "SHA256SUMS", 'writeFileSync(place, "");'],
    ["a case of a group that is not run", "batch/sum-over-batch/golden.json", "rmSync(place);"],
  ])("%s", async (_, place, change) => {
    await fresh();
    const before = await contents();
    const command = await backend(spoil(place, change));
    const run = await judge(command, "--suite", suite, "--case", "recurrence");
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(
      /suite\/.*: the command changed the suite; what stood there has been put back\n/,
    );
    if (place.startsWith("smoke/recurrence")) expect(run.stdout).toMatch(/^smoke\/recurrence +fail /m);
    expect(await contents()).toEqual(before);
  });

  test("and later cases are judged by what was there", async () => {
    await fresh();
    const script = spoil(
      "smoke",
      'for (const name of ["first-spikes", "hidden-spikes", "recurrence", "postsynaptic-potential"]) writeFileSync([place, name, "golden.json"].join("/"), "{}");',
    );
    const run = await judge(await backend(script), "--suite", suite, "--group", "smoke", "--jobs", "1");
    expect(run.stdout).toMatch(/^pass=0 fail=4 error=0 /m);
  });
});

describe("a damaged suite is refused by name", () => {
  beforeAll(fresh);
  const refused = async (what: RegExp) => {
    const { code, stdout, stderr } = await judge(
      engine,
      "--suite",
      suite,
      "--case",
      "postsynaptic-potential",
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(what);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    await fresh();
  };

  test("a digit of a golden", async () => {
    const path = at("smoke/recurrence/golden.json");
    await writeFile(path, (await readFile(path, "utf8")).replace("4.691730713784881", "4.691730713784882"));
    await refused(
      /smoke\/recurrence\/golden.json: the suite is damaged: its SHA-256 is not that of SHA256SUMS/,
    );
  });

  test("a file that is gone, and a case", async () => {
    await rm(at("batch/batch-of-one/batch.json"));
    await refused(/batch\/batch-of-one\/batch.json: the suite is damaged: no such file or folder/);
    await rename(at("smoke/recurrence"), at("smoke/recurrent"));
    await refused(/smoke\/recurrence\/case.json: the suite is damaged/);
  });

  test("a list that is none", async () => {
    await writeFile(at("SHA256SUMS"), "0123  smoke/recurrence/case.json\n");
    await refused(/SHA256SUMS: line 1: expected a SHA-256 and GROUP\/NAME\/FILE/);
    await writeFile(at("SHA256SUMS"), `${"0".repeat(64)}  smoke/../../etc\n`);
    await refused(/SHA256SUMS: line 1: expected a SHA-256 and GROUP\/NAME\/FILE/);
  });

  test("folders of one's own need not be listed, and an exported suite is protected too", async () => {
    await cp(at("smoke/recurrence"), at("core/own"), { recursive: true });
    const run = await judge(engine, "--suite", suite, "--group", "smoke");
    expect(run.code).toBe(0);
    const copy = join(folder, "exported");
    expect((await goldspike(["conform", "export", copy, "--suite", suite])).code).toBe(0);
    expect((await judge(engine, "--suite", copy, "--group", "smoke")).code).toBe(0);
    await writeFile(join(copy, "smoke/recurrence/case.json"), "");
    expect((await judge(engine, "--suite", copy, "--group", "smoke")).code).toBe(2);
  });
});

describe("without a list, each folder for itself", () => {
  const place = at("smoke/recurrence/golden.json");
  const changed = async (change: (golden: ReturnType<typeof JSON.parse>) => void) => {
    await fresh();
    await rm(at("SHA256SUMS"));
    const golden = JSON.parse(await readFile(place, "utf8"));
    change(golden);
    await writeFile(place, JSON.stringify(golden));
    return judge(engine, "--suite", suite, "--group", "smoke");
  };

  test.each<[string, (golden: ReturnType<typeof JSON.parse>) => void, string]>([
    ["a tensor", (g) => delete g.gradients.projections[1].weight, "gradients: projections[1].weight"],
    ["a projection", (g) => g.gradients.projections.pop(), "gradients: projections[2].weight"],
    [
      "a parameter",
      (g) => delete g.gradients.populations.hidden.tau_mem,
      "gradients: populations.hidden.tau_mem",
    ],
    ["all gradients", (g) => delete g.gradients, "gradients: projections[0].weight"],
    ["entries", (g) => g.gradients.spike_times.hidden.pop(), "gradients: spike_times.hidden: 7 of 8 numbers"],
    ["a raster", (g) => delete g.spikes.hidden, "spikes.hidden"],
    ["half a raster", (g) => g.spikes.hidden.neurons.pop(), "spikes.hidden.neurons: 7 of 8"],
    ["the loss", (g) => delete g.loss, "loss"],
    ["the readout", (g) => delete g.readout, "readout"],
    ["a sensitivity", (g) => delete g.sensitivities.gradients.input_times, "sensitivities: input_times"],
  ])("a golden that lost %s is noticed, and the others are judged", async (_, change, what) => {
    const run = await changed(change);
    expect(run.code).toBe(1);
    expect(run.stdout).toContain(`golden.json: the golden is damaged, this is missing: ${what}`);
    expect(run.stdout).toMatch(/^smoke\/recurrence +error /m);
    expect(run.stdout).toMatch(/^pass=3 fail=0 error=1 /m);
  });

  test("a golden that is none, and a folder without a case", async () => {
    await changed(() => {});
    await writeFile(place, "{");
    await rm(at("smoke/hidden-spikes/case.json"));
    const run = await judge(engine, "--suite", suite, "--group", "smoke");
    expect(run.stdout).toMatch(/^smoke\/recurrence +error .*golden.json: line 1/m);
    expect(run.stdout).toMatch(/^smoke\/hidden-spikes +error .*case.json/m);
    expect(run.stdout).toMatch(/^pass=2 fail=0 error=2 /m);
  });

  test.each(["smoke/recurrence", "batch/sum-over-batch"])("%s without golden.json", async (name) => {
    await changed(() => {});
    await rm(at(`${name}/golden.json`));
    const twin = [...engine.slice(0, -1), "twin", "--dt", "1"];
    const all = ["--suite", suite, "--group", name.split("/")[0]!, "--tensors", "weight"];
    const stepped = await judge(twin, ...all, "--class", "T4", "--dt", "1");
    expect(stepped.stdout).toMatch(new RegExp(`^${name} +pass`, "m"));
    expect(stepped.code).toBe(0);
    const same = await judge(engine, ...all, "--class", "T0");
    expect(same.stdout).toMatch(new RegExp(`^${name} +pass`, "m"));
    const exact = await judge(engine, ...all);
    expect(exact.stdout).toMatch(
      new RegExp(`^${name} +unsupported +class T2: there is no golden.json to compare with`, "m"),
    );
    expect(exact.stdout).toMatch(/ fail=0 error=0 /);
    const list = await goldspike(["conform", "list", "--suite", suite]);
    expect(list.stdout).toMatch(new RegExp(`^${name} +\\(nothing is known about it\\)( +\\[.*\\])?$`, "m"));
    const copy = join(folder, "copied");
    expect((await goldspike(["conform", "export", copy, "--suite", suite])).code).toBe(0);
  });
});
