/** How far the runs of a study are, as comparisons between them look at it, and what these have decided so far. */
import { readMetrics } from "../run/metrics.ts";
import { runFile } from "../run/runFolder.ts";
import { hasFailed } from "./failures.ts";
import { type Plan, type Progress, planOf } from "./halving.ts";
import { resultOf } from "./pointResult.ts";
import type { Point } from "./points.ts";
import { pointFolder, type StudyFolder } from "./studyFolder.ts";

export async function progressOf({ path }: StudyFolder, point: Point): Promise<Progress> {
  const rows = await readMetrics(runFile(pointFolder(path, point.hash), "metrics"));
  const ended = resultOf(path, point)?.ended ?? "epochs";
  const failed = await hasFailed(path, point.hash);
  return {
    accuracies: rows.map(({ validation_accuracy: accuracy = 0 }) => accuracy),
    isOver: failed || ended !== "epochs",
    hasFailed: failed,
  };
}

/** How long each point is trained, by what the folders of all hold. */
export async function planIn(study: StudyFolder): Promise<Plan> {
  const { halving } = study.study;
  const progress = new Map<string, Progress>();
  if (halving) for (const point of study.points) progress.set(point.hash, await progressOf(study, point));
  return planOf(study.points, halving, ({ hash }) => progress.get(hash)!);
}
