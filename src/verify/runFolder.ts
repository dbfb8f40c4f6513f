/** A run's folder: each of its files, whether they are of one run, and what is left of killed processes. */
import { lstat } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { stringify } from "yaml";
import { ConfigError } from "../base/errors.ts";
import { readText } from "../base/text.ts";
import type { Checkpoint } from "../run/checkpoint.ts";
import { requireSame } from "../run/compatible.ts";
import { countMetrics } from "../run/metrics.ts";
import { type RunFile, runFile } from "../run/runFolder.ts";
import { loadRunConfig } from "../training/config/load.ts";
import type { RunConfig } from "../training/config/run.ts";
import { placeOf, soundCheckpoint } from "./checkpoints.ts";
import { counted, type Finding, findingOf, isFlaw, reasonOf } from "./finding.ts";
import { leftovers } from "./leftovers.ts";
import { checkedResult, checkReport, type RunResult } from "./runEnd.ts";
import { checkTable } from "./runTable.ts";

/** Any of these makes a folder that of a run. */
const telling: readonly RunFile[] = ["config", "last", "previous", "best"];

export async function isRunFolder(folder: string): Promise<boolean> {
  for (const file of telling) if (await isThere(runFile(folder, file))) return true;
  return false;
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}

type CheckpointFile = "last" | "previous" | "best";
const checkpointFiles: readonly CheckpointFile[] = ["last", "previous", "best"];

/** One checkpoint's tensors at a time are in memory. */
type Remembered = Omit<Checkpoint, "tensors">;

/** What the files of a run are compared with. */
interface Known {
  readonly folder: string;
  /** Absent where there is none, or one that cannot be read. */
  readonly config: RunConfig | undefined;
  /** Those that can be read, each for itself. */
  readonly checkpoints: Partial<Record<CheckpointFile, Remembered>>;
  /** Why the others cannot. */
  readonly flaws: Partial<Record<RunFile, string>>;
  /** The last, or the one before. */
  readonly newest: Remembered | undefined;
}

/** Times that a run at work is looked at: its files do not change all at once. */
const looks = 3;

export async function* verifyRun(folder: string): AsyncGenerator<Finding> {
  for (let look = 1; ; look++) {
    const found: Finding[] = [];
    for await (const finding of findingsOf(folder)) found.push(finding);
    const isAtWork = found.some(({ state }) => state === "in_use");
    if (isAtWork && found.some(isFlaw) && look < looks) continue;
    return yield* found;
  }
}

async function* findingsOf(folder: string): AsyncGenerator<Finding> {
  const known = await readRun(folder);
  const ofOneRun = configIsOwn(known);
  yield await configFinding(known, ofOneRun);
  yield* checkpointFindings(known, ofOneRun);
  yield await tableFinding(known);
  yield* endFindings(known);
  yield* leftovers(folder);
}

async function readRun(folder: string): Promise<Known> {
  const flaws: Partial<Record<RunFile, string>> = {};
  const attempt = async <Content>(file: RunFile, read: (path: string) => Promise<Content>) => {
    const path = runFile(folder, file);
    if (!(await isThere(path))) return undefined;
    return read(path).catch((error: unknown) => {
      flaws[file] = reasonOf(path, error);
      return undefined;
    });
  };
  const config = await attempt("config", ownConfig);
  const remembered = async (path: string): Promise<Remembered> => {
    const { tensors: _, ...rest } = await soundCheckpoint(path);
    return rest;
  };
  const last = await attempt("last", remembered);
  const previous = await attempt("previous", remembered);
  const best = await attempt("best", remembered);
  const checkpoints = { ...(last && { last }), ...(previous && { previous }), ...(best && { best }) };
  return { folder, config, checkpoints, flaws, newest: last ?? previous };
}

/** @throws ConfigError also where the file says the same in other words, since those who write it always use these */
async function ownConfig(path: string): Promise<RunConfig> {
  const config = await loadRunConfig(path);
  if (readText(path) !== stringify(config))
    throw new ConfigError(`${path}: expected the text that a run writes, got an edited or a damaged one`);
  return config;
}

/** Whether one checkpoint agrees with the configuration: else it is the one that is not of this run. */
function configIsOwn({ config, checkpoints }: Known): boolean {
  const all = Object.values(checkpoints);
  if (config === undefined) return false;
  return all.length === 0 || all.some(({ configuration }) => !differs("", configuration, config, ""));
}

/** The first setting in which two configurations differ, as a message. */
function differs(path: string, found: object, wanted: object, of: string): string | undefined {
  try {
    requireSame(path, found, wanted, of);
    return undefined;
  } catch (error) {
    return reasonOf(path, error);
  }
}

async function configFinding(known: Known, isOwn: boolean): Promise<Finding> {
  const { folder, config, flaws, checkpoints } = known;
  const path = runFile(folder, "config");
  if (!(await isThere(path))) return missing(path, "the run cannot go on");
  if (config === undefined) return damaged(path, flaws.config!);
  if (isOwn) return { path, state: "ok", message: `a run of ${counted(config.epochs, "epoch")}` };
  const file = checkpointFiles.find((name) => checkpoints[name])!;
  return damaged(path, differs(path, config, checkpoints[file]!.configuration, runFile(folder, file))!);
}

