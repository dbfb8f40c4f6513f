#!/usr/bin/env node
/** The `goldspike` command. Data goes to stdout, words to stderr. */
import { Command, CommanderError } from "commander";
import { visibleLines } from "../base/controls.ts";
import { ConfigError, KernelError } from "../base/errors.ts";
import { fileReason } from "../base/files.ts";
import { version } from "../base/version.ts";
import { visible } from "../base/visible.ts";
import { addCommands, type Commands } from "./addCommands.ts";
import { wrapped } from "./wrapped.ts";

/** @param own the command of the command that is asked for */
const commandsFor = (own: string | undefined): Commands => ({
  solve: {
    summary: "spikes, loss and every gradient of a case",
    load: async () => (await import("./case/solveCase.ts")).solveCommand(),
  },
  check: {
    summary: "a case's gradients against central differences",
    load: async () => (await import("./case/checkCase.ts")).checkCommand(),
  },
  time: {
    summary: "how long a case takes",
    load: async () => (await import("./case/timeCase.ts")).timeCommand(),
  },
  draw: {
    summary: "a trial and its adjoint as a picture",
    load: async () => (await import("./case/drawCase.ts")).drawCommand(),
  },
  encode: {
    summary: "turn sounds into spikes",
    load: async () => (await import("./encode.ts")).encodeCommand(),
  },
  predict: {
    summary: "which word a sound is",
    load: async () => (await import("./predict.ts")).predictCommand(),
  },
  data: {
    summary: "get data sets and look at them",
    load: async () => (await import("./data/data.ts")).dataCommand(),
  },
  train: {
    summary: "train a network as a YAML file says",
    load: async () => (await import("./train/train.ts")).trainCommand(),
  },
  resume: {
    summary: "go on with a run from its last checkpoint",
    load: async () => (await import("./train/resume.ts")).resumeCommand(),
  },
  metrics: {
    summary: "the table of a run's epochs",
    load: async () => (await import("./train/metrics.ts")).metricsCommand(),
  },
  evaluate: {
    summary: "how well a trained run does",
    load: async () => (await import("./train/evaluate.ts")).evaluateCommand(),
  },
  export: {
    summary: "a network as .npz, .safetensors or .json",
    load: async () => (await import("./network/export.ts")).exportCommand(),
  },
  nir: {
    summary: "networks from and to NIR files",
    load: async () => (await import("./network/nir.ts")).nirCommand(),
  },
  verify: {
    summary: "whether a run, a suite or data are whole",
    load: async () => (await import("./verify.ts")).verifyCommand(),
  },
  service: {
    summary: "answer requests of other programs, a line of JSON each",
    load: async () => (await import("./service.ts")).serviceCommand(),
  },
  conform: {
    summary: "check another implementation",
    load: async () => (await import("./conform/conform.ts")).conformCommand(own),
  },
  xval: {
    summary: "cross-validate a configuration",
    load: async () => (await import("./train/xval.ts")).xvalCommand(),
  },
  sweep: {
    summary: "train every point of a study",
    load: async () => (await import("./sweep/sweep.ts")).sweepCommand(),
  },
  demo: {
    summary: "solve the certified cases, then learn spoken digits",
    load: async () => (await import("./demo/demo.ts")).demoCommand(),
  },
});

async function main(args: readonly string[]): Promise<void> {
  const program = new Command("goldspike")
    .description("Exact gradients of spiking neural networks by Eventprop, without time steps.")
    .version(version)
    .enablePositionalOptions()
    .addHelpText(
      "after",
      `
Exit codes:
  0  done
  1  the run could not be finished (a budget was used up, a loss is not defined), or a check failed
  2  wrong input or usage; one line on stderr says what and where

Set GOLDSPIKE_DEBUG=1 to see the stack of an error.`,
    );
  const [command, own] = args.filter((word) => word !== "help");
  await addCommands(program, commandsFor(own), command);
  reportUsage(program, "goldspike");
  await program.parseAsync(args, { from: "user" });
}

/** Wrong usage becomes an error with one line that names the help, in subcommands as well. */
function reportUsage(command: Command, name: string): void {
  command.exitOverride().showHelpAfterError(`See: ${name} --help`);
  command.configureOutput({
    writeOut: (text) => process.stdout.write(wrapped(text, process.stdout.columns)),
    writeErr: (text) => process.stderr.write(visibleLines(text)),
  });
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
