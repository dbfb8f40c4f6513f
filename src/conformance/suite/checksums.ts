/** SHA256SUMS of a suite: what its files must hold, line by line in the form that `sha256sum` writes and checks. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "../../base/errors.ts";
import { cannotRead, exists, fileReason } from "../../base/files.ts";
import { visible } from "../../base/visible.ts";

/** Its name, beside the folders of groups. */
export const checksumsName = "SHA256SUMS";

/** 64 hexadecimal digits, two spaces, GROUP/NAME/FILE. */
const line = /^([0-9a-f]{64}) [ *]([^/\0]+\/[^/\0]+\/[^/\0]+)$/;

/**
 * A suite without a list has nothing to be checked against; folders that its list does not name are somebody's own.
 *
 * @throws ConfigError naming the first file that is missing or holds something else, or the line of the list that is none
 */
export async function requireUndamaged(suite: string): Promise<void> {
  const path = join(suite, checksumsName);
  if (!(await exists(path))) return;
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw cannotRead(path, error);
  });
  for (const [k, entry] of text.split("\n").entries()) {
    if (entry === "") continue;
    const [, sum, name] = line.exec(entry) ?? [];
    if (sum === undefined || name === undefined || /(^|\/)\.{1,2}(\/|$)/.test(name))
      throw new ConfigError(`${path}: line ${k + 1}: expected a SHA-256 and GROUP/NAME/FILE; ${restore}`);
    const file = join(suite, name);
    const bytes = await readFile(file).catch((error: unknown) => {
      throw new ConfigError(`${visible(file)}: the suite is damaged: ${fileReason(error)}; ${restore}`);
    });
    if (createHash("sha256").update(bytes).digest("hex") !== sum)
      throw new ConfigError(
        `${visible(file)}: the suite is damaged: its SHA-256 is not that of ${checksumsName}; ${restore}`,
      );
  }
}

const restore = "restore the suite, or install the package anew";
