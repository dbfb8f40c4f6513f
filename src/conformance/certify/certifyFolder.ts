/** What is known about a case that lies in a folder. */
import { lstat, stat, unlink } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { ConfigError } from "../../base/errors.ts";
import { cannotRead, exists, readInput, replaceFile, requireWritable } from "../../base/files.ts";
import { loadCase } from "../../format/loadCase.ts";
import { readJson } from "../../format/readJson.ts";
import { certifyBatch } from "../../oracle/certify/certifyBatch.ts";
import { type Files, goldenFiles } from "../../oracle/certify/goldenFiles.ts";
import { type Batch, loadBatch } from "../batch/batch.ts";
import { type Group, groups } from "../suite/golden.ts";
import { catchesOf } from "../suite/suite.ts";
import { type CertifyOptions, goldenOf, oraclesCase, requireTimes } from "./certifyCase.ts";

/**
 * Writes golden.json, and raw files of its long arrays, beside case.json, or beside batch.json too. Without `catches` it says
 * of that what golden.json says by now.
 *
 * @returns the path of golden.json
 * @throws ConfigError the folder holds no case or one that cannot be certified, a time is not in the trial, or the folder
 *   cannot be written to
 */
export async function certifyFolder(
  folder: string,
  { catches, at, workers }: CertifyOptions,
): Promise<string> {
  await requireFolder(folder);
  const path = join(folder, "golden.json");
  await requireOwn(path);
  await requireWritable(path);
  const [problem, batch] = [await loadCase(folder), await loadBatch(folder)];
  const group = groupOf(folder, batch !== undefined);
  if (batch && at) throw new ConfigError("--at: a batch has no traces, leave it out");
  requireTimes(problem, at, "--at");
  const about = {
    group,
    name: problem.name,
    catches: catches ?? (await catchesOf({ group, name: problem.name, folder })) ?? "",
  };
  const files = await filesOf(folder, batch !== undefined);
  try {
    const solved = batch
      ? goldenFiles(
          about,
          files,
          "goldspike/batch_golden@1",
          await certifyBatch(oraclesCase(problem), plain(batch), workers),
        )
      : await goldenOf(problem, about, files, { at, workers });
    await write(folder, solved);
  } catch (error) {
    if (error instanceof ConfigError && !error.message.startsWith(folder))
      throw new ConfigError(`${folder}: cannot be certified: ${error.message}`);
    throw error;
  }
  return path;
}

async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch((error: unknown) => {
    throw cannotRead(folder, error);
  });
  if (!found.isDirectory()) throw new ConfigError(`${folder}: expected a folder with case.json, got a file`);
  if (await exists(join(folder, "relation.json")))
    throw new ConfigError(`${folder}: has relation.json: what related cases must agree in needs no values`);
}

/** What others may have under another name is not written to. */
async function requireOwn(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSymbolicLink()) throw new ConfigError(`${path}: is a link: remove it, to have a file there`);
}

/** A folder of no group may become one of any. */
function groupOf(folder: string, isBatch: boolean): Group {
  const parent = basename(dirname(resolve(folder))) as Group;
  const group = groups.includes(parent) && parent !== "metamorphic" ? parent : isBatch ? "batch" : "core";
  if (!isBatch && group === "batch")
    throw new ConfigError(`${folder}: expected batch.json in a folder of the group batch`);
  return group;
}

/** The case's own, for the hash that a golden.json is bound to. */
async function filesOf(folder: string, isBatch: boolean): Promise<Files> {
  const files: Record<string, Uint8Array> = {};
  for (const name of ["case.json", ...(isBatch ? ["batch.json"] : [])]) {
    const path = join(folder, name);
    files[name] = readInput(path);
    for (const raw of rawFilesOf(await readJson(path))) files[raw] = readInput(join(folder, raw));
  }
  return files;
}

function rawFilesOf(json: unknown): string[] {
  if (typeof json !== "object" || json === null) return [];
  if ("file" in json && typeof json.file === "string") return [json.file];
  return Object.values(json).flatMap(rawFilesOf);
}

function plain({ trials, batchSize, learningRate }: Batch) {
  const each = trials.map(({ input, target }) => ({
    input: { times: Array.from(input.times), sources: Array.from(input.sources) },
    target,
  }));
  return { trials: each, batch_size: batchSize, learning_rate: learningRate };
}

/** golden.json last: as long as it is there, so is all that it refers to. */
async function write(folder: string, files: Files): Promise<void> {
  const { "golden.json": golden, ...raw } = files;
  const old = join(folder, "golden.json");
  for (const name of Object.keys(raw)) await requireOwn(join(folder, name));
  if (Object.keys(raw).length > 0 && (await exists(old))) await unlink(old);
  for (const [name, content] of Object.entries(raw)) await replaceFile(join(folder, name), [content]);
  await replaceFile(old, [golden!]);
}
