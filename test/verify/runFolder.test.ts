/** Damage in any file of a run is found and named, and what a crash may leave is no damage. */
import { execFileSync } from "node:child_process";
import { cp, mkdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, join } from "node:path";
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { stringify } from "yaml";
import { replaceFile } from "../../src/base/files.ts";
import { RunFolder } from "../../src/run/runFolder.ts";
import { type Finding, isFlaw } from "../../src/verify/finding.ts";
import { verify } from "../../src/verify/verify.ts";
import { goldspike } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { trainIn } from "../support/training/runFolders.ts";
import { everyState, resolved, tiny, withValidation } from "../support/training/tinyTraining.ts";

const parent = temporaryFolder();
const trained = join(parent, "run");
const files = [
  "config.yaml",
  "last.safetensors",
  "previous.safetensors",
  "best.safetensors",
  "metrics.jsonl",
  "result.json",
  "report.html",
];

beforeAll(async () => {
  const config = join(parent, "tiny.yaml");
  await writeFile(config, stringify(tiny(withValidation)));
  expect((await goldspike(["train", config, "-o", trained])).code).toBe(0);
});

let run: string;
beforeEach(async () => {
  run = join(temporaryFolder(onTestFinished), "run");
  await cp(trained, run, { recursive: true });
});

async function findings(path = run): Promise<Finding[]> {
  const all: Finding[] = [];
  for await (const finding of (await verify(path)).findings) all.push(finding);
  return all;
}

/** `damaged last.safetensors: why` */
async function flaws(path = run): Promise<string[]> {
  const some = (await findings(path)).filter(isFlaw);
  return some.map((finding) => `${finding.state} ${basename(finding.path)}: ${finding.message}`);
}

const states = async (path = run) =>
  Object.fromEntries((await findings(path)).map((finding) => [basename(finding.path), finding.state]));

const edit = async (file: string, from: string | RegExp, to: string) => {
  const text = await readFile(join(run, file), "utf8");
  expect(text).toMatch(from);
  await writeFile(join(run, file), text.replace(from, to));
};

describe("whole", () => {
  test("is a run that has ended", async () => {
    expect(await states()).toEqual(Object.fromEntries(files.map((file) => [file, "ok"])));
  });

  test.each([
    ["with every kind of state", everyState],
    ["of first spikes", { loss: { kind: "first_spike" } }],
    ["without validation", {}],
  ])("is a run %s, whether it is between epochs or within one", async (_, changes) => {
    await rm(run, { recursive: true });
    await trainIn(run, { ...changes, epochs: 2 });
    expect(await flaws()).toEqual([]);
    const stop = new AbortController();
    await trainIn(
      run,
      { ...changes, epochs: 4 },
      { resume: true, signal: stop.signal, listener: { onBatch: () => stop.abort() } },
    );
    expect(await flaws()).toEqual([]);
    expect(await states()).toMatchObject({ "result.json": "not_yet", "report.html": "not_yet" });
  });

  test("is a run that has just begun", async () => {
    await rm(run, { recursive: true });
    const folder = await RunFolder.create(run, resolved());
    await folder.close();
    expect(await flaws()).toEqual([]);
    expect(await states()).toMatchObject({ "config.yaml": "ok", "last.safetensors": "not_yet" });
  });
});

/** Bytes at places that a seed draws, so that each damage is the same in every run of the tests. */
function places(count: number, size: number): number[] {
  let state = size;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % size;
  });
}

