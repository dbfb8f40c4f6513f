/** Which recordings a folder of Speech Commands holds, as the archive is unpacked: `<word>/<speaker>_nohash_<n>.wav`. */
import { createHash } from "node:crypto";
import type { Stats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "../../../base/errors.ts";
import { cannotRead, Unreadable } from "../../../base/files.ts";
import { type Part, partOf, words } from "./published.ts";

export interface Spoken {
  readonly path: string;
  /** The folder's and the file's, by which the set knows it. */
  readonly name: string;
  /** An index of `words`. */
  readonly word: number;
  /** The hash that stands for who says it. */
  readonly speaker: string;
  readonly part: Part;
  /** By which a file is seen to be another one: its size in bytes, and when it was written, ms. */
  readonly bytes: number;
  readonly written: number;
}

export interface Listing {
  /** In order of their words, then of their files' names. */
  readonly recordings: readonly Spoken[];
  readonly missingWords: readonly string[];
  /** Folders that are named by no word. */
  readonly otherFolders: readonly string[];
  /** WAV files in the words' folders whose names do not say who speaks. */
  readonly misnamed: readonly string[];
  /** Folders and files that cannot be read, such as links to what is not there, with the reason. */
  readonly unreadable: readonly string[];
}

/**
 * @throws ConfigError the folder cannot be read, or has none of the words, or no recording of them
 */
export async function listSpeechCommands(folder: string): Promise<Listing> {
  const unreadable: string[] = [];
  const found = await foldersIn(folder, unreadable);
  const there = words.filter((word) => found.includes(word));
  if (there.length === 0)
    throw new ConfigError(
      `${folder}: expected the folders of Speech Commands v0.02, ${words[0]} to ${words.at(-1)}, found none of them`,
    );
  const [recordings, misnamed]: [Spoken[], string[]] = [[], []];
  for (const word of there) {
    const path = join(folder, word);
    const files = (await readOr(visibleNames(path), unreadable)) ?? [];
    for (const file of files.filter((name) => /\.wav$/i.test(name))) {
      const stats = await readOr(statsOf(join(path, file)), unreadable);
      const spoken = stats && spokenIn(path, word, file, stats);
      if (spoken) recordings.push(spoken);
      else if (stats) misnamed.push(join(path, file));
    }
  }
  if (recordings.length === 0)
    throw new ConfigError(`${folder}: expected recordings named <speaker>_nohash_<n>.wav, found none`);
  return {
    recordings,
    missingWords: words.filter((word) => !there.includes(word)),
    otherFolders: found.filter((name) => !words.includes(name) && name !== noise),
    misnamed,
    unreadable,
  };
}

/** The number that a recording's releases are drawn by: it is its own, whatever else there is. */
export function numberOf({ name }: Spoken): number {
  return Number.parseInt(createHash("sha256").update(name).digest("hex").slice(0, 12), 16);
}

/** Long recordings of no words. */
const noise = "_background_noise_";

/** Undefined for a folder, and for a file whose name does not say who speaks. */
function spokenIn(folder: string, word: string, file: string, found: Stats): Spoken | undefined {
  const [, speaker] = /^(.+?)_nohash_\d+\.wav$/i.exec(file) ?? [];
  const path = join(folder, file);
  if (speaker === undefined || found.isDirectory()) return undefined;
  return {
    path,
    name: `${word}/${file}`,
    word: words.indexOf(word),
    speaker,
    part: partOf(file),
    bytes: found.size,
    written: found.mtimeMs,
  };
}

async function foldersIn(folder: string, unreadable: string[]): Promise<string[]> {
  const folders: string[] = [];
  for (const name of await visibleNames(folder))
    if ((await readOr(statsOf(join(folder, name)), unreadable))?.isDirectory()) folders.push(name);
  return folders;
}

/** Undefined, and a line more, of what cannot be read. */
async function readOr<Found>(reading: Promise<Found>, unreadable: string[]): Promise<Found | undefined> {
  return reading.catch((error: unknown) => {
    if (!(error instanceof Unreadable)) throw error;
    unreadable.push(error.message);
    return undefined;
  });
}

/** Without hidden ones, which are nobody's recordings. */
async function visibleNames(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw cannotRead(folder, error);
  });
  return names.filter((name) => !name.startsWith(".")).sort();
}

async function statsOf(path: string): Promise<Stats> {
  return stat(path).catch((error: unknown) => {
    throw cannotRead(path, error);
  });
}
