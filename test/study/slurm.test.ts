/** A study as a job array of a real Slurm, disturbed in every way: no point is lost, none is trained twice, and the bytes are the same. */
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { goldspike } from "../support/command.ts";
import { TestSlurm, whyNoSlurm } from "../support/study/slurm.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { tiny, withValidation } from "../support/training/tinyTraining.ts";
import { until as comesAbout } from "../support/until.ts";

const parent = temporaryFolder();
const points = 20;

function killed(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}
const why = whyNoSlurm();

/** A second or two a point. */
const study = {
  base: tiny({ ...withValidation, epochs: 120, dataset: { kind: "yinyang", train: 600, test: 12 } }),
  axes: { "network.hidden.0.size": [8, 16, 24, 32, 40], "optimizer.learning_rate": [0.01, 0.02] },
  seeds: [1, 2],
};

describe.skipIf(why !== undefined)(`on Slurm${why === undefined ? "" : `, skipped: ${why}`}`, () => {
  let slurm: TestSlurm;

  beforeAll(async () => {
    slurm = await TestSlurm.start();
    await writeFile(join(parent, "study.yaml"), stringify(study));
  });

  afterAll(() => slurm?.stop());

  function sweep(...args: readonly string[]) {
    return goldspike(["sweep", ...args], { cwd: parent, variables: slurm.variables });
  }

  async function finished(folder: string): Promise<number> {
    const names = await readdir(join(parent, folder, "points"));
    return names.filter((name) => existsSync(join(parent, folder, "points", name, "result.json"))).length;
  }

  /** Of every point so far. */
  async function epochs(folder: string): Promise<number[]> {
    const place = join(parent, folder, "points");
    const texts = (await readdir(place)).map((name) => readFile(join(place, name, "metrics.jsonl"), "utf8"));
    return (await Promise.all(texts)).map((text) => text.split("\n").length - 1);
  }

  const until = (what: string, holds: () => Promise<boolean>) => comesAbout(what, holds, 240);

  /** A process that holds a point. */
  async function worker(folder: string): Promise<number | undefined> {
    const claims = join(parent, folder, "claims");
    for (const name of await readdir(claims)) {
      const text = await readFile(join(claims, name), "utf8").catch(() => "");
      if (text !== "") return (JSON.parse(text) as { pid: number }).pid;
    }
    return undefined;
  }

  test("an array that is stopped, killed, put in the queue again and loses its controller leaves the same table", async () => {
    expect((await sweep("study.yaml", "-o", "here", "--jobs", "2")).code).toBe(0);
    expect((await sweep("prepare", "study.yaml", "-o", "there")).code).toBe(0);
    const { code, stdout } = await sweep("submit", "there", "--tasks", String(points), "--lead", "5");
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^job=\d+ tasks=20\n$/)]);

    const some = (count: number) => until(`${count} points`, async () => (await finished("there")) >= count);
    const task = async () => {
      await until("a task that runs", async () => (await slurm.running()).length > 0);
      return (await slurm.running())[0]!;
    };
    await some(1);
    expect((await sweep("status", "there")).stdout).toMatch(
      /^slurm job=\d+ (PENDING\(\w+\)=\d+ )?RUNNING=\d+/m,
    );
    // As before a time limit: a checkpoint, and in the queue again, of which scancel waits half a minute to hear more.
    await until("a task that is stopped and queues again", async () => {
      const stopped = await task();
      void slurm.ask("scancel", "--signal=USR2", "--batch", stopped);
      for (let look = 0; look < 30; look++) {
        if (/Restarts=[1-9]/.test((await slurm.ask("scontrol", "show", "job", stopped)) ?? "")) return true;
        await setTimeout(100);
      }
      return false;
    });
    await until("a worker that is killed", async () => {
      const pid = await worker("there");
      return pid !== undefined && killed(pid);
    });
    // As another task that is worth more would do it.
    await until(
      "a task put back",
      async () => (await slurm.ask("scontrol", "requeue", await task())) !== undefined,
    );
    void slurm.ask("scancel", "--signal=KILL", await task());
    await slurm.stopController();
    expect(await finished("there")).toBeLessThan(points);
    slurm.startController();
    await until("all points", async () => (await finished("there")) === points);

    const tables = await Promise.all(["here", "there"].map((folder) => sweep("table", folder, "--csv")));
    expect(tables[1]!.stdout).toBe(tables[0]!.stdout);
    const done = /^points=20 finished=20 running=0 stopped=0 waiting=0 failed=0\n/;
    await until("nobody at work", async () => done.test((await sweep("status", "there")).stdout));
    expect(await sweep("submit", "there")).toEqual({
      code: 0,
      stdout: "",
      stderr: "no point is left to train; see: goldspike sweep status\n",
    });
    // Whoever found all points at their ends.
    expect(existsSync(join(parent, "there", "report.html"))).toBe(true);
    const logs = await readdir(join(parent, "there", "slurm"));
    const texts = logs
      .filter((name) => name.endsWith(".log"))
      .map((name) => readFile(join(parent, "there", "slurm", name), "utf8"));
    const lines = (await Promise.all(texts)).join("\n").match(/^point=[0-9a-f]{12} (?=.*test_accuracy)/gm)!;
    // A worker that is killed may have had no time to say what it has done; nobody does it again.
    expect(lines.length).toBeGreaterThanOrEqual(points - 2);
    expect(new Set(lines).size).toBe(lines.length);
  });

  test("before its time limit a task stops and queues again, and the others go on", async () => {
    const long = { ...study, base: { ...study.base, epochs: 100_000 }, axes: {} };
    await writeFile(join(parent, "long.yaml"), stringify(long));
    expect((await sweep("prepare", "long.yaml", "-o", "limited")).code).toBe(0);
    const { stdout } = await sweep("submit", "limited", "--lead", "20", "--", "--time=1");
    const job = /^job=(\d+) tasks=2\n$/.exec(stdout)![1]!;
    const about = async (task: number, what: RegExp) =>
      what.test((await slurm.ask("scontrol", "show", "job", `${job}_${task}`)) ?? "");
    // The last one has the number of the array.
    await slurm.ask("scontrol", "update", `JobId=${job}_0`, "TimeLimit=60");
    await until("a task that runs again", () => about(1, /JobState=RUNNING.*Restarts=1/s));
    expect(await about(0, /JobState=RUNNING.*Restarts=0/s)).toBe(true);
    const before = await epochs("limited");
    await until("both points to go on", async () => {
      const now = await epochs("limited");
      return before.length === 2 && now.every((count, k) => count > before[k]!);
    });
    const files = join(parent, "limited", "slurm");
    expect(existsSync(join(files, `${job}_1.deaths`))).toBe(false);
    expect(await readFile(join(files, `${job}_1.log`), "utf8")).not.toMatch(/kill:|Job is pending/);
    await slurm.ask("scancel", job);
    await until("nobody at work", async () =>
      (await sweep("status", "limited")).stdout.includes("running=0 stopped=2 "),
    );
  });

  test("what Slurm refuses is one line", async () => {
    expect((await sweep("prepare", "study.yaml", "-o", "refused")).code).toBe(0);
    const { code, stderr } = await sweep("submit", "refused", "--", "--partition=nowhere");
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^error: sbatch refuses: sbatch: error: .*invalid partition.*\n$/i),
    ]);
  });
});

test("where there is no Slurm, one line says so", async () => {
  await writeFile(join(parent, "study.yaml"), stringify(study));
  const at = { cwd: parent, variables: { PATH: parent } };
  expect((await goldspike(["sweep", "prepare", "study.yaml", "-o", "nowhere"], at)).code).toBe(0);
  const { code, stderr } = await goldspike(["sweep", "submit", "nowhere"], at);
  expect([code, stderr]).toEqual([
    2,
    "error: sbatch: is not here; ask a machine of the cluster, or begin workers with: goldspike sweep work\n",
  ]);
});
