/** Whether what is at a path is whole. It is only read, never written to. */
import { lstatSync } from "node:fs";
import { access, constants, readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { ConfigError } from "../base/errors.ts";
import { cannotRead, exists, requireOnDisk } from "../base/files.ts";
import { readOwnCheckpoint } from "../run/checkpoint.ts";
import { placeOf, soundCheckpoint } from "./checkpoints.ts";
import { dataFilesIn, isDataFile, verifyData } from "./dataFile.ts";
import { counted, type Finding, findingOf } from "./finding.ts";
import { isRunFolder, verifyRun } from "./runFolder.ts";
import { isSuite, verifyCase, verifyCaseFile, verifySuite } from "./suiteFolder.ts";

type Kind = "run" | "suite" | "case" | "checkpoint" | "data";

export interface Verification {
  readonly kind: Kind;
  /** One after another, each looked at when its turn comes. */
  readonly findings: AsyncGenerator<Finding>;
}

/** @throws ConfigError one line: the path cannot be read, or is none of these */
export async function verify(path: string): Promise<Verification> {
  const isFolder = await requireReadable(path);
  const verification = isFolder ? await ofFolder(path) : ofFile(path);
  if (verification) return verification;
  throw new ConfigError(
    `${path}: expected the folder of a run, a suite, a case (case.json), a checkpoint (.safetensors) or data ` +
      "(.h5, .h5.gz, .wav), got none of these",
  );
}

/** @returns whether it is a folder */
async function requireReadable(path: string): Promise<boolean> {
  try {
    const found = await stat(path);
    requireOnDisk(found);
    await access(path, constants.R_OK);
    if (found.isDirectory()) await readdir(path);
    return found.isDirectory();
  } catch (error) {
    const part = `${path}.part`;
    // Nothing but the beginning of a download is there.
    if (isDataFile(path) && (await exists(part)))
      throw new ConfigError(`${path}: is not there yet, only ${part} of an unfinished download`);
    throw cannotRead(path, error);
  }
}

async function ofFolder(path: string): Promise<Verification | undefined> {
  if (await isRunFolder(path)) return { kind: "run", findings: verifyRun(path) };
  if (await isSuite(path)) return { kind: "suite", findings: verifySuite(path) };
  if (isEntry(join(path, "case.json"))) return { kind: "case", findings: verifyCase(path) };
  const files = await dataFilesIn(path);
  if (files.length > 0) return { kind: "data", findings: verifyAll(files) };
  const runs = await runsIn(path);
  return runs.length > 0 ? { kind: "run", findings: verifyRuns(runs) } : undefined;
}

/** As the folds of a cross-validation lie. */
async function runsIn(folder: string): Promise<string[]> {
  const runs: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && (await isRunFolder(path))) runs.push(path);
  }
  return runs.sort();
}

async function* verifyRuns(runs: readonly string[]): AsyncGenerator<Finding> {
  for (const run of runs) yield* verifyRun(run);
}

function isEntry(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** What stands beside a file has its own turn. */
async function* verifyAll(files: readonly string[]): AsyncGenerator<Finding> {
  for (const file of files)
    for await (const finding of verifyData(file)) if (finding.path === file) yield finding;
}

function ofFile(path: string): Verification | undefined {
  if (path.endsWith(".safetensors")) return { kind: "checkpoint", findings: verifyCheckpoint(path) };
  if (isDataFile(path)) return { kind: "data", findings: verifyData(path) };
  if (/\.json$/.test(basename(path))) return { kind: "case", findings: verifyCaseFile(path) };
  return undefined;
}

async function* verifyCheckpoint(path: string): AsyncGenerator<Finding> {
  yield await findingOf(path, async () => {
    const own = await readOwnCheckpoint(path).catch(() => undefined);
    if (!own) return placeOf(await soundCheckpoint(path));
    const unusual = [...own.tensors].find(([, { data }]) => !data.every(Number.isFinite));
    if (unusual) throw new ConfigError(`${path}: ${unusual[0]}: expected finite numbers, got others`);
    return `of a program's own network, ${counted(own.epoch, "epoch")}`;
  });
}
