/** Which sounds are meant: files as they are, and of a folder all WAV files in and below it, in order of their names. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "../errors.ts";
import { cannotRead } from "../files.ts";

/** @throws ConfigError one is not there, or a folder has no WAV file */
export async function soundFiles(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const is = await stat(path).catch((error) => {
      throw cannotRead(path, error);
    });
    found.push(...(is.isDirectory() ? await within(path) : [path]));
  }
  return found;
}

async function within(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch((error) => {
    throw cannotRead(folder, error);
  });
  const sounds = names.filter((name) => /\.wav$/i.test(name)).sort();
  if (sounds.length === 0) throw new ConfigError(`${folder}: expected .wav files in or below it, found none`);
  return sounds.map((name) => join(folder, name));
}
