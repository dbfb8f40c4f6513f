/** `goldspike sweep list`: a command a point, for any engine that runs commands. */
import { resolve } from "node:path";
import { Command } from "commander";
import { shellWord } from "../../base/shellWord.ts";
import { standingsOf } from "../../study/standing.ts";
import { openStudy, requireIndependent } from "../../study/studyFolder.ts";
import type { RunConfig } from "../../training/config/run.ts";
import { print } from "../lines.ts";
import { threads } from "../options.ts";

interface ListOptions {
  readonly all?: boolean;
  readonly data?: string;
  readonly threads?: RunConfig["threads"];
}

export function listCommand(): Command {
  return new Command("list")
    .summary("a command a point, for other engines")
    .description(
      "Prints one command a line for every point that is not finished, to be run in any order, by any engine, on any machine " +
        "that sees the folder. Each trains its point to the end, or goes on with it.",
    )
    .argument("<dir>", "folder of the study")
    .option("--all", "also of points that are finished")
    .option("--data <dir>", "folder of the data set's files where the commands run")
    .option("--threads <n>", "threads of a point, or auto; default 1", threads)
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike sweep list runs/losses | parallel -j 8
  $ goldspike sweep list runs/losses > commands.txt

docs/studies.md shows it with Snakemake, GNU parallel and Kubernetes.`,
    )
    .action(list);
}

async function list(path: string, { all, data, threads: wanted }: ListOptions): Promise<void> {
  const study = await openStudy(path);
  requireIndependent(study);
  const options = [
    ...(data === undefined ? [] : ["--data", shellWord(resolve(data))]),
    ...(wanted === undefined ? [] : ["--threads", String(wanted)]),
  ].map((word) => `${word} `);
  const standings = await standingsOf(study, new Set());
  const lines = standings
    .filter(({ state }) => all || state !== "finished")
    .map(
      ({ point }) =>
        `goldspike sweep work ${shellWord(resolve(path))} ${options.join("")}--point ${point.hash}\n`,
    );
  print(lines.join(""));
}
