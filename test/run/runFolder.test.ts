/** A run folder keeps what a run needs to go on, and lets one process at a time train in it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { exists } from "../../src/base/files.ts";
import { type Holder, isAlive, ownHolder } from "../../src/run/holder.ts";
import { RunFolder, readRunConfig, runFile } from "../../src/run/runFolder.ts";
import { resolveRun } from "../../src/training/config/resolve.ts";
import { type RunConfig, runConfigSchema } from "../../src/training/config/run.ts";
import type { EpochRecord } from "../../src/training/records.ts";
import { refusalOf } from "../support/conformance/refusal.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

let parent: string;
let path: string;
beforeEach(() => {
  parent = temporaryFolder(onTestFinished);
  path = join(parent, "runs", "first");
});

function configured(changes: Record<string, unknown> = {}): RunConfig {
  const dataset = { kind: "shd", folder: resolve("data"), train: "a.h5", test: "b.h5" };
  const least = { dataset, duration: 30, network: { hidden: [{ size: 2 }] }, epochs: 9 };
  return resolveRun(runConfigSchema.parse({ ...least, ...changes }), false);
}

async function refusal(of: Promise<unknown>): Promise<string> {
  return (await refusalOf(of)).replaceAll(path, "run");
}

describe("a new folder", () => {
  test("is made with the folders above it, and holds the configuration", async () => {
    const config = configured({
      optimizer: { kind: "adam", epsilon: 1e-12, plateau: {} },
      seed: 2 ** 32 - 1,
    });
    await (await RunFolder.create(path, config)).close();
    expect(await readdir(path)).toEqual(["config.yaml"]);
    expect(await readRunConfig(path)).toEqual(config);
    expect(await readRunConfig(path, { epochs: 3 })).toEqual({ ...config, epochs: 3 });
  });

  test("may have other files in it", async () => {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, "notes.txt"), "");
    await (await RunFolder.create(path, configured())).close();
  });

  test.each([
    "config.yaml",
    "metrics.jsonl",
    "last.safetensors",
    "previous.safetensors",
    "best.safetensors",
    "report.html",
    "result.json",
  ])("may not be one with %s of another run", async (name) => {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, name), "old");
    const way = name === "config.yaml" ? "go on with it: goldspike resume run, or " : "";
    expect(await refusal(RunFolder.create(path, configured()))).toBe(
      `run: expected a folder without a run, got one with ${name}; ${way}choose another folder`,
    );
    expect(await readdir(path)).toEqual([name]);
  });

  test("may not be a file, or lie in one", async () => {
    await writeFile(join(parent, "file"), "");
    path = join(parent, "file");
    expect(await refusal(RunFolder.create(path, configured()))).toBe(
      "run: cannot be written: it is not a folder",
    );
    path = join(path, "below");
    expect(await refusal(RunFolder.create(path, configured()))).toMatch(/^run: cannot be written: /);
  });

  test("is told to be impossible before it is made", async () => {
    await writeFile(join(parent, "file"), "");
    path = join(parent, "file");
    expect(await refusal(RunFolder.requireFree(path))).toBe("run: cannot be written: it is not a folder");
    path = join(path, "below");
    expect(await refusal(RunFolder.requireFree(path))).toMatch(/^run: cannot be written: /);
    path = join(parent, "a", "b");
    await RunFolder.requireFree(path);
    expect(await readdir(parent)).toEqual(["file"]);
  });
});

describe("a folder whose run is to go on", () => {
  test("must hold one", async () => {
    expect(await refusal(RunFolder.resume(path))).toBe(
      "run: expected the folder of a run, found no config.yaml in it",
    );
    expect(await refusal(readRunConfig(path))).toBe(
      "run: expected the folder of a run, found no config.yaml in it",
    );
  });

  test("loses what was half written", async () => {
    await (await RunFolder.create(path, configured())).close();
    await writeFile(join(path, "last.safetensors.0123456789ab.tmp"), "half");
    await (await RunFolder.resume(path)).close();
    expect(await readdir(path)).toEqual(["config.yaml"]);
  });
});

describe("the lines of metrics", () => {
  const score = { trials: 8, loss: 0.5, accuracy: 0.25 };
  const record = (epoch: number): EpochRecord => ({
    epoch,
    learningRate: 1e-3,
    train: score,
    validation: score,
    hiddenSpikes: 2.5,
    silentNeurons: 1,
  });
  const seconds = { train: 1.5, validation: 0.5 };
  const line = (epoch: number) => ({
    epoch,
    learning_rate: 1e-3,
    train: score,
    validation: score,
    hidden_spikes: 2.5,
    silent_neurons: 1,
    seconds,
  });
  const lines = async () => (await readFile(runFile(path, "metrics"), "utf8")).split("\n").slice(0, -1);

  test("are written epoch by epoch, in snake_case", async () => {
    const folder = await RunFolder.create(path, configured());
    for (const epoch of [1, 2]) await folder.appendMetrics(record(epoch), seconds);
    await folder.close();
    expect((await lines()).map((text) => JSON.parse(text))).toEqual([line(1), line(2)]);
  });

  test("end with the checkpoint's epoch, later and torn ones dropped", async () => {
    const folder = await RunFolder.create(path, configured());
    for (const epoch of [1, 2, 3, 4]) await folder.appendMetrics(record(epoch), seconds);
    const text = await readFile(folder.file("metrics"), "utf8");
    for (const torn of ["", '{"epoch":2,"learn', "null", "12"]) {
      await writeFile(folder.file("metrics"), text + torn);
      await folder.accord(configured(), [record(1), record(2)]);
      expect(await readFile(folder.file("metrics"), "utf8")).toBe(
        text.split("\n", 2).join("\n").concat("\n"),
      );
    }
    await folder.appendMetrics(record(3), seconds);
    expect(await lines()).toHaveLength(3);
    await folder.close();
  });

  test("that are damaged in the middle are written again, without the seconds", async () => {
    const folder = await RunFolder.create(path, configured());
    const history = [1, 2, 3, 4].map(record);
    for (const one of history) await folder.appendMetrics(one, seconds);
    const [first, second, ...rest] = await lines();
    for (const damaged of [second!.slice(9), `${second!.slice(0, 30)}\0${second!.slice(31)}`, ""]) {
      await writeFile(folder.file("metrics"), `${[first, damaged, ...rest].join("\n")}\n`);
      await folder.accord(configured(), history);
      const { seconds: _, ...unmeasured } = line(2);
      expect((await lines()).map((text) => JSON.parse(text))).toEqual([
        line(1),
        unmeasured,
        line(3),
        line(4),
      ]);
      expect(await folder.trainedSeconds()).toBe(6);
    }
    await folder.close();
  });

  test("sum up to the seconds of the whole run", async () => {
    const folder = await RunFolder.create(path, configured());
    expect(await folder.trainedSeconds()).toBe(0);
    for (const epoch of [1, 2, 3]) await folder.appendMetrics(record(epoch), seconds);
    expect(await folder.trainedSeconds()).toBe(6);
    await folder.close();
  });

  test("of no epoch have no best one beside them", async () => {
    const folder = await RunFolder.create(path, configured());
    await folder.appendMetrics(record(1), seconds);
    await writeFile(folder.file("best"), "");
    await folder.accord(configured(), [record(1)]);
    expect(await exists(folder.file("best"))).toBe(true);
    await folder.accord(configured(), []);
    expect(await exists(folder.file("best"))).toBe(false);
    await folder.close();
  });

  test("may not have been begun", async () => {
    const folder = await RunFolder.create(path, configured());
    await folder.accord(configured(), []);
    expect(await folder.metricsLines()).toBe(0);
    await folder.close();
  });
});

describe("the lock", () => {
  const lockFile = () => join(path, "lock");
  const left = async (content: string, name = "lock") => {
    if (!(await exists(join(path, "config.yaml"))))
      await (await RunFolder.create(path, configured())).close();
    await writeFile(join(path, name), content);
  };
  const holder = (pid: number, host = hostname(), more: Partial<Holder> = {}) =>
    JSON.stringify({ pid, host, ...more });
  const inUse = (pid: number, host = hostname()) =>
    new RegExp(
      `^run/lock(\\.[0-9a-f]{12})?: process ${pid} on ${host} is at work in this folder; if it is gone, delete`,
    );

  test("keeps the folder for one, until it is done", async () => {
    const folder = await RunFolder.create(path, configured());
    expect(await refusal(RunFolder.resume(path))).toMatch(inUse(process.pid));
    expect(await refusal(RunFolder.create(path, configured()))).toMatch(inUse(process.pid));
    await folder.close();
    await (await RunFolder.resume(path)).close();
  });

  test("holds while its process lives, and is taken over once it is dead", async () => {
    const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"]);
    await once(child, "spawn");
    await left(holder(child.pid!));
    expect(await refusal(RunFolder.resume(path))).toMatch(inUse(child.pid!));
    child.kill();
    await once(child, "exit");
    const folder = await RunFolder.resume(path);
    const [file] = (await readdir(path)).filter((name) => name.startsWith("lock"));
    expect(JSON.parse(await readFile(join(path, file!), "utf8"))).toMatchObject({
      pid: process.pid,
      host: hostname(),
    });
    await folder.close();
    expect(await readdir(path)).toEqual(["config.yaml"]);
  });

  test.each([
    ["an empty lock", "", "lock"],
    ["half a lock", '{"pid":1,"ho', "lock.0123456789ab"],
    ["a claim of a process that is gone", holder(999_999_999), "lock.claim"],
    ["a half-made one", "", "lock.0123456789ab.ba9876543210.tmp"],
  ])("%s, as a crash leaves it, is nobody's and is taken away", async (_, content, name) => {
    await left(content, name);
    await (await RunFolder.resume(path)).close();
    expect(await readdir(path)).toEqual(["config.yaml"]);
  });

  test.skipIf(process.platform !== "linux")(
    "of a process whose number another one has now is nobody's (on Linux)",
    async () => {
      const own = await ownHolder();
      const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"]);
      await once(child, "spawn");
      await left(JSON.stringify({ ...own, pid: child.pid, start: `${Number(own.start) - 1}` }));
      await (await RunFolder.resume(path)).close();
      child.kill();
    },
  );

  test.skipIf(process.platform !== "linux")(
    "of another container or machine holds, of this one before it was started anew does not (on Linux)",
    async () => {
      const own = { ...(await ownHolder()), machine: "m", pid: 999_999_999 };
      expect(await isAlive(own, own)).toBe(false);
      expect(await isAlive({ ...own, namespace: "pid:[1]" }, own)).toBe(true);
      expect(await isAlive({ ...own, boot: "earlier" }, own)).toBe(false);
      expect(await isAlive({ ...own, boot: "other", machine: "other" }, own)).toBe(true);
      expect(
        await isAlive({ ...own, boot: "other", machine: undefined }, { ...own, machine: undefined }),
      ).toBe(true);
    },
  );

  test("of an earlier process with the same number is taken over", async () => {
    await left(holder(process.pid));
    await (await RunFolder.resume(path)).close();
  });

  test("of another machine holds", async () => {
    await left(holder(999_999_999, "elsewhere.example"));
    expect(await refusal(RunFolder.resume(path))).toMatch(inUse(999_999_999, "elsewhere.example"));
  });

  test.skipIf(process.platform === "win32")(
    "is not left behind empty where the disk has no room for it (not on Windows)",
    async () => {
      await (await RunFolder.create(path, configured())).close();
      const script = `
        import { lock } from ${JSON.stringify(new URL("../../dist/run/lock.js", import.meta.url))};
        await lock(${JSON.stringify(lockFile())}).then(() => console.log("won"), (error) => console.log(error.message));
      `;
      // No file may hold a byte.
      const limited = spawn("sh", [
        "-c",
        `ulimit -f 0 && exec "$0" --input-type=module -e "$1"`,
        process.execPath,
        script,
      ]);
      expect(String((await once(limited.stdout, "data"))[0])).toMatch(/lock: cannot be written: \S/);
      expect(await readdir(path)).toEqual(["config.yaml"]);
      await (await RunFolder.resume(path)).close();
    },
  );

  test("goes to one of many processes that come at once", async () => {
    for (let round = 0; round < 2; round++) {
      await left(holder(await deadProcess()));
      const answers = await Promise.all(contenders(6));
      expect(answers.filter((answer) => answer === "won")).toHaveLength(1);
      expect(answers.filter((answer) => /^\S+: \w+ .*is at work in this folder/.test(answer))).toHaveLength(
        5,
      );
      await rm(path, { recursive: true });
    }
  });

  async function deadProcess(): Promise<number> {
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    return child.pid!;
  }

  /** What processes say that try to lock the folder at the same time, and keep it until all have tried. */
  function contenders(count: number): Promise<string>[] {
    const start = Date.now() + 700;
    const script = `
      import { lock } from ${JSON.stringify(new URL("../../dist/run/lock.js", import.meta.url))};
      while (Date.now() < ${start});
      console.log(await lock(${JSON.stringify(lockFile())}).then(() => "won", (error) => error.message));
      setTimeout(() => {}, 600_000);
    `;
    return Array.from({ length: count }, async () => {
      const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
      onTestFinished(() => void child.kill("SIGKILL"));
      return String(await once(child.stdout, "data")).trim();
    });
  }
});
