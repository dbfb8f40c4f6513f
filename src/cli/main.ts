#!/usr/bin/env node
/** The `goldspike` command. Data goes to stdout, words to stderr. */
import { Command, CommanderError } from "commander";
import { visibleLines } from "../base/controls.ts";
import { ConfigError, KernelError } from "../base/errors.ts";
import { fileReason } from "../base/files.ts";
import { version } from "../base/version.ts";
import { visible } from "../base/visible.ts";
import { addCommands, type Commands } from "./addCommands.ts";

/** @param args of the command line, by which commands of commands are chosen */
const commandsFor = (args: readonly string[]): Commands => ({
  solve: async () => (await import("./case/solveCase.ts")).solveCommand(),
  check: async () => (await import("./case/checkCase.ts")).checkCommand(),
  time: async () => (await import("./case/timeCase.ts")).timeCommand(),
  encode: async () => (await import("./encode.ts")).encodeCommand(),
  predict: async () => (await import("./predict.ts")).predictCommand(),
  data: async () => (await import("./data/data.ts")).dataCommand(),
  train: async () => (await import("./train/train.ts")).trainCommand(),
  resume: async () => (await import("./train/resume.ts")).resumeCommand(),
  metrics: async () => (await import("./train/metrics.ts")).metricsCommand(),
  evaluate: async () => (await import("./train/evaluate.ts")).evaluateCommand(),
  export: async () => (await import("./network/export.ts")).exportCommand(),
  nir: async () => (await import("./network/nir.ts")).nirCommand(),
  verify: async () => (await import("./verify.ts")).verifyCommand(),
  conform: async () => (await import("./conform/conform.ts")).conformCommand(args[1]),
  xval: async () => (await import("./train/xval.ts")).xvalCommand(),
  demo: async () => (await import("./demo/demo.ts")).demoCommand(),
});

async function main(args: readonly string[]): Promise<void> {
  const program = new Command("goldspike")
    .description("Exact gradients of spiking neural networks by Eventprop, without time steps.")
    .version(version)
    .addHelpText(
      "after",
      `
Exit codes:
  0  done
  1  the run could not be finished (a budget was used up, a loss is not defined), or a check failed
  2  wrong input or usage; one line on stderr says what and where

Set GOLDSPIKE_DEBUG=1 to see the stack of an error.`,
    );
  await addCommands(program, commandsFor(args), args[0]);
  reportUsage(program, "goldspike");
  await program.parseAsync(args, { from: "user" });
}

/** Wrong usage becomes an error with one line that names the help, in subcommands as well. */
function reportUsage(command: Command, name: string): void {
  command.exitOverride().showHelpAfterError(`See: ${name} --help`);
  command.configureOutput({ writeErr: (text) => process.stderr.write(visibleLines(text)) });
  for (const sub of command.commands) reportUsage(sub, `${name} ${sub.name()}`);
}

/** Prints one line and sets the exit code; the process ends by itself when everything is written. */
function report(error: unknown): void {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    return;
  }
  process.exitCode = error instanceof ConfigError ? 2 : 1;
  const known = error instanceof ConfigError || error instanceof KernelError;
  const text = error instanceof Error ? error.message : String(error);
  const line = visible(text.replaceAll(/\s*[\r\n]\s*/g, " "));
  if (process.env["GOLDSPIKE_DEBUG"] && error instanceof Error) console.error(error.stack);
  else console.error(`error: ${known ? "" : "a bug in goldspike (GOLDSPIKE_DEBUG=1 shows where): "}${line}`);
}

let unwritable = false;

/** A reader that has seen enough, as `head`, is no error. A full disk is told once, not again for every line. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE" || unwritable) return;
  unwritable = true;
  report(new ConfigError(`stdout: cannot be written: ${fileReason(error)}`));
});

/** Nobody is left to be told, and what was asked for can be done all the same. */
process.stderr.on("error", () => {});

await main(process.argv.slice(2)).catch(report);
