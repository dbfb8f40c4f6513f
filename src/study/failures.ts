/** Points that have failed, and why: a file a point, in the study's folder. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ConfigError, KernelError } from "../base/errors.ts";
import { exists, namesIn, replaceFile, Unreadable, writeFailure } from "../base/files.ts";
import { readText } from "../base/text.ts";
import { parseJson } from "../format/parseJson.ts";
import { studyFile } from "./studyFolder.ts";

/**
 * Why a point has no result, if that is its own fault; undefined if it is the machine's: a full disk, or a file or folder that
 * cannot be read, as another machine may well do.
 */
export function pointFault(error: unknown): string | undefined {
  const isMachines = error instanceof Unreadable || writeFailure(error) !== undefined;
  if (!(error instanceof Error) || isMachines || "syscall" in error) return undefined;
  const isExpected = error instanceof KernelError || error instanceof ConfigError;
  // Of what nobody has expected the kind says as much as the words: RangeError, where memory ends.
  return isExpected ? error.message : String(error).split("\n", 1)[0]!;
}

const failureSchema = z.object({ failure: z.string() });

/** Why points have failed, by hash. */
export async function failuresIn(folder: string): Promise<Map<string, string>> {
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
