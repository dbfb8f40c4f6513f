/** Which sounds are meant: files as they are, and of a folder all WAV files in and below it, in order of their names. */
import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "../../base/errors.ts";
import { cannotRead } from "../../base/files.ts";

/** @throws ConfigError one is not there, or a folder has no WAV file */
export async function soundFiles(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const is = await stat(path).catch((error) => {
      throw cannotRead(path, error);
    });
    if (!is.isDirectory()) {
      found.push(path);
      continue;
    }
    const sounds = await within(path);
    if (sounds.length === 0) throw new ConfigError(`${path}: expected .wav files in or below it, found none`);
    found.push(...sounds.sort());
  }
  return found;
}

/** Links to folders are not followed, as they may lead in circles, and hidden files are nobody's recordings. */
async function within(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    throw cannotRead(folder, error);
  });
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith(".")) continue;
    if (entry.isDirectory()) found.push(...(await within(path)));
    else if (/\.wav$/i.test(entry.name) && (await isFile(entry, path))) found.push(path);
  }
  return found;
}

async function isFile(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
