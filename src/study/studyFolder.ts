/** The folder of a study: what the study is, a run's folder for each point, and who works on what. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { ConfigError } from "../base/errors.ts";
import { exists, isTemporary, makeFolder, namesIn, replaceFile } from "../base/files.ts";
import { shellWord } from "../base/shellWord.ts";
import { plainOrPacked } from "../data/loadDataset.ts";
import { requireSame } from "../run/compatible.ts";
import { requirePlace } from "../run/runFolder.ts";
import type { RunConfig } from "../training/config/run.ts";
import { loadStudy } from "./loadStudy.ts";
import { type Point, pointsOf } from "./points.ts";
import type { Study } from "./schema.ts";

const names = {
  /** The whole study; workers and tables know it from here. */
  study: "study.yaml",
  /** The points' runs, by hash. */
  points: "points",
  claims: "claims",
  /** Why points have failed, by hash. */
  failures: "failures",
  table: "table.csv",
  report: "report.html",
  /** Scripts, job numbers and what tasks say. */
  slurm: "slurm",
} as const;

export type StudyFile = keyof typeof names;

/** A study in its folder. */
export interface StudyFolder {
  readonly path: string;
  readonly study: Study;
  readonly points: readonly Point[];
}

/** Where a study keeps something. */
export function studyFile(folder: string, file: StudyFile): string {
  return join(folder, names[file]);
}

/** Where a point's run is. */
export function pointFolder(folder: string, hash: string): string {
  return join(studyFile(folder, "points"), hash);
}

/**
 * A study for a folder, in which nothing is written yet. Workers on other machines read there where the data are: that stays
 * as it was told when the study was begun, unless it is told anew.
 *
 * @param path of the folder, which may hold the same study
 * @param source the study's file
 * @param data folder of the data set's files, if not the base's
 * @throws ConfigError one line if the folder holds something else, or another study; if a point is not possible
 */
export async function studyFor(path: string, source: string, data?: string): Promise<StudyFolder> {
  const told = await loadStudy(source, data);
  await requirePlace(path);
  const file = studyFile(path, "study");
  const found = await loadIfThere(path);
  if (found)
    requireSame(file, settled(found), settled(told), source, "; other studies need other folders (-o)");
  const study = found && data === undefined ? withDataOf(found, told) : told;
  return { path, study, points: await pointsOf(study, source) };
}

/** Makes the folder of a study, or leaves it as it was made. @throws ConfigError one line if it cannot be written */
export async function prepareStudy({ path, study }: StudyFolder): Promise<void> {
  await makeParts(path);
  const file = studyFile(path, "study");
  const text = stringify(study);
  if ((await readFile(file, "utf8").catch(() => undefined)) !== text) await replaceFile(file, text);
}

const parts = ["points", "claims", "failures"] as const;

/** The folders in the study's, those that are missing. */
export async function makeParts(path: string): Promise<void> {
  for (const part of parts) await makeFolder(studyFile(path, part));
}

interface Base {
  readonly threads?: unknown;
  readonly dataset?: { readonly folder?: string };
}

/** The same study, its data set's files in the folder where another one has them. */
function withDataOf({ base: other }: Study, { base, ...others }: Study): Study {
  const { folder } = (other as Base).dataset ?? {};
  if (folder === undefined) return { ...others, base };
  return { ...others, base: { ...base, dataset: { ...(base as Base).dataset, folder } } };
}

/** Without what may differ when a study goes on: where its data are, and how many threads compute. */
function settled({ base, ...others }: Study): object {
  const { threads: _, dataset, ...settings } = base as Base;
  const { folder: __, ...recordings } = dataset ?? {};
  return { ...others, base: { ...settings, dataset: recordings } };
}

async function loadIfThere(path: string): Promise<Study | undefined> {
  const entries = await namesIn(path);
  const hasParts = parts.some((part) => entries.includes(names[part]));
  // Without the folders that are made first it is somebody's own.
  if (entries.includes(names.study) && hasParts) return loadStudy(studyFile(path, "study"));
  const own = hasParts ? Object.values<string>(names) : [];
  const other = entries.find((name) => !own.includes(name) && !isTemporary(name));
  if (other === undefined) return undefined;
  throw new ConfigError(`${path}: expected an empty folder or that of this study, got one with ${other}`);
}

/**
 * A study that was begun.
 *
 * @param data folder of the data set's files, if not the study's
 * @throws ConfigError one line if the folder holds no study, or one that cannot be read
 */
export async function openStudy(path: string, data?: string): Promise<StudyFolder> {
  const file = studyFile(path, "study");
  if ((await stat(file).catch(() => undefined)) === undefined)
    throw new ConfigError(
      `${path}: expected the folder of a study, found no ${names.study} in it; make one with: goldspike sweep prepare STUDY -o DIR`,
    );
  const study = await loadStudy(file, data).catch((error: Error) => {
    const way = `; if it is damaged, remove it, then: goldspike sweep prepare STUDY -o ${shellWord(path)}`;
    throw error instanceof ConfigError ? new ConfigError(`${error.message}${way}`) : error;
  });
  return { path, study, points: await pointsOf(study, file) };
}

/** @throws ConfigError points that cannot be trained one by one, since comparisons between them decide how long */
export function requireIndependent({ path, study }: StudyFolder): void {
  if (study.halving)
    throw new ConfigError(
      `${path}: expected a study without halving, whose points wait for each other; begin workers with: goldspike sweep work`,
    );
}

/**
 * Says before any point is begun whether the files are there that points name: that they are not is seldom a point's fault.
 *
 * @param source starts the message
 * @param way what to do about it
 * @throws ConfigError naming the first that is missing
 */
export async function requireData(
  points: readonly Point[],
  source: string,
  way = "name the folder of the data set's files with --data",
): Promise<void> {
  const files = new Set(points.flatMap(({ config: { dataset } }) => filesOf(dataset)));
  for (const file of files)
    if (!(await exists(await plainOrPacked(file))))
      throw new ConfigError(`${source}: ${file}: is missing; ${way}`);
}

function filesOf(dataset: RunConfig["dataset"]): string[] {
  if (dataset.kind !== "shd") return [];
  const { folder, train, validation, test } = dataset;
  return [train, validation, test].flatMap((name) => (name === undefined ? [] : [join(folder, name)]));
}
