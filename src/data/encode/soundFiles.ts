/** Which sounds there are. */
import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { ConfigError } from "../../base/errors.ts";
import { cannotRead } from "../../base/files.ts";

/**
 * Files as they are, and of a folder all WAV files in and below it, in order of their names. Links to folders are followed,
 * but for those that lead back to where they are, and no folder is gone through twice.
 *
 * @throws ConfigError one is not there, or a folder has no WAV file
 */
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
    const sounds = await below(path);
    if (sounds.length === 0) throw new ConfigError(`${path}: expected .wav files in or below it, found none`);
    found.push(...sounds.sort());
  }
  return found;
}

/** Hidden files are nobody's recordings. */
async function below(top: string): Promise<string[]> {
  const found: string[] = [];
  const visited = new Set<string>();
  const links: string[] = [];
  const visit = async (folder: string) => {
    const place = await realpath(folder);
    if (visited.has(place)) return;
    visited.add(place);
    for (const entry of await entriesOf(folder)) {
      const path = join(folder, entry.name);
      const kind = await kindOf(entry, path);
      if (kind === "folder" && entry.isSymbolicLink()) links.push(path);
      else if (kind === "folder") await visit(path);
      else if (kind === "file" && /\.wav$/i.test(entry.name)) found.push(path);
    }
  };
  await visit(top);
  // What is there under its own name is not to be known by a link's.
  for (const link of links) if (!(await leadsBack(link))) await visit(link);
  return found;
}

/** Whether a link leads to a folder that it is in. */
async function leadsBack(link: string): Promise<boolean> {
  const down = relative(await realpath(link), await realpath(dirname(link)));
  return down === "" || !/^\.\.(?:[\\/]|$)/.test(down);
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    throw cannotRead(folder, error);
  });
  return entries
    .filter(({ name }) => !name.startsWith("."))
    .sort(({ name: a }, { name: b }) => (a < b ? -1 : 1));
}

async function kindOf(entry: Dirent, path: string): Promise<"folder" | "file" | undefined> {
  const is = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
  if (is?.isDirectory()) return "folder";
  return is?.isFile() ? "file" : undefined;
}

/** Those paths that lead to a file that none before led to. */
export async function distinctFiles(paths: readonly string[]): Promise<string[]> {
  const found = new Map<string, string>();
  for (const path of paths) {
    const place = await realpath(path);
    if (!found.has(place)) found.set(place, path);
  }
  return [...found.values()];
}
