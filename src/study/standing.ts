/** How far each point of a study is, by what its folder holds. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { exists, namesIn, replaceFile } from "../base/files.ts";
import { readText } from "../base/text.ts";
import { parseJson } from "../format/parseJson.ts";
import { runFile } from "../run/runFolder.ts";
import type { Point } from "./points.ts";
import { pointFolder, type StudyFolder, studyFile } from "./studyFolder.ts";

const scoreSchema = z.object({ trials: z.number(), loss: z.number(), accuracy: z.number() });

const resultSchema = z.object({
  ended: z.string(),
  epochs: z.number(),
  selected: z.object({ epoch: z.number() }),
  validation: scoreSchema.optional(),
  test: scoreSchema.optional(),
  /** Of the test part where there is one, else of the validation part. */
  confusion: z.object({ counts: z.array(z.array(z.number())) }),
});

/** What of a finished run is compared. */
export type PointResult = z.output<typeof resultSchema>;

export interface Standing {
  readonly point: Point;
  readonly state: "finished" | "failed" | "running" | "stopped" | "waiting";
  /** Of a run that has come to an end, be it only to that of a comparison between points. */
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
  return Promise.all(
    study.points.map(async (point) => {
      const failure = failed.get(point.hash);
      const result = resultOf(study.path, point);
      return { point, state: await stateOf(study.path, point, held, failure, result), result, failure };
    }),
  );
}

async function stateOf(
  folder: string,
  { hash }: Point,
  held: Pick<ReadonlySet<string>, "has">,
  failure: string | undefined,
  result: PointResult | undefined,
): Promise<Standing["state"]> {
  if (held.has(hash)) return "running";
  if (failure !== undefined) return "failed";
  if (result !== undefined) return "finished";
  return (await exists(runFile(pointFolder(folder, hash), "config"))) ? "stopped" : "waiting";
}

/** Undefined where there is none, or a damaged one, which the run's checkpoints make again. */
export function resultOf(folder: string, { hash }: Point): PointResult | undefined {
  const path = runFile(pointFolder(folder, hash), "result");
  try {
    const found = resultSchema.safeParse(parseJson(readText(path), path));
    return found.success ? found.data : undefined;
  } catch {
    return undefined;
  }
}

const failureSchema = z.object({ failure: z.string() });

/** Why points have failed, by hash. */
async function failuresIn(folder: string): Promise<Map<string, string>> {
  const path = studyFile(folder, "failures");
  const names = await namesIn(path);
  const failures = new Map<string, string>();
  for (const name of names.filter((one) => one.endsWith(".json"))) {
    const file = join(path, name);
    failures.set(
      name.slice(0, -".json".length),
      failureIn(file) ?? `${file}: is damaged; try again with --retry`,
    );
  }
  return failures;
}

/** Undefined of a damaged file. */
function failureIn(file: string): string | undefined {
  try {
    return failureSchema.parse(parseJson(readText(file), file)).failure;
  } catch {
    return undefined;
  }
}

function failureFile(folder: string, hash: string): string {
  return join(studyFile(folder, "failures"), `${hash}.json`);
}

/** Lets a point be a row that says why it has no result. */
export async function recordFailure(folder: string, hash: string, line: string): Promise<void> {
  await replaceFile(failureFile(folder, hash), `${JSON.stringify({ failure: line })}\n`);
}

export function hasFailed(folder: string, hash: string): Promise<boolean> {
  return exists(failureFile(folder, hash));
}

/** Lets a point that has failed be tried again. */
export async function clearFailure(folder: string, hash: string): Promise<void> {
  await rm(failureFile(folder, hash), { force: true });
}

/** The same of all. */
export async function clearFailures(folder: string): Promise<void> {
  for (const hash of (await failuresIn(folder)).keys()) await clearFailure(folder, hash);
}