async function* checkpointFindings(known: Known, ofOneRun: boolean): AsyncGenerator<Finding> {
  const { folder, config, checkpoints, flaws, newest } = known;
  const path = (file: RunFile) => runFile(folder, file);
  const settings = ofOneRun ? config : newest?.configuration;
  const of = ofOneRun ? path("config") : path(checkpoints.last ? "last" : "previous");
  const finding = (file: CheckpointFile, compare: (checkpoint: Remembered) => void): Promise<Finding> =>
    findingOf(path(file), () => {
      const checkpoint = checkpoints[file];
      if (!checkpoint) throw new ConfigError(flaws[file]!);
      if (settings) requireSame(path(file), checkpoint.configuration, settings, of);
      compare(checkpoint);
      return placeOf(checkpoint);
    });
  const [hasPrevious, hasBest] = [await isThere(path("previous")), await isThere(path("best"))];
  if (await isThere(path("last"))) yield await finding("last", () => {});
  else if (hasPrevious) yield missing(path("last"), "resume goes on from the one before");
  else yield await unbegun(folder, hasBest);
  if (hasPrevious)
    yield await finding("previous", (checkpoint) => {
      if (checkpoints.last) requireBefore(path("previous"), checkpoint, checkpoints.last);
    });
  const selected = newest?.progress.selected.epoch ?? 0;
  if (hasBest)
    yield await finding("best", (checkpoint) => {
      if (newest) requireBest(path("best"), checkpoint, newest);
    });
  else if (selected > 0)
    yield missing(path("best"), `epoch ${selected}, which the run has selected, is lost`);
  else yield notYet(path("best"), "no epoch has ended");
}

/** A run that was killed before its first checkpoint may have left a line of metrics and that epoch's `best`. */
async function unbegun(folder: string, hasBest: boolean): Promise<Finding> {
  const path = runFile(folder, "last");
  const lines = await countMetrics(runFile(folder, "metrics")).catch(() => Number.POSITIVE_INFINITY);
  const ended = await isThere(runFile(folder, "result"));
  if (lines > 1 || ended || (hasBest && lines === 0)) return missing(path, "the run cannot go on");
  return notYet(path, "no epoch has ended");
}

/** @throws ConfigError the two are not of one run */
function requireBefore(path: string, previous: Remembered, last: Remembered): void {
  const { history } = previous;
  if (history.length > last.history.length)
    throw new ConfigError(
      `${path}: expected a checkpoint of before the newest, got one ${placeOf(previous)}`,
    );
  if (!isDeepStrictEqual(history, last.history.slice(0, history.length)))
    throw new ConfigError(`${path}: history: expected the epochs of the newest checkpoint, got others`);
}

/** The end of an epoch writes it before the newest checkpoint, so it may be of an epoch that is trained again. */
function requireBest(path: string, best: Remembered, newest: Remembered): void {
  const { epoch } = newest.progress.selected;
  if (best.epoch !== epoch && best.epoch <= newest.history.length)
    throw new ConfigError(`${path}: epoch: expected ${epoch}, which the run has selected, got ${best.epoch}`);
  const shared = Math.min(best.history.length, newest.history.length);
  if (!isDeepStrictEqual(best.history.slice(0, shared), newest.history.slice(0, shared)))
    throw new ConfigError(`${path}: history: expected the epochs of the newest checkpoint, got others`);
}

async function tableFinding({ folder, newest }: Known): Promise<Finding> {
  const path = runFile(folder, "metrics");
  if (await isThere(path)) return findingOf(path, () => checkTable(path, newest?.history));
  if (newest === undefined || newest.history.length === 0) return notYet(path, "no epoch has ended");
  return missing(path, "resume writes it again, without the seconds");
}

/** Both are there, or neither. */
async function* endFindings({ folder, config, checkpoints }: Known): AsyncGenerator<Finding> {
  const [result, report] = [runFile(folder, "result"), runFile(folder, "report")];
  const [hasResult, hasReport] = [await isThere(result), await isThere(report)];
  let scores: RunResult | undefined;
  if (hasResult)
    yield await findingOf(result, () => {
      scores = checkedResult(result, checkpoints.last);
      return `ended after epoch ${scores.epochs}`;
    });
  else yield notYet(result, "the run has not ended");
  if (hasReport && !hasResult)
    yield {
      path: report,
      state: "left",
      message: "of an end before the run went on; resume writes it again",
    };
  else if (hasReport)
    yield await findingOf(report, () => {
      checkReport(report, config && readText(runFile(folder, "config")), scores);
      return "";
    });
  else if (hasResult) yield missing(report, "resume writes it");
  else yield notYet(report, "the run has not ended");
}

function missing(path: string, message: string): Finding {
  return { path, state: "missing", message };
}

function damaged(path: string, message: string): Finding {
  return { path, state: "damaged", message };
}

function notYet(path: string, message: string): Finding {
  return { path, state: "not_yet", message };
}
