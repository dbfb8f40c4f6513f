/** The files of a suite as they were before any command was started, and their way back if one has changed them. */
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeFolders, replaceFile } from "../../base/files.ts";
import { checksumsName } from "./checksums.ts";
import type { SuiteEntry } from "./suite.ts";

/** Bytes by path. */
export type Snapshot = ReadonlyMap<string, Uint8Array>;

/** Of the regular files in a case's folder, links to them included. @throws Error of the file system */
export async function snapshotOf({ folder }: SuiteEntry): Promise<Snapshot> {
  const files = new Map<string, Uint8Array>();
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if ((await stat(path).catch(() => undefined))?.isFile()) files.set(path, await readFile(path));
  }
  return files;
}

/** Of all cases of a suite, and of its list of checksums. Cases that cannot be read are left out. */
export async function suiteSnapshot(suite: string, entries: readonly SuiteEntry[]): Promise<Snapshot> {
  const sums = join(suite, checksumsName);
  const list = await readFile(sums).catch(() => undefined);
  const folders = await Promise.all(entries.map((entry) => snapshotOf(entry).catch(() => new Map())));
  return new Map([...(list ? [[sums, list] as const] : []), ...folders.flatMap((files) => [...files])]);
}

/**
 * Writes what is no longer as it was.
 *
 * @returns the paths of files that were changed or missing, in order
 * @throws ConfigError one of them cannot be written
 */
export async function putBack(files: Snapshot): Promise<string[]> {
  const changed: string[] = [];
  for (const [path, bytes] of files) {
    const found = await readFile(path).catch(() => undefined);
    if (found !== undefined && Buffer.compare(found, bytes) === 0) continue;
    changed.push(path);
    await makeWay(path);
    await replaceFile(path, [bytes]);
  }
  return changed;
}

/** Folders where there were some, and no folder where there was a file. */
async function makeWay(path: string): Promise<void> {
  for (const folder of [dirname(dirname(path)), dirname(path)])
    if (!(await isFolder(folder))) {
      await rm(folder, { force: true });
      await makeFolders(folder);
    }
  if (await isFolder(path)) await rm(path, { recursive: true });
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
