/** A run's folder: each of its files, whether they are of one run, and what is left of killed processes. */
import { lstat } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { ConfigError } from "../base/errors.ts";
import { readText } from "../base/text.ts";
import type { Checkpoint } from "../run/checkpoint.ts";
import { type RunFile, runFile } from "../run/runFolder.ts";
import { loadRunConfig } from "../training/config/load.ts";
import type { RunConfig } from "../training/config/run.ts";
import { placeOf, soundCheckpoint } from "./checkpoints.ts";
import { counted, type Finding, findingOf } from "./finding.ts";
import { leftovers } from "./leftovers.ts";
import { checkReport, checkResult } from "./runEnd.ts";
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

/** What the files of a run are compared with, as far as they can be read. */
interface Known {
  config: { readonly path: string; readonly value: RunConfig } | undefined;
  last: Checkpoint | undefined;
  previous: Checkpoint | undefined;
}

export async function* verifyRun(folder: string): AsyncGenerator<Finding> {
  const known: Known = { config: undefined, last: undefined, previous: undefined };
  yield await configFinding(folder, known);
  yield* checkpointFindings(folder, known);
  const newest = known.last ?? known.previous;
  yield await tableFinding(folder, newest);
  yield* endFindings(folder, known);
  yield* leftovers(folder);
}

async function configFinding(folder: string, known: Known): Promise<Finding> {
  const path = runFile(folder, "config");
  if (!(await isThere(path))) return missing(path, "the run cannot go on");
  return findingOf(path, async () => {
    const value = await loadRunConfig(path);
    known.config = { path, value };
    return `a run of ${counted(value.epochs, "epoch")}`;
  });
}

async function* checkpointFindings(folder: string, known: Known): AsyncGenerator<Finding> {
  const [last, previous, best] = (["last", "previous", "best"] as const).map((file) => runFile(folder, file));
  const [hasLast, hasPrevious, hasBest] = await Promise.all([last!, previous!, best!].map(isThere));
  const table = await isThere(runFile(folder, "metrics"));
  const read = async (path: string) => soundCheckpoint(path, known.config);
  if (hasLast)
    yield await findingOf(last!, async () => {
      known.last = await read(last!);
      return placeOf(known.last);
    });
  else if (hasPrevious) yield missing(last!, "resume goes on from the one before");
  else if (table || hasBest) yield* unbegun(folder, last!, hasBest!);
  else yield { path: last!, state: "not_yet", message: "no epoch has ended" };
  if (hasPrevious)
    yield await findingOf(previous!, async () => {
      known.previous = await read(previous!);
      if (known.last) requireBefore(previous!, known.previous, known.last);
      return placeOf(known.previous);
    });
  const newest = known.last ?? known.previous;
  if (hasBest)
    yield await findingOf(best!, async () => {
      const checkpoint = await read(best!);
      if (newest) requireBest(best!, checkpoint, newest);
      return placeOf(checkpoint);
    });
  else if (newest && newest.progress.selected.epoch > 0)
    yield missing(best!, `epoch ${newest.progress.selected.epoch}, which the run has selected, is lost`);
  else if (newest) yield { path: best!, state: "not_yet", message: "no epoch has ended" };
}

/** A run that was killed before its first checkpoint may have left a line of metrics and that epoch's `best`. */
async function* unbegun(folder: string, last: string, hasBest: boolean): AsyncGenerator<Finding> {
  const metrics = runFile(folder, "metrics");
  const lines = (await isThere(metrics)) ? await findingOf(metrics, () => readText(metrics)) : undefined;
  const count = lines?.state === "ok" ? lines.message.split("\n").filter((line) => line !== "").length : 0;
  const ended = await isThere(runFile(folder, "result"));
  if (count > 1 || ended || (hasBest && count === 0)) yield missing(last, "the run cannot go on");
  else yield { path: last, state: "not_yet", message: "the first epoch's end was not reached" };
}

/** @throws ConfigError the two are not of one run */
function requireBefore(path: string, previous: Checkpoint, last: Checkpoint): void {
  const { history } = previous;
  if (history.length > last.history.length)
    throw new ConfigError(
      `${path}: expected a checkpoint of before the newest, got one ${placeOf(previous)}`,
    );
  if (!isDeepStrictEqual(history, last.history.slice(0, history.length)))
    throw new ConfigError(`${path}: history: expected the epochs of the newest checkpoint, got others`);
}

/** The end of an epoch writes it before the newest checkpoint, so it may be of an epoch that is trained again. */
function requireBest(path: string, best: Checkpoint, newest: Checkpoint): void {
  const { epoch } = newest.progress.selected;
  if (best.epoch !== epoch && best.epoch <= newest.history.length)
    throw new ConfigError(`${path}: epoch: expected ${epoch}, which the run has selected, got ${best.epoch}`);
  const shared = Math.min(best.history.length, newest.history.length);
  if (!isDeepStrictEqual(best.history.slice(0, shared), newest.history.slice(0, shared)))
    throw new ConfigError(`${path}: history: expected the epochs of the newest checkpoint, got others`);
}

async function tableFinding(folder: string, newest: Checkpoint | undefined): Promise<Finding> {
  const path = runFile(folder, "metrics");
  if (await isThere(path)) return findingOf(path, () => checkTable(path, newest?.history));
  if (newest === undefined || newest.history.length === 0)
    return { path, state: "not_yet", message: "no epoch has ended" };
  return missing(path, "resume writes it again, without the seconds");
}

/** Both are there, or neither. */
async function* endFindings(folder: string, { config, last }: Known): AsyncGenerator<Finding> {
  const [result, report] = [runFile(folder, "result"), runFile(folder, "report")];
  const [hasResult, hasReport] = await Promise.all([result, report].map(isThere));
  if (hasResult) yield await findingOf(result, () => checkResult(result, last));
  else yield { path: result, state: "not_yet", message: "the run has not ended" };
  if (hasReport && !hasResult)
    yield {
      path: report,
      state: "left",
      message: "of an end before the run went on; resume writes it again",
    };
  else if (hasReport)
    yield await findingOf(report, () => checkReport(report, config && readText(config.path)));
  else if (hasResult) yield missing(report, "resume writes it");
  else yield { path: report, state: "not_yet", message: "the run has not ended" };
}

function missing(path: string, message: string): Finding {
  return { path, state: "missing", message };
}
