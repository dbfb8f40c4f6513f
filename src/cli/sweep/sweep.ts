/** `goldspike sweep`: a study, point after point, on all processors; with the commands about one that was begun. */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Command, Option } from "commander";
import { ConfigError } from "../../base/errors.ts";
import { shellWord } from "../../base/shellWord.ts";
import { superviseWorkers } from "../../study/crew.ts";
import { clearFailures } from "../../study/failures.ts";
import { prepareStudy, requireData, type StudyFolder, studyFor } from "../../study/studyFolder.ts";
import { writeSummary } from "../../study/summary.ts";
import type { RunConfig } from "../../training/config/run.ts";
import { say } from "../lines.ts";
import { positiveInteger, threads } from "../options.ts";
import { catchSignals } from "../signals.ts";
import { estimateCommand } from "./estimate.ts";
import { listCommand } from "./list.ts";
import { prepareCommand } from "./prepare.ts";
import { reportCommand } from "./report.ts";
import { shownPoints } from "./shownPoints.ts";
import { statusCommand } from "./status.ts";
import { submitCommand } from "./submit.ts";
import { tableCommand } from "./table.ts";
import { workCommand } from "./work.ts";

interface SweepOptions {
  readonly output?: string;
  readonly jobs?: number;
  readonly threads?: RunConfig["threads"];
  readonly data?: string;
  readonly retry?: boolean;
}

export function sweepCommand(): Command {
  return (
    new Command("sweep")
      .description(
        "Trains every point of a study: a base configuration with what varies, seeds and folds, each in a run folder named by " +
          "its settings. The same command goes on where it was stopped. A point that fails is a row of the table that says why. " +
          "Leaves a table and a report.",
      )
      .argument("<study>", "YAML file; its paths are relative to its own folder")
      // Required, but not of the commands below, which inherit what is.
      .option("-o, --output <dir>", "folder of the study")
      .option("--jobs <n>", "points at once; default as many as there are processors for", positiveInteger)
      .option(
        "--threads <n>",
        "threads of a point, or auto; default 1 where there are points enough",
        threads,
      )
      .option("--data <dir>", "folder of the data set's files, in place of the base's; the study keeps it")
      .addOption(new Option("--retry", "try the points that have failed once more"))
      // What stands behind one of these is its own.
      .enablePositionalOptions()
      .addCommand(estimateCommand())
      .addCommand(prepareCommand())
      .addCommand(statusCommand())
      .addCommand(tableCommand())
      .addCommand(reportCommand())
      .addCommand(workCommand())
      .addCommand(submitCommand())
      .addCommand(listCommand())
      .addHelpText(
        "after",
        `
Examples:
  $ goldspike sweep studies/losses.yaml -o runs/losses
  $ goldspike sweep studies/losses.yaml -o runs/losses --jobs 8 --data ~/shd
  $ goldspike sweep status runs/losses
  $ goldspike sweep table runs/losses --csv -o losses.csv

Exit codes: 1 if a point has failed, 2 for a wrong study or folder, 130 if stopped.`,
      )
      .action(sweep)
  );
}

async function sweep(path: string, { output, ...options }: SweepOptions): Promise<void> {
  if (output === undefined) throw new ConfigError("-o: expected the folder of the study, got nothing");
  const study = await studyFor(output, path, options.data);
  await requireData(study.points, path);
  await prepareStudy(study);
  if (options.retry) await clearFailures(study.path);
  const again = `goldspike sweep ${shellWord(path)} -o ${shellWord(output)}`;
  const isStopped = await trainAll(study, options, again).catch(async (error: unknown) => {
    // What has kept the rest from being trained is what counts.
    await tell(study, again, false).catch(() => {});
    throw error;
  });
  await tell(study, again, isStopped);
}

/** What there is now. */
async function tell(study: StudyFolder, again: string, isStopped: boolean): Promise<void> {
  const { finished, failed, table, report } = await writeSummary(study);
  const failures = failed > 0 ? `, ${failed} failed (once more: ${again} --retry)` : "";
  say(`${finished} of ${study.points.length} points finished${failures}; see ${report} and ${table}`);
  if (isStopped) process.exitCode = 130;
  else if (failed > 0) process.exitCode = 1;
}

/** @returns whether it was stopped before the end */
async function trainAll(
  study: StudyFolder,
  options: Omit<SweepOptions, "output">,
  again: string,
): Promise<boolean> {
  const processors = availableParallelism();
  const spare = Math.max(1, Math.floor(processors / study.points.length));
  const threads = options.threads === "auto" ? processors : (options.threads ?? spare);
  const jobs = Math.min(options.jobs ?? Math.max(1, Math.floor(processors / threads)), study.points.length);
  const shown = shownPoints(study, process.stderr);
  const stop = new AbortController();
  const unlisten = catchSignals(() => {
    stop.abort();
    shown.stop();
    say("stopping all points with checkpoints; Ctrl-C once more ends at once");
  });
  const main = fileURLToPath(new URL("../main.js", import.meta.url));
  try {
    await superviseWorkers({
      jobs,
      signal: stop.signal,
      onMessage: shown.onMessage,
      command: (worker) => ({
        file: process.execPath,
        args: [
          ...[...process.execArgv, main, "sweep", "work", study.path, "--threads", String(threads)],
          ...["--wait", "--first", String(Math.floor((worker * study.points.length) / jobs))],
          ...(options.data === undefined ? [] : ["--data", options.data]),
        ],
      }),
    });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(`${error.message.replace(/^error: /, "")}; see to that, then: ${again}`);
  } finally {
    unlisten();
    shown.stop();
  }
  return stop.signal.aborted;
}
