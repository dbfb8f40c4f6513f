/** `goldspike sweep list`: a command a point, for any engine that runs commands. */
import { resolve } from "node:path";
import { Command } from "commander";
import { shellWord } from "../../base/shellWord.ts";
import { standingsOf } from "../../study/standing.ts";
import { openStudy } from "../../study/studyFolder.ts";
import { print } from "../lines.ts";

interface ListOptions {
  readonly all?: boolean;
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

async function list(path: string, { all }: ListOptions): Promise<void> {
  const standings = await standingsOf(await openStudy(path), new Set());
  const lines = standings
    .filter(({ state }) => all || state !== "finished")
    .map(({ point }) => `goldspike sweep work ${shellWord(resolve(path))} --point ${point.hash}\n`);
  print(lines.join(""));
}
