/** What is no point's fault makes no row: another try, or the end of the worker, which says why. */
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { stringify } from "yaml";
import { writeShdFile } from "../../src/data/shd/writeShdFile.ts";
import { ownHolder } from "../../src/run/holder.ts";
import { standingsOf } from "../../src/study/standing.ts";
import { prepareStudy, studyFor } from "../../src/study/studyFolder.ts";
import { work } from "../../src/study/work.ts";
import { goldspike, started } from "../support/command.ts";
import { Sweeps } from "../support/study/sweeps.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { tiny } from "../support/training/tinyTraining.ts";

const sweeps = new Sweeps(temporaryFolder());
const { parent } = sweeps;

const recordings = {
  spikes: Array.from({ length: 12 }, (_, k) => ({
    times: Float64Array.of(0.001 * (1 + k), 0.02),
    channels: Uint16Array.of(k % 4, (k + 1) % 4),
  })),
  labels: Array.from({ length: 12 }, (_, k) => k % 2),
  classes: ["low", "high"],
};

describe("no fault of a point, and no row, is", () => {
  test("that its data are not there", async () => {
    const files = {
      dataset: { kind: "shd", train: "away.h5", test: "away.h5" },
      split: { kind: "official" },
    };
    await sweeps.study("data.yaml", { axes: {}, seeds: [1] }, files);
    expect((await sweeps.sweep("prepare", "data.yaml", "-o", "data")).code).toBe(0);
    for (const args of [
      ["work", "data"],
      ["data.yaml", "-o", "data"],
    ]) {
      const { code, stdout, stderr } = await sweeps.sweep(...args);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(
        /^error: data(\.yaml)?: \/.*away\.h5: is missing; name the folder of the data set's files with --data\n$/,
      );
    }
    expect((await sweeps.sweep("submit", "data")).stderr).toMatch(
      /away\.h5: is missing; say where the files are with: goldspike sweep prepare STUDY -o data --data FOLDER\n$/,
    );
    expect((await sweeps.sweep("status", "data")).stdout).toMatch(/waiting=1 failed=0\n$/);
  });

  test.each([
    [
      "are gone when the next fold reads them",
      (file: string) => rename(file, `${file}.away`),
      /cannot be read: no such file or folder$/,
    ],
    [
      "cannot be unpacked for want of a place",
      async () => {
        vi.stubEnv("TMPDIR", join(parent, "nowhere"));
      },
      /nowhere: cannot be written: no such file or folder$/,
    ],
  ])("that its data %s", async (name, happen, line) => {
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const folder = join(parent, name);
    await mkdir(folder);
    const plain = join(folder, "recordings.h5");
    await writeShdFile(plain, recordings);
    await writeFile(`${plain}.gz`, gzipSync(await readFile(plain)));
    await rm(plain);
    const dataset = { kind: "shd", train: "recordings.h5.gz", channels: 4 };
    const base = tiny({ dataset, split: { kind: "official" }, epochs: 1 });
    await writeFile(join(folder, "study.yaml"), stringify({ base, folds: 3 }));
    const study = await studyFor(join(folder, "study"), join(folder, "study.yaml"));
    await prepareStudy(study);
    const changed: Promise<void>[] = [];
    const listener = { onResult: () => void changed.push(happen(`${plain}.gz`)) };
    const { signal } = new AbortController();
    await expect(work(study, { threads: 1, lease: 60, listener, signal })).rejects.toThrow(line);
    await Promise.all(changed);
    const standings = await standingsOf(study, new Set());
    expect(standings.map(({ state }) => state)).toEqual(["finished", "waiting", "waiting"]);
  });

  test("that nobody says again where they are", async () => {
    const files = { dataset: { kind: "shd", train: "a.h5", test: "a.h5" }, split: { kind: "official" } };
    await sweeps.study("told.yaml", { axes: {}, seeds: [1] }, files);
    expect((await sweeps.sweep("prepare", "told.yaml", "-o", "told", "--data", "/nowhere/once")).code).toBe(
      0,
    );
    const text = () => readFile(join(parent, "told", "study.yaml"), "utf8");
    const before = await text();
    for (const [args, place] of [
      [[], "/nowhere/once"],
      [["--data", "/nowhere/else"], "/nowhere/else"],
    ] as const) {
      const { code, stderr } = await sweeps.sweep("told.yaml", "-o", "told", ...args);
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(`^error: told.yaml: ${place}/a.h5: is missing; name the folder .* --data\n$`),
      ]);
      // Workers elsewhere read there where the data are.
      expect(await text()).toBe(before);
    }
  });

  test("that two who held it are gone, one of another machine", async () => {
    await sweeps.study("left.yaml", { axes: {}, seeds: [1] });
    expect((await sweeps.sweep("prepare", "left.yaml", "-o", "left")).code).toBe(0);
    const point = (await sweeps.sweep("list", "left")).stdout.trim().split(" ").at(-1)!;
    const own = await ownHolder();
    const elsewhere = JSON.stringify({ ...own, host: "elsewhere", boot: "another", machine: "another" });
    await writeFile(join(parent, "left", "claims", `${point}.1`), elsewhere);
    // Killed before it has done anything.
    const killed = JSON.stringify({ ...own, pid: 2 ** 22 + 1, start: "1" });
    await writeFile(join(parent, "left", "claims", `${point}.2`), killed);
    const run = join(parent, "left", "points", point);
    await mkdir(run);
    await writeFile(join(run, "lock.0123456789ab"), elsewhere);
    const { code, stdout, stderr } = await sweeps.sweep("work", "left");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^point=\w+ .*test_accuracy=/);
    expect(await readdir(run)).not.toContain("lock.0123456789ab");
  });

  test("that its worker is told to stop twice, as by a batch system and the shell between", async () => {
    await sweeps.study("twice.yaml", { axes: {}, seeds: [1] }, { epochs: 4000 });
    expect((await sweeps.sweep("prepare", "twice.yaml", "-o", "twice")).code).toBe(0);
    const worker = started(["sweep", "work", "twice"], { cwd: parent });
    const [point] = await sweeps.points("twice");
    worker.kill("SIGTERM");
    // At once: Node takes its handlers away before a process is gone. Two of one name may come as one.
    worker.kill("SIGHUP");
    expect((await worker.ended).code).toBe(130);
    expect(existsSync(join(parent, "twice", "points", point!, "last.safetensors"))).toBe(true);
    expect(await readdir(join(parent, "twice", "claims"))).toEqual([]);
  });

  test("that somebody else trains its run", async () => {
    await sweeps.study("alone.yaml", { axes: {}, seeds: [1] }, { epochs: 3000 });
    expect((await sweeps.sweep("prepare", "alone.yaml", "-o", "alone")).code).toBe(0);
    const first = started(["sweep", "work", "alone"], { cwd: parent });
    const [point] = await sweeps.points("alone");
    const run = join("alone", "points", point!);
    const resumed = await goldspike(["resume", run], { cwd: parent });
    expect(resumed.stderr).toContain("is at work in this folder");
    first.kill("SIGTERM");
    expect((await first.ended).code).toBe(130);
    const other = started(["resume", run], { cwd: parent });
    await other.until("epoch=");
    expect((await sweeps.sweep("work", "alone")).code).toBe(0);
    other.kill("SIGTERM");
    await other.ended;
    expect((await sweeps.sweep("status", "alone")).stdout).toMatch(/stopped=1 waiting=0 failed=0\n$/);
  });

  test("that its worker is killed again and again", async () => {
    await sweeps.study("hunted.yaml", { axes: {}, seeds: [1] }, { epochs: 400 });
    const run = started(["sweep", "hunted.yaml", "-o", "hunted", "--jobs", "1"], { cwd: parent });
    await sweeps.points("hunted");
    const claims = join(parent, "hunted", "claims");
    for (const signal of ["SIGKILL", "SIGTERM", "SIGKILL"] as const) {
      await setTimeout(150);
      for (const name of await readdir(claims)) {
        const text = await readFile(join(claims, name), "utf8").catch(() => "");
        if (text !== "") kill((JSON.parse(text) as { pid: number }).pid, signal);
      }
    }
    const { code, stderr } = await run.ended;
    expect([code, stderr]).toEqual([
      0,
      "1 of 1 points finished; see hunted/report.html and hunted/table.csv\n",
    ]);
  });
});

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It was gone already.
  }
}
