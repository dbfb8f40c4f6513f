/** `goldspike sweep work`: one worker of a study, beside any others that share its folder. */
import { Command, Option } from "commander";
import { ConfigError } from "../../base/errors.ts";
import { shown } from "../../base/parseWith.ts";
import type { WorkMessage } from "../../study/crew.ts";
import { clearFailure, hasFailed } from "../../study/failures.ts";
import type { Point } from "../../study/points.ts";
import { outOfTime, outOfTimeSignal } from "../../study/slurm.ts";
import { isOver, standingsOf } from "../../study/standing.ts";
import { openStudy, requireData, requireIndependent, type StudyFolder } from "../../study/studyFolder.ts";
import { writeSummary } from "../../study/summary.ts";
import { type WorkListener, work } from "../../study/work.ts";
import type { RunConfig } from "../../training/config/run.ts";
import { pairsLine, print, say } from "../lines.ts";
import { positiveNumber, threads } from "../options.ts";
import { catchSignals, exitCodeOf } from "../signals.ts";
import { failureLine, resultLine } from "./pointLine.ts";

/** Seconds. Longer than shared folders take to show others what one has written. */
export const defaultLease = 120;

interface WorkCommandOptions {
  readonly threads: RunConfig["threads"];
  readonly lease: number;
  readonly data?: string;
  readonly first?: number;
  readonly point?: string;
  readonly wait?: boolean;
}

export function workCommand(): Command {
  return new Command("work")
    .summary("be one worker of a study, beside others")
    .description(
      "Claims points of a study through its folder and trains them, one after another, until none is left. Any number of " +
        "workers may share a folder, on one machine or many. What a worker that is gone has left is taken over.",
    )
    .argument("<dir>", "folder of the study")
    .option("--threads <n>", "threads of a point, or auto", threads, 1)
    .option(
      "--lease <s>",
      "seconds after which a worker on another machine that gives no sign is gone; the same for all workers",
      positiveNumber,
      defaultLease,
    )
    .option("--data <dir>", "folder of the data set's files, in place of the study's")
    .option("--point <hash>", "train this point alone, also if it has failed before")
    .option("--wait", "stay while others are at work, who may leave something")
    .addOption(new Option("--first <n>", "place of the point to begin with").argParser(Number).hideHelp())
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike sweep work /shared/losses
  $ goldspike sweep work /shared/losses --threads 4

The last worker leaves table.csv and report.html. Exit codes: 1 if the --point has failed, 2 if the folder or the data
cannot be read or written, 130 if stopped, with a checkpoint; 75 if stopped by SIGUSR2, which says that time is running out.`,
    )
    .action(workOn);
}

async function workOn(
  path: string,
  { data, first, point, wait, ...options }: WorkCommandOptions,
): Promise<void> {
  const stop = new AbortController();
  // Whoever has begun this process is gone.
  process.on("disconnect", () => stop.abort());
  let stopped = exitCodeOf("SIGINT");
  process.on(outOfTimeSignal, () => {
    stopped = outOfTime;
    stop.abort();
  });
  // Until the process is gone: batch systems may signal it a second time while it ends.
  catchSignals(() => stop.abort());
  try {
    const study = await openStudy(path, data);
    await requireData(study.points, path);
    if (point !== undefined) requireIndependent(study);
    const only = point === undefined ? undefined : new Set([knownPoint(study, point)]);
    if (point !== undefined) await clearFailure(study.path, point);
    const listener = process.send === undefined ? printing() : sending(process.send.bind(process));
    const end = await work(study, {
      ...options,
      ...{ start: first, only, listener, signal: stop.signal, wait: wait || point !== undefined },
    });
    if (end === "done" && process.send === undefined) await tellIfOver(study);
    if (end === "interrupted") process.exitCode = stopped;
    else if (point !== undefined && (await hasFailed(study.path, point))) process.exitCode = 1;
  } finally {
    if (process.connected) process.disconnect();
  }
}

/** Whoever finds all points at their ends leaves table and report. */
async function tellIfOver(study: StudyFolder): Promise<void> {
  const standings = await standingsOf(study, new Set());
  if (standings.every(isOver)) await writeSummary(study);
}

function knownPoint({ path, points }: StudyFolder, hash: string): string {
  if (points.some((point) => point.hash === hash)) return hash;
  throw new ConfigError(
    `--point: expected a point of ${path}, as \`goldspike sweep list\` has them, got ${shown(hash)}`,
  );
}

/** To the process that has begun this one. */
function sending(send: (message: WorkMessage) => boolean): WorkListener {
  return {
    onStart: ({ hash }) => send({ kind: "start", hash }),
    onResult: ({ hash }, result) => send({ kind: "result", hash, result }),
    onFailure: ({ hash }, line) => send({ kind: "failure", hash, line }),
    onRemark: ({ hash }, line) => send({ kind: "remark", hash, line }),
  };
}

/** On stdout, a line a point; words to stderr. */
function printing(): WorkListener {
  return {
    onResult: (point, result) => print(`${resultLine(point, result)}\n`),
    onFailure: (point, line) => print(`${failureLine(point, line)}\n`),
    onRemark: ({ hash }: Point, line) => say(`${pairsLine({ point: hash })} ${line}`),
  };
}
