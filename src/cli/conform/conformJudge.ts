/** `goldspike conform judge`: results that were made elsewhere, or by an earlier run. */
import { join } from "node:path";
import { Command } from "commander";
import { strayResults } from "../../conformance/run/results.ts";
import { judgeResults } from "../../conformance/run/runSuite.ts";
import { say } from "../lines.ts";
import { judgeShown } from "./judgeShown.ts";
import { classHelp, type JudgingOptions, withJudging } from "./judgingOptions.ts";

export function conformJudgeCommand(): Command {
  const command = new Command("judge")
    .description(
      "Judges a folder of results, GROUP/NAME/result.json, as a run would: of a batch\n" +
        "job on another machine, or what conform run --results has kept. Of a relation\n" +
        "the second result is GROUP/NAME/related/result.json. Where there is none,\n" +
        'status.json may say why: {"format": "goldspike/status@1", "status":\n' +
        '"unsupported" | "refused" | "failed", "message": …}.',
    )
    .argument("<results>", "folder of results");
  return withJudging(command)
    .addHelpText(
      "after",
      `
${classHelp}

Examples:
  $ goldspike conform export cases && ./gpu_job cases results && goldspike conform judge results --class T3
  $ goldspike conform run --results results -- ./my_backend; goldspike conform judge results --class T1
  $ goldspike conform judge results --group core --junit conform.xml --html conform.html

Exit codes: 1 if a case fails or none passes, 2 for wrong usage.`,
    )
    .action(judge);
}

async function judge(results: string, options: JudgingOptions): Promise<void> {
  await judgeShown(options, {
    name: `results in ${results}`,
    resultOf: (path) => join(results, path),
    judge: async ({ entries, all }, run) => {
      for (const line of await strayResults(results, all, entries)) say(line);
      return judgeResults(entries, results, run);
    },
  });
}
