/** Files of recordings and sounds, read from the first byte to the last; and what a download has not finished. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileStatistics } from "../data/statistics.ts";
import { readWav } from "../ear/sound.ts";
import { counted, type Finding, findingOf } from "./finding.ts";

const recordings = /\.(h5|hdf5)(\.gz)?$/i;
const sounds = /\.wav$/i;
const part = ".part";

export function isDataFile(path: string): boolean {
  return recordings.test(path) || sounds.test(path) || isPart(path);
}

function isPart(path: string): boolean {
  return path.endsWith(part);
}

/** The paths of data files in a folder, and of unfinished ones. */
export async function dataFilesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && isDataFile(entry.name))
    .map(({ name }) => join(folder, name))
    .sort();
}

/** A file, and the part of a download that stands beside it. */
export async function* verifyData(path: string): AsyncGenerator<Finding> {
  if (isPart(path)) {
    yield await unfinished(path);
    return;
  }
  yield await findingOf(path, () => (sounds.test(path) ? soundIn(path) : recordingsIn(path)));
  const beside = await stat(path + part).catch(() => undefined);
  if (beside)
    yield { path: path + part, state: "left", message: "an unfinished download beside the whole file" };
}

async function unfinished(path: string): Promise<Finding> {
  const { size } = await stat(path);
  const message = `${counted(size, "byte")} of a download; the same \`goldspike data get\` continues it`;
  return { path, state: "unfinished", message };
}

async function recordingsIn(path: string): Promise<string> {
  const { recordings: count, classes, spikes } = await fileStatistics(path);
  return `${counted(count, "recording")}, ${classes.length} classes, ${counted(spikes.total, "spike")}`;
}

async function soundIn(path: string): Promise<string> {
  const { samples, rate } = await readWav(path);
  return `${(samples.length / rate).toFixed(3)} s at ${rate} Hz`;
}
