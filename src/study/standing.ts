/** How far each point of a study is, by what its folder holds. */
import { exists, namesIn } from "../base/files.ts";
import { runFile } from "../run/runFolder.ts";
import { failuresIn } from "./failures.ts";
import { type Plan, remainsOpen } from "./halving.ts";
import { hasReached, type PointResult, resultOf } from "./pointResult.ts";
import type { Point } from "./points.ts";
import { planIn } from "./progress.ts";
import { pointFolder, type StudyFolder, studyFile } from "./studyFolder.ts";

export interface Standing {
  readonly point: Point;
  /** What has reached a comparison that is still to come is waiting. */
  readonly state: "finished" | "failed" | "running" | "stopped" | "waiting";
  /** Of a run that has come to an end, be it only to that of a comparison between points, and has not failed after it. */
  readonly result: PointResult | undefined;
  /** Why it has failed. */
  readonly failure: string | undefined;
}

/** Nothing is left to do, for better or worse. */
export function isOver({ state }: Standing): boolean {
  return state === "finished" || state === "failed";
}

/** @param held points that somebody works on */
export async function standingsOf(
  study: StudyFolder,
  held: Pick<ReadonlySet<string>, "has">,
): Promise<Standing[]> {
  const failed = await failuresIn(study.path);
  // Says so where they cannot be read, in place of that nothing is done.
  await namesIn(studyFile(study.path, "points"));
  const plan = await planIn(study);
  return Promise.all(
    study.points.map(async (point) => {
      const failure = failed.get(point.hash);
      if (failure !== undefined) return { point, state: "failed", result: undefined, failure };
      const result = resultOf(study.path, point);
      const state = await stateOf(study.path, point, plan, result);
      // Whoever has finished a point may be gone before its claim is.
      const isRunning = state !== "finished" && held.has(point.hash);
      return { point, state: isRunning ? "running" : state, result, failure };
    }),
  );
}

/** Of a point on which nobody works. */
async function stateOf(
  folder: string,
  point: Point,
  plan: Plan,
  result: PointResult | undefined,
): Promise<Standing["state"]> {
  if (hasReached(result, plan.epochs.get(point.hash)!))
    return remainsOpen(plan, point) ? "waiting" : "finished";
  return (await exists(runFile(pointFolder(folder, point.hash), "config"))) ? "stopped" : "waiting";
}
