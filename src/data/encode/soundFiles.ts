/** Which sounds there are, and what is said in each. */
import type { Dirent } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { csvParseRows } from "d3-dsv";
import { ConfigError } from "../../base/errors.ts";
import { cannotRead, requireOnDisk } from "../../base/files.ts";
import { shown } from "../../base/parseWith.ts";

/**
 * Files as they are, and of a folder all WAV files in and below it, in order of their names.
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

/** Which word a recording is, and who says it. */
export interface Label {
  readonly word: string;
  /** Absent where nobody says who it was. */
  readonly speaker?: string;
}

/** The name of the folder a recording lies in. */
export function labelOfFolder(path: string): Label {
  return { word: basename(dirname(resolve(path))) };
}

/**
 * From a table of comma-separated values with the columns `file`, relative to the table's own folder, `label` and, if it is
 * known, `speaker`: the label of a recording's path.
 *
 * @throws ConfigError the table cannot be read, a column is missing, a row has no file or label, has it a second time, or has no
 *   speaker where others do; by the function: it has no row for the recording
 */
export async function readLabels(table: string): Promise<(path: string) => Label> {
  const labels = new Map<string, Label>();
  const rows = await readRows(table);
  const someone = rows.some(({ speaker }) => speaker);
  for (const { place, file, label, speaker } of rows) {
    if (!file || !label) throw new ConfigError(`${place}: expected a file and a label`);
    if (someone && !speaker) throw new ConfigError(`${place}: expected a speaker, as other rows have one`);
    const path = resolve(dirname(table), file);
    if (labels.has(path)) throw new ConfigError(`${place}: ${file} has a label already`);
    labels.set(path, speaker ? { word: label, speaker } : { word: label });
  }
  return (path) => {
    const label = labels.get(resolve(path));
    if (label) return label;
    throw new ConfigError(`${path}: expected a row of ${table} for it, found none`);
  };
}

interface Row {
  /** Starts messages about it. */
  readonly place: string;
  readonly file: string | undefined;
  readonly label: string | undefined;
  readonly speaker: string | undefined;
}

/** Those that are not blank. */
async function readRows(table: string): Promise<Row[]> {
  const text = await textOf(table);
  const [header = [], ...rows] = csvParseRows(text, (row) => row.map((cell) => cell.trim()));
  const [file, label, speaker] = [header.indexOf("file"), header.indexOf("label"), header.indexOf("speaker")];
  for (const [name, column] of Object.entries({ file, label })) {
    if (column >= 0) continue;
    const found = header.length > 0 ? shown(header.join(", ")) : "none";
    throw new ConfigError(
      `${table}: expected columns, separated by commas, one of them ${name}, got ${found}`,
    );
  }
  return rows.flatMap((row, k) => {
    if (row.every((cell) => cell === "")) return [];
    // The first row has the names of the columns, and rows are counted from 1.
    const place = `${table}: row ${k + 2}`;
    return [{ place, file: row[file], label: row[label], speaker: row[speaker] }];
  });
}

/** Larger files are taken for something else. */
const mostBytes = 64 * 2 ** 20;

async function textOf(table: string): Promise<string> {
  try {
    const found = await stat(table);
    requireOnDisk(found);
    if (found.size > mostBytes) throw new Error("it has more than 64 MiB");
    const bytes = await readFile(table);
    // Spreadsheets write it, and it begins with one of these.
    if (/^(?:fffe|feff)/.test(bytes.toString("hex", 0, 2))) throw new Error("it is UTF-16; save it as UTF-8");
    return bytes.toString("utf8").replace(/^\ufeff/, "");
  } catch (error) {
    throw cannotRead(table, error);
  }
}
