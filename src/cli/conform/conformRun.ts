/** `goldspike conform run`: a command over the cases of the suite. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Command, Option } from "commander";
import { ConfigError } from "../../base/errors.ts";
import { openResults } from "../../conformance/run/results.ts";
import { runSuite } from "../../conformance/run/runSuite.ts";
import { suiteSnapshot } from "../../conformance/suite/snapshot.ts";
import { say } from "../lines.ts";
import { positiveInteger, positiveNumber } from "../options.ts";
import { judgeShown } from "./judgeShown.ts";
import { classHelp, type JudgingOptions, pathOf, withJudging } from "./judgingOptions.ts";

interface RunOptions extends JudgingOptions {
  readonly worker?: boolean;
  readonly firstTimeout?: number;
  readonly jobs: number;
  readonly timeout: number;
  readonly maxMib: number;
  readonly keep?: string;
  readonly results?: string;
}

/** s */
const usualFirstTimeout = 300;

export function conformRunCommand(): Command {
  const command = new Command("run")
    .description(
      "Starts a command once for every case, with two more arguments: a folder with " +
        "case.json and its raw files, and an empty folder that it must write " +
        "result.json to. Every answer is judged by itself: crashes, hanging, missing " +
        "and wrong parts are verdicts. With --worker the command is started once, and " +
        "asked for one case after another.",
    )
    .usage("[options] -- <command...>")
    .argument("[command...]", "after --: the backend, and arguments that come before the two folders")
    .option(
      "--worker",
      'start the command once a job: it reads lines {"id", "case": DIR, "result": DIR} and answers {"id", "status"}',
    )
    .option(
      "--first-timeout <s>",
      `of --worker: for the first case, start and compilation included (default: ${usualFirstTimeout})`,
      positiveNumber,
    );
  return withJudging(command)
    .option("--jobs <n>", "cases at a time", positiveInteger, availableParallelism())
    .option("--timeout <s>", "for one case", positiveNumber, 60)
    .option("--max-mib <n>", "that one answer may fill on the disk, in both folders", positiveInteger, 1024)
    .option("--keep <dir>", "keep cases, results and all of stderr there", pathOf)
    .addOption(
      new Option("--results <dir>", "keep the results there, for conform judge")
        .argParser(pathOf)
        .conflicts("keep"),
    )
    .addHelpText(
      "after",
      `
${classHelp}

A backend that does not support a case ends with exit code 77, or answers unsupported.

Examples:
  $ goldspike conform run -- goldspike conform backend engine
  $ goldspike conform run --group smoke --class T3 --tensors weight -- python3 my_backend.py
  $ goldspike conform run --worker --jobs 1 --first-timeout 600 -- python3 my_jax_backend.py --serve
  $ goldspike conform run --class T4 --convention genn_eventprop --dt 0.1 -- ./stepped --dt 0.1
  $ goldspike conform run --expected known.txt --junit conform.xml --html conform.html -- ./my_backend --device 0

Exit codes: 1 if a case fails or none passes, 2 for wrong usage or a command that cannot be started,
128 and more if it was ended by a signal, with what had been judged by then.`,
    )
    .action(run);
}

async function run([command, ...args]: readonly string[], options: RunOptions): Promise<void> {
  if (!command)
    throw new ConfigError(
      "command: expected a backend's command after --, as in: goldspike conform run -- python3 my_backend.py",
    );
  const { results, keep, jobs, worker, firstTimeout } = options;
  if (firstTimeout !== undefined && !worker)
    throw new ConfigError(`--first-timeout: expected --worker with it, got ${firstTimeout} alone`);
  await judgeShown(options, {
    name: [command, ...args].join(" "),
    resultOf: resultOf(keep, results),
    open: async () => (results === undefined ? undefined : openResults(results)),
    judge: async ({ entries, all }, its) =>
      runSuite(entries, {
        ...its,
        command,
        args,
        ...(worker && { firstSeconds: firstTimeout ?? usualFirstTimeout }),
        limits: { seconds: options.timeout, bytes: options.maxMib * 2 ** 20 },
        suite: await suiteSnapshot(options.suite, all),
        jobs,
        keep,
        results,
        onRemark: say,
        onChanged: (line) => {
          say(line);
          process.exitCode = 1;
        },
      }),
  });
}

/** Where an answer stays. */
function resultOf(keep: string | undefined, results: string | undefined) {
  if (keep !== undefined) return (path: string) => join(keep, path, "result");
  return results === undefined ? undefined : (path: string) => join(results, path);
}
