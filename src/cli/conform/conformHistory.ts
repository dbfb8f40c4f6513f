/** `goldspike conform history`: what has changed between runs that were kept. */
import { Command } from "commander";
import { replaceFile, requireWritable } from "../../base/files.ts";
import { differenceOf } from "../../conformance/history/changes.ts";
import { historyPage } from "../../conformance/history/historyPage.ts";
import { differenceLines, runLine } from "../../conformance/history/historyText.ts";
import { keptRuns } from "../../conformance/history/keptRuns.ts";
import { print } from "../lines.ts";
import { pathOf } from "./judgingOptions.ts";

export function conformHistoryCommand(): Command {
  return new Command("history")
    .description(
      "A line for each run, then for each from the second on the cases whose verdict is " +
        "another than in the run before, cases that are new or gone, and parts whose error " +
        "takes more than ten times as much of what is granted. Runs are compared in the " +
        "order in which they are given.",
    )
    .argument("<results...>", "folders of conform run --results, or files of its --json")
    .option("--html <file>", "write a page too: runs as columns, cases as rows", pathOf)
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike conform run --results runs/monday -- ./my_backend
  $ goldspike conform run --results runs/tuesday -- ./my_backend
  $ goldspike conform history runs/monday runs/tuesday --html history.html
  $ goldspike conform run --json -- ./my_backend >> kept.jsonl; goldspike conform history kept.jsonl

Exit codes: 0 whatever has changed, 2 for wrong usage or a file that is none of a run.`,
    )
    .action(run);
}

async function run(paths: readonly string[], { html }: { readonly html?: string }): Promise<void> {
  if (html !== undefined) await requireWritable(html);
  const runs = (await Promise.all(paths.map(keptRuns))).flat();
  const differences = runs.slice(1).map((later, k) => differenceOf(runs[k]!, later));
  if (html !== undefined) await replaceFile(html, historyPage(runs, differences));
  const lines = [
    ...runs.map((kept, k) => runLine(kept, k + 1)),
    ...differences.flatMap((difference, k) => differenceLines(difference, k + 2)),
  ];
  print(`${lines.join("\n")}\n`);
}
