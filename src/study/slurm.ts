/** A study on a cluster: one job array of Slurm, each of whose tasks is a worker. */
import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { ConfigError } from "../base/errors.ts";
import { makeFolder, replaceFile, textIfThere } from "../base/files.ts";
import { shellWord } from "../base/shellWord.ts";
import { studyFile } from "./studyFolder.ts";

const run = promisify(execFile);

/** With this code a worker says that it has stopped at a checkpoint for want of time, and would go on: EX_TEMPFAIL. */
export const outOfTime = 75;

/** Asks a worker to stop so. Node keeps USR1 for its debugger. */
export const outOfTimeSignal = "SIGUSR2";

/** Of one task's workers, after which it is not begun again. */
const mostDeaths = 20;

export interface ArrayOptions {
  /** Of the array. */
  readonly tasks: number;
  /** Most that run at a time; undefined: as many as Slurm lets. */
  readonly atOnce: number | undefined;
  /** Of a task. */
  readonly threads: number;
  /** Seconds before the time limit at which a worker is asked to stop. */
  readonly lead: number;
  /** Of `goldspike sweep work`, without its options. */
  readonly command: readonly string[];
  readonly points: number;
}

function slurmFolder(folder: string): string {
  return studyFile(resolve(folder), "slurm");
}

/**
 * The job array as a script. The shell waits for its worker and passes signals on: what Slurm sends before the time limit
 * goes to the shell alone. A worker that was stopped for want of time, or has died, is put in the queue again.
 */
function arrayScript(
  folder: string,
  { tasks, atOnce, threads, lead, command, points }: ArrayOptions,
): string {
  const throttle = atOnce === undefined ? "" : `%${atOnce}`;
  const worker = [...command, resolve(folder)].map((word) => shellWord(word, "linux")).join(" ");
  return `#!/bin/bash
#SBATCH --job-name=goldspike
#SBATCH --array=0-${tasks - 1}${throttle}
#SBATCH --cpus-per-task=${threads}
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:${outOfTimeSignal.slice(3)}@${lead}

first=$((SLURM_ARRAY_TASK_ID * ${points} / ${tasks}))
${worker} --threads ${threads} --first "$first" &
worker=$!
trap 'kill -s ${outOfTimeSignal.slice(3)} $worker 2>/dev/null' ${outOfTimeSignal.slice(3)}
# Slurm sends this one to both.
trap 'kill -s TERM $worker 2>/dev/null; stopped=1' TERM
# A signal ends the waiting, not what is waited for.
pause() {
  [ -n "$stopped" ] && return
  sleep "$1" &
  wait $!
}
code=0
while :; do
  wait $worker
  code=$?
  kill -0 $worker 2>/dev/null || break
done
[ -n "$stopped" ] && exit $code
# Not SLURM_JOB_ID: one task's is the array's own, by which all of them would queue again.
task="\${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
# Of a dead worker 128 and its signal; more often than this it is the machine's or the study's fault.
deaths=${shellWord(slurmFolder(folder), "linux")}/"$task.deaths"
[ $code -gt 128 ] && echo $code >>"$deaths"
# One that has lived to the end of its time is well.
[ $code -eq ${outOfTime} ] && rm -f "$deaths"
if [ $code -eq ${outOfTime} ] || { [ $code -gt 128 ] && [ "$(wc -l <"$deaths")" -lt ${mostDeaths} ]; }; then
  # The controller may be away for a while. Once it has heard, Slurm ends this task.
  for ((tries = 0; tries < 60; tries++)); do
    scontrol requeue "$task" && pause 60
    [ -n "$stopped" ] && exit $code
    pause 5
  done
fi
exit $code
`;
}

/**
 * Writes the script and gives it to Slurm.
 *
 * @param options of sbatch, in place of the script's
 * @returns the number of the job
 * @throws ConfigError one line if there is no Slurm here, or it refuses
 */
export async function submitArray(
  folder: string,
  array: ArrayOptions,
  options: readonly string[],
): Promise<string> {
  const script = join(slurmFolder(folder), "array.sh");
  await makeFolder(slurmFolder(folder));
  await replaceFile(script, arrayScript(folder, array));
  // A sign of percent in the folder's name would be one of Slurm's own.
  const log = join(slurmFolder(folder).replaceAll("%", "%%"), "%A_%a.log");
  const job = await asked("sbatch", ["--parsable", `--output=${log}`, ...options, script]);
  // With the name of the cluster behind it where there are several.
  const number = job.split(";")[0]!;
  await replaceFile(join(slurmFolder(folder), `${number}.job`), `${job}\n`);
  return number;
}

/** What a command of Slurm answers. @throws ConfigError one line */
async function asked(command: string, args: readonly string[]): Promise<string> {
  try {
    return (await run(command, args, { maxBuffer: 2 ** 28 })).stdout.trim();
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    if (code === "ENOENT")
      throw new ConfigError(
        `${command}: is not here; ask a machine of the cluster, or begin workers with: goldspike sweep work`,
      );
    const line = (stderr ?? "").trim().split("\n").at(-1) || (error as Error).message;
    throw new ConfigError(`${command} refuses: ${line}`);
  }
}

/**
 * How many tasks of a study's jobs are in each state, as Slurm tells them, by job; without those that it has forgotten. Of
 * tasks that wait, `PENDING(Resources)` says for what.
 */
export async function queuedTasks(folder: string): Promise<Map<string, Map<string, number>>> {
  const found = new Map<string, Map<string, number>>();
  for (const [cluster, jobs] of await submittedJobs(folder)) {
    const options = ["--noheader", "--array", "--format=%F|%T|%r", `--jobs=${jobs.join()}`];
    const where = cluster === "" ? [] : [`--clusters=${cluster}`];
    const text = await asked("squeue", [...options, ...where]).catch((error: Error) => {
      // None of them is left.
      if (/invalid job id/i.test(error.message)) return "";
      throw error;
    });
    for (const line of text.split("\n")) {
      const [job, name, reason] = line.trim().split("|");
      // A line of another kind names the cluster.
      if (reason === undefined) continue;
      const state = name === "PENDING" && reason !== "None" ? `${name}(${reason})` : name!;
      const states = found.get(job!) ?? new Map<string, number>();
      states.set(state, (states.get(state) ?? 0) + 1);
      found.set(job!, states);
    }
  }
  return found;
}

/** Numbers of a study's jobs by cluster, "" where there is one alone. */
async function submittedJobs(folder: string): Promise<Map<string, string[]>> {
  const names = await readdir(slurmFolder(folder)).catch(() => []);
  const byCluster = new Map<string, string[]>();
  for (const name of names.filter((one) => one.endsWith(".job"))) {
    const [job, cluster = ""] = textIfThere(join(slurmFolder(folder), name))
      .trim()
      .split(";");
    byCluster.set(cluster, [...(byCluster.get(cluster) ?? []), job!]);
  }
  return byCluster;
}
