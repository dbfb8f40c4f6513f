/** Bytes of a file, unpacked where its name ends in .gz. */
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { ConfigError } from "../errors.ts";
import { fileReason } from "../files.ts";

/**
 * zlib rather than a JavaScript library because it compares the checksum: a damaged file is an error, not other data.
 *
 * @throws ConfigError the file cannot be read or unpacked
 */
export async function fileBytes(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new ConfigError(`${path}: cannot be read: ${fileReason(error)}`);
  });
  if (!path.endsWith(".gz")) return bytes;
  return promisify(gunzip)(bytes).catch((error: Error) => {
    throw new ConfigError(`${path}: not a whole gzip file (${error.message})`);
  });
}
