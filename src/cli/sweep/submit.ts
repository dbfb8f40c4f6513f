/** `goldspike sweep submit`: a study as a job array of Slurm. */
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { shellWord } from "../../base/shellWord.ts";
import { clearFailures } from "../../study/failures.ts";
import { queuedTasks, submitArray } from "../../study/slurm.ts";
import { isOver, standingsOf } from "../../study/standing.ts";
import { openStudy, requireData } from "../../study/studyFolder.ts";
import { pairsLine, print, say } from "../lines.ts";
import { positiveInteger } from "../options.ts";

interface SubmitOptions {
  readonly tasks: number;
  readonly atOnce?: number;
  readonly threads: number;
  readonly lead: number;
  readonly retry?: boolean;
}

export function submitCommand(): Command {
  return new Command("submit")
    .summary("train a study on a cluster, by Slurm")
    .description(
      "Submits one job array whose tasks are workers of the study: each trains points until none is left. Before its time " +
        "limit a task stops with a checkpoint and queues again; so does one whose worker has died. Submitting again, or " +
        "`goldspike sweep` itself, goes on where an array has ended.",
    )
    .argument("<dir>", "folder of the study, which all machines of the cluster see")
    .argument("[option...]", "options of sbatch, after --")
    .option("--tasks <n>", "tasks of the array, at most one a point that is left", positiveInteger, 100)
    .option("--at-once <n>", "most tasks that run at a time", positiveInteger)
    .option("--threads <n>", "threads of a point, and processors of a task", positiveInteger, 1)
    .option("--lead <s>", "seconds before the time limit at which a task stops", positiveInteger, 120)
    .option("--retry", "try the points that have failed once more")
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike sweep prepare studies/losses.yaml -o /shared/losses --data /shared/shd
  $ goldspike sweep submit /shared/losses --at-once 40 -- --partition=cpu --time=04:00:00
  $ goldspike sweep status /shared/losses

Prints job=NUMBER tasks=N. What tasks say is in DIR/slurm. Exit codes: 2 if there is no Slurm here, or it refuses, or
the data are not there.`,
    )
    .action(submit);
}

async function submit(path: string, options: readonly string[], wanted: SubmitOptions): Promise<void> {
  const study = await openStudy(path);
  const { points } = study;
  await requireData(
    points,
    path,
    `say where the files are with: goldspike sweep prepare STUDY -o ${shellWord(path)} --data FOLDER`,
  );
  if (wanted.retry) await clearFailures(path);
  const standings = await standingsOf(study, new Set());
  const open = standings.filter((standing) => !isOver(standing)).length;
  if (open === 0) return say("no point is left to train; see: goldspike sweep status");
  // Where Slurm does not answer, the submission says so.
  const earlierTasks = await queuedTasks(path).catch(() => undefined);
  for (const [earlier, states] of earlierTasks ?? []) {
    const queued = [...states.values()].reduce((sum, count) => sum + count, 0);
    say(`job ${earlier} of this study has ${queued} tasks in the queue, which share its points with these`);
  }
  const tasks = Math.min(wanted.tasks, open);
  const main = fileURLToPath(new URL("../main.js", import.meta.url));
  const job = await submitArray(
    path,
    {
      ...{ tasks, points: points.length, atOnce: wanted.atOnce, threads: wanted.threads, lead: wanted.lead },
      command: [process.execPath, main, "sweep", "work"],
    },
    options,
  );
  print(`${pairsLine({ job, tasks })}\n`);
}
