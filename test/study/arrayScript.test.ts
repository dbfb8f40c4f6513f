/** What a task of a job array does with signals and with its worker's end: the script itself, with a Slurm that only takes notes. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { stringify } from "yaml";
import { goldspike } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { tiny, withValidation } from "../support/training/tinyTraining.ts";
import { until } from "../support/until.ts";

const parent = temporaryFolder();
/** Seconds. */
const patience = 120;
const programs = join(parent, "programs");
const notes = join(parent, "notes");
const variables = { PATH: `${programs}:${process.env["PATH"]}` };

beforeAll(async () => {
  await mkdir(programs);
  const program = (name: string, text: string) =>
    writeFile(join(programs, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  await program("sbatch", "echo 7");
  await program("squeue", `echo "CLUSTER: big"; echo "$@" >> ${notes}; cat ${notes}.queue`);
  await program("scontrol", `echo "$@" >> ${notes}\n[ "$(wc -l < ${notes})" -ge 2 ]`);
  await writeFile(
    join(parent, "study.yaml"),
    stringify({ base: tiny({ ...withValidation, epochs: 4000 }), seeds: [1] }),
  );
});

interface Task {
  /** The shell, in a group of its own with what it has begun. */
  readonly shell: ChildProcess;
  readonly worker: number;
  readonly code: Promise<number | null>;
}

/** A task of an array that trains a point just now. */
async function task(folder: string): Promise<Task> {
  await writeFile(notes, "");
  const at = { cwd: parent, variables };
  expect((await goldspike(["sweep", "prepare", "study.yaml", "-o", folder], at)).code).toBe(0);
  expect((await goldspike(["sweep", "submit", folder], at)).stdout).toBe("job=7 tasks=1\n");
  const job = { SLURM_JOB_ID: "7", SLURM_ARRAY_JOB_ID: "7", SLURM_ARRAY_TASK_ID: "0" };
  const shell = spawn("bash", [join(parent, folder, "slurm", "array.sh")], {
    ...{ cwd: parent, stdio: "ignore", detached: true },
    env: { ...process.env, ...variables, ...job },
  });
  onTestFinished(() => {
    try {
      process.kill(-shell.pid!, "SIGKILL");
    } catch {
      // It has ended.
    }
  });
  const code = once(shell, "exit").then(([its]) => its as number | null);
  const metrics = async () => {
    const [point] = await readdir(join(parent, folder, "points"));
    return point !== undefined && existsSync(join(parent, folder, "points", point, "metrics.jsonl"));
  };
  await until("an epoch", metrics, patience);
  const [claim] = await readdir(join(parent, folder, "claims"));
  const { pid } = JSON.parse(await readFile(join(parent, folder, "claims", claim!), "utf8"));
  return { shell, worker: pid, code };
}

/** What was asked of Slurm. */
async function asked(): Promise<string[]> {
  return (await readFile(notes, "utf8")).split("\n").filter((line) => line !== "");
}

async function status(folder: string): Promise<string> {
  return (await goldspike(["sweep", "status", folder], { cwd: parent, variables: { PATH: parent } })).stdout;
}

test.skipIf(process.platform === "win32")(
  "what tasks wait for is told in Slurm's words, of the cluster that has them",
  async () => {
    await writeFile(notes, "");
    const at = { cwd: parent, variables };
    expect((await goldspike(["sweep", "prepare", "study.yaml", "-o", "two"], at)).code).toBe(0);
    await mkdir(join(parent, "two", "slurm"));
    await writeFile(join(parent, "two", "slurm", "9.job"), "9;big\n");
    const reason = "Nodes required for job are DOWN, DRAINED or reserved";
    await writeFile(`${notes}.queue`, `9|PENDING|${reason}\n9|PENDING|${reason}\n9|RUNNING|None\n`);
    expect((await goldspike(["sweep", "status", "two"], at)).stdout).toContain(
      `slurm job=9 PENDING(${reason})=2 RUNNING=1\n`,
    );
    expect((await asked())[0]).toMatch(/--jobs=9 --clusters=big$/);
    const { stdout, stderr } = await goldspike(["sweep", "submit", "two"], at);
    expect([stdout, stderr]).toEqual([
      "job=7 tasks=1\n",
      "job 9 of this study has 3 tasks in the queue, which share its points with these\n",
    ]);
  },
);

describe.skipIf(process.platform === "win32")("a task that", () => {
  test("is running out of time leaves a checkpoint and queues again, also if that is refused at first", async () => {
    const { shell } = await task("time");
    // Of its workers before, of which this one outlives what has killed them.
    const deaths = join(parent, "time", "slurm", "7_0.deaths");
    await writeFile(deaths, "137\n137\n");
    shell.kill("SIGUSR2");
    await until("a second request", async () => (await asked()).length === 2, patience);
    expect(await asked()).toEqual(["requeue 7_0", "requeue 7_0"]);
    expect(existsSync(deaths)).toBe(false);
    expect(await status("time")).toMatch(/^points=1 finished=0 running=0 stopped=1 /);
  });

  test("is taken away leaves a checkpoint, and is Slurm's to queue again", async () => {
    const { shell, worker, code } = await task("taken");
    // As Slurm does it, to all of the task's processes.
    process.kill(worker, "SIGTERM");
    shell.kill("SIGTERM");
    expect(await code).toBe(130);
    expect(await asked()).toEqual([]);
    expect(await status("taken")).toMatch(/^points=1 finished=0 running=0 stopped=1 /);
  });

  test("loses its worker queues again, and keeps count of that", async () => {
    const { worker } = await task("killed");
    process.kill(worker, "SIGKILL");
    await until("a request", async () => (await asked()).length > 0, patience);
    expect(await readFile(join(parent, "killed", "slurm", "7_0.deaths"), "utf8")).toBe("137\n");
  });
});
