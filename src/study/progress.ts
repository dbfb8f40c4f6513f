/** How far the runs of a study are, as comparisons between them look at it, and what these have decided so far. */
import { readMetrics } from "../run/metrics.ts";
import { runFile } from "../run/runFolder.ts";
import { hasFailed } from "./failures.ts";
import { type Plan, type Progress, planOf } from "./halving.ts";
import { resultOf } from "./pointResult.ts";
import type { Point } from "./points.ts";
import { pointFolder, type StudyFolder } from "./studyFolder.ts";

/** What a point's run has noted of its epochs. */
export function metricsOf({ path }: StudyFolder, { hash }: Point): ReturnType<typeof readMetrics> {
  return readMetrics(runFile(pointFolder(path, hash), "metrics"));
}

async function progressOf(study: StudyFolder, point: Point): Promise<Progress> {
  const { path } = study;
  const rows = await metricsOf(study, point);
  const ended = resultOf(path, point)?.ended ?? "epochs";
  const failed = await hasFailed(path, point.hash);
  return {
    accuracies: rows.map(({ validation_accuracy: accuracy = 0 }) => accuracy),
    isOver: failed || ended !== "epochs",
    hasFailed: failed,
  };
}

/** Of points, by hash, what was read of them, and the epochs to which they were to be trained then. */
export type Known = Map<string, { readonly progress: Progress; readonly target: number }>;

/**
 * How long each point is trained, by what the folders of all hold.
 *
 * @param known what was found when this was asked before; points that had come as far as was decided are not looked at again
 */
export async function planIn(study: StudyFolder, known: Known = new Map()): Promise<Plan> {
  const { halving } = study.study;
  const progress = new Map<string, Progress>();
  if (halving)
    for (const point of study.points) {
      const before = known.get(point.hash);
      const isSettled = before && hasCome(before.progress, before.target);
      progress.set(point.hash, isSettled ? before.progress : await progressOf(study, point));
    }
  const plan = planOf(study.points, halving, ({ hash }) => progress.get(hash)!);
  for (const [hash, its] of progress) known.set(hash, { progress: its, target: plan.epochs.get(hash)! });
  return plan;
}

/** What has failed may be tried again. */
function hasCome({ accuracies, isOver, hasFailed: failed }: Progress, target: number): boolean {
  return !failed && (isOver || accuracies.length >= target);
}
