/** `goldspike sweep estimate`: how long a study would take. */
import { Command } from "commander";
import { estimateOf } from "../../study/estimate.ts";
import { loadStudy } from "../../study/loadStudy.ts";
import { pointsOf, pointText } from "../../study/points.ts";
import { requireData } from "../../study/studyFolder.ts";
import { countBar } from "../bars.ts";
import { pairsLine, print, say } from "../lines.ts";
import { positiveInteger, positiveNumber } from "../options.ts";

interface EstimateCommandOptions {
  readonly data?: string;
  readonly threads: number;
  readonly sample: number;
  readonly seconds: number;
}

export function estimateCommand(): Command {
  return new Command("estimate")
    .summary("how long a study would take")
    .description(
      "Counts a study's points and trains some of them for some seconds, to tell how many core-hours all would take on this " +
        "machine, their time being proportional to their epochs.",
    )
    .argument("<study>", "YAML file")
    .option("--data <dir>", "folder of the data set's files, in place of the base's")
    .option("--threads <n>", "threads of a point", positiveInteger, 1)
    .option("--sample <n>", "points to time, at most, evenly over the study", positiveInteger, 24)
    .option("--seconds <s>", "seconds for which each is trained", positiveNumber, 5)
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike sweep estimate studies/shd_test.yaml --data ~/shd
  $ goldspike sweep estimate my_study.yaml --sample 6 --seconds 2

Prints points=N timed=K seconds_a_point=S core_hours=H.`,
    )
    .action(estimate);
}

async function estimate(path: string, { data, ...options }: EstimateCommandOptions): Promise<void> {
  const study = await loadStudy(path, data);
  const points = await pointsOf(study, path);
  await requireData(points, path);
  const combinations = new Set(points.map(({ combination }) => combination)).size;
  const bar = countBar("points timed", Math.min(options.sample, combinations), process.stderr);
  let timed = 0;
  const found = await estimateOf(points, study.halving, {
    ...options,
    onPoint: () => bar.show(++timed),
    onFailure: (point, line) => say(`${pointText(point)} would fail: ${line}`),
  }).finally(bar.stop);
  print(
    `${pairsLine({
      points: found.points,
      timed: found.timed,
      seconds_a_point: (found.seconds / found.points).toPrecision(3),
      core_hours: ((found.seconds * options.threads) / 3600).toPrecision(3),
    })}\n`,
  );
}