describe.each(files)("%s is named", (file) => {
  const spoil = async (change: (bytes: Buffer) => Uint8Array) => {
    const path = join(run, file);
    await writeFile(path, change(await readFile(path)));
  };
  const expectNamed = async () => {
    const found = await flaws();
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^damaged ${file.replace(".", "\\.")}: .`));
    expect(found[0]).not.toContain("\n");
  };

  test.each([0, 1, 0.5, 0.99])("where it ends too early (%f)", async (share) => {
    const { length } = await readFile(join(run, file));
    await truncate(join(run, file), share === 1 ? length - 1 : Math.floor(share * length));
    await expectNamed();
  });

  test("where bytes are zero", async () => {
    const { length } = await readFile(join(run, file));
    for (const at of places(5, length)) {
      await spoil((bytes) => bytes.fill(0, at, Math.min(at + 32, length)));
      await expectNamed();
      await cp(join(trained, file), join(run, file));
    }
  });

  test("where a bit is another", async () => {
    const { length } = await readFile(join(run, file));
    for (const at of places(10, length)) {
      await spoil((bytes) => {
        bytes[at]! ^= 0x80;
        return bytes;
      });
      await expectNamed();
      await cp(join(trained, file), join(run, file));
    }
  });

  test("where it is something else", async () => {
    await rm(join(run, file));
    await mkdir(join(run, file));
    await expectNamed();
    await rm(join(run, file), { recursive: true });
    execFileSync("mkfifo", [join(run, file)]);
    await expectNamed();
  });
});

describe("what is whole and says something else is named", () => {
  test("a setting that the checkpoints do not have", async () => {
    await edit("config.yaml", "duration: 30", "duration: 31");
    expect((await flaws())[0]).toMatch(
      /^damaged config\.yaml: duration: expected 30 as in .*last.*, got 31$/,
    );
  });

  test("a checkpoint of another run", async () => {
    const other = join(parent, "other");
    await trainIn(other, { ...withValidation, seed: 9 });
    await cp(join(other, "last.safetensors"), join(run, "last.safetensors"));
    expect((await flaws())[0]).toMatch(/^damaged last\.safetensors: seed: expected 1 as in .*config\.yaml/);
    await cp(join(trained, "last.safetensors"), join(run, "last.safetensors"));
    await cp(join(other, "best.safetensors"), join(run, "best.safetensors"));
    expect((await flaws())[0]).toMatch(/^damaged best\.safetensors: seed/);
  });

  test("a best that is not the selected one, a previous that is newer", async () => {
    await cp(join(run, "last.safetensors"), join(run, "best.safetensors"));
    const [first] = await flaws();
    if (first !== undefined) expect(first).toMatch(/^damaged best\.safetensors: epoch: expected \d, /);
    await cp(trained, run, { recursive: true });
    await cp(join(trained, "previous.safetensors"), join(run, "last.safetensors"));
    await cp(join(trained, "last.safetensors"), join(run, "previous.safetensors"));
    expect(await flaws()).toContainEqual(
      expect.stringMatching(/^damaged previous\.safetensors: expected a checkpoint of before/),
    );
  });

  test.each([
    ["metrics.jsonl", /"accuracy":0\.\d/, '"accuracy":0.9'],
    ["metrics.jsonl", /^.*\n/, ""],
    ["result.json", /"epochs": 3/, '"epochs": 4'],
    ["result.json", /"accuracy": 0\.\d/, '"accuracy": 0.91'],
    ["result.json", /"patience"|"epochs",/, '"tired",'],
    ["report.html", /duration: 30/, "duration: 31"],
    ["report.html", /<h2>Learning<\/h2>/, "<h2>Learning<h2>"],
    ["report.html", /trials, loss \d/, "trials, loss 7"],
  ])("%s (%s)", async (file, from, to) => {
    await edit(file, from, to);
    expect((await flaws()).map((flaw) => flaw.split(":")[0])).toEqual([`damaged ${file}`]);
  });
});

describe("missing", () => {
  test.each(["config.yaml", "last.safetensors", "best.safetensors", "metrics.jsonl", "report.html"])(
    "is %s",
    async (file) => {
      await rm(join(run, file));
      expect((await flaws()).map((flaw) => flaw.split(":")[0])).toEqual([`missing ${file}`]);
    },
  );

  test("is the newest checkpoint of a run that has metrics", async () => {
    await rm(join(run, "last.safetensors"));
    await rm(join(run, "previous.safetensors"));
    expect(await flaws()).toEqual(["missing last.safetensors: the run cannot go on"]);
  });
});

describe("what a crash may leave is no damage", () => {
  test("a line of metrics, also a torn one, and a best of the epoch that follows", async () => {
    for (const file of ["result.json", "report.html"]) await rm(join(run, file));
    await cp(join(run, "previous.safetensors"), join(run, "last.safetensors"));
    expect(await flaws()).toEqual([]);
    await truncate(join(run, "metrics.jsonl"), (await readFile(join(run, "metrics.jsonl"))).length - 20);
    expect(await flaws()).toEqual([]);
  });

  test("temporary files, and locks of processes that are gone", async () => {
    await replaceFile(join(run, "last.safetensors.0123456789ab.tmp"), "half");
    await writeFile(join(run, "lock"), "");
    await writeFile(join(run, "lock.0123456789ab"), JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() }));
    execFileSync("mkfifo", [join(run, "lock.claim")]);
    expect(await flaws()).toEqual([]);
    expect(await states()).toMatchObject({
      "last.safetensors.0123456789ab.tmp": "left",
      lock: "left",
      "lock.0123456789ab": "left",
      "lock.claim": "left",
    });
  });

  test("a run that is at work is told", async () => {
    const folder = await RunFolder.resume(run);
    const all = await findings();
    await folder.close();
    expect(all.filter(({ state }) => state === "in_use")).toHaveLength(1);
    expect(all.filter(isFlaw)).toEqual([]);
  });
});

test("runs in a folder are looked at one after another", async () => {
  const folder = join(run, "..");
  await cp(run, join(folder, "second"), { recursive: true });
  expect(await findings(folder)).toHaveLength(2 * files.length);
});
