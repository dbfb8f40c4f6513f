/** `goldspike sweep status`: how far a study is. */
import { Command } from "commander";
import { Claims, type Held } from "../../study/claims.ts";
import { pointText } from "../../study/points.ts";
import { queuedTasks } from "../../study/slurm.ts";
import { type Standing, standingsOf } from "../../study/standing.ts";
import { openStudy, studyFile } from "../../study/studyFolder.ts";
import { pairsLine, print, printJson, say } from "../lines.ts";
import { defaultLease } from "./work.ts";

export function statusCommand(): Command {
  return new Command("status")
    .summary("how far a study is")
    .description(
      "Says how many points of a study are finished, running, stopped, waiting or failed, and why; of what was submitted to " +
        "Slurm, how many tasks are in which state.",
    )
    .argument("<dir>", "folder of the study")
    .option("--json", "every point, as JSON")
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike sweep status runs/losses
  $ goldspike sweep status runs/losses --json`,
    )
    .action(status);
}

const states = ["finished", "running", "stopped", "waiting", "failed"] as const;

async function status(path: string, { json }: { json?: boolean }): Promise<void> {
  const study = await openStudy(path);
  const held = await new Claims(studyFile(path, "claims"), defaultLease).held();
  const standings = await standingsOf(study, held);
  const tasks = await queuedTasks(path).catch((error: Error) => say(error.message));
  if (json) {
    const slurm = Object.fromEntries([...(tasks ?? [])].map(([job, its]) => [job, Object.fromEntries(its)]));
    printJson({ points: standings.map(plain), slurm });
    return;
  }
  const counts = states.map((state) => [state, standings.filter((one) => one.state === state).length]);
  print(`${pairsLine({ points: standings.length, ...Object.fromEntries(counts) })}\n`);
  for (const [job, its] of tasks ?? []) print(`slurm job=${job} ${pairsLine(Object.fromEntries(its))}\n`);
  for (const { point, state, failure } of standings) {
    if (state === "running")
      print(`running ${point.hash} ${pointText(point)}${signOf(held.get(point.hash)!)}\n`);
    if (state === "failed") print(`failed ${point.hash} ${pointText(point)}: ${failure}\n`);
  }
}

/** Where it runs, and whether it may be gone: of another machine only its silence is known. */
function signOf({ host, silence }: Held): string {
  const quiet = silence > defaultLease ? `, no sign for ${Math.round(silence)} s` : "";
  return ` on ${host}${quiet}`;
}

function plain({ point, state, result, failure }: Standing): unknown {
  const { hash, settings, seed, fold } = point;
  return { point: hash, settings, seed, fold, state, result, failure };
}
