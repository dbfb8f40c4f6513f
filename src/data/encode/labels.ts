/** What is said in each recording, and by whom. Names are compared, and written, in Unicode's composed form (NFC). */
import { basename, dirname, resolve } from "node:path";
import { csvParseRows } from "d3-dsv";
import { ConfigError } from "../../base/errors.ts";
import { shown } from "../../base/parseWith.ts";
import { readText } from "../../base/text.ts";

/** Which word a recording is, and who says it. */
export interface Label {
  readonly word: string;
  /** Absent where nobody says who it was. */
  readonly speaker?: string;
}

/** The name of the folder a recording lies in. */
export function labelOfFolder(path: string): Label {
  return { word: basename(dirname(resolve(path))).normalize() };
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
    const path = resolve(dirname(table), file).normalize();
    if (labels.has(path)) throw new ConfigError(`${place}: ${file} has a label already`);
    labels.set(path, speaker ? { word: label, speaker } : { word: label });
  }
  return (path) => {
    const label = labels.get(resolve(path).normalize());
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
  const text = readText(table, mostBytes);
  const [header = [], ...rows] = csvParseRows(text, (row) => row.map((cell) => cell.trim().normalize()));
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
