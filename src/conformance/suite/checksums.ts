/** SHA256SUMS of a suite: what its files must hold, line by line in the form that `sha256sum` writes and checks. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { ConfigError } from "../../base/errors.ts";
import { exists, fileReason, readInput } from "../../base/files.ts";
import { readText } from "../../base/text.ts";
import { visible } from "../../base/visible.ts";

/** Its name, beside the folders of groups. */
export const checksumsName = "SHA256SUMS";

/** 64 hexadecimal digits, two spaces, GROUP/NAME/FILE. */
const line = /^([0-9a-f]{64}) [ *]([^/\0]+\/[^/\0]+\/[^/\0]+)$/;

/**
 * The sums that a suite's list states, by the path of the file below the suite; undefined where there is no list.
 *
 * @throws ConfigError naming the line of the list that is none
 */
export async function listedSums(suite: string): Promise<ReadonlyMap<string, string> | undefined> {
  const path = join(suite, checksumsName);
  if (!(await exists(path))) return undefined;
  const sums = new Map<string, string>();
  for (const [k, entry] of readText(path).split("\n").entries()) {
    if (entry === "") continue;
    const [, sum, name] = line.exec(entry) ?? [];
    if (sum === undefined || name === undefined || /(^|\/)\.{1,2}(\/|$)/.test(name))
      throw new ConfigError(`${path}: line ${k + 1}: expected a SHA-256 and GROUP/NAME/FILE; ${restore}`);
    sums.set(name, sum);
  }
  return sums;
}

/** SHA-256 of a suite's list of checksums, its first digits; undefined where there is none. */
export async function suiteVersion(suite: string): Promise<string | undefined> {
  const path = join(suite, checksumsName);
  if (!(await exists(path))) return undefined;
  return createHash("sha256").update(readInput(path)).digest("hex").slice(0, 12);
}

/** Why a file is not what the list says, or undefined if it is. */
export function flawOf(file: string, sum: string): string | undefined {
  try {
    const found = createHash("sha256").update(readInput(file)).digest("hex");
    return found === sum ? undefined : `its SHA-256 is not that of ${checksumsName}`;
  } catch (error) {
    return fileReason(error);
  }
}

/**
 * A suite without a list has nothing to be checked against; folders that its list does not name are somebody's own.
 *
 * @throws ConfigError naming the first file that is missing or holds something else, or the line of the list that is none
 */
export async function requireUndamaged(suite: string): Promise<void> {
  for (const [name, sum] of (await listedSums(suite)) ?? []) {
    const file = join(suite, name);
    const flaw = flawOf(file, sum);
    if (flaw !== undefined)
      throw new ConfigError(`${visible(file)}: the suite is damaged: ${flaw}; ${restore}`);
  }
}

const restore = "restore the suite, or install the package anew";
