/** Which word a recording is, and who says it. */
import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { csvParseRows } from "d3-dsv";
import { ConfigError } from "../errors.ts";
import { cannotRead } from "../files.ts";

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
 * @throws ConfigError the table cannot be read, a column is missing, a row has no file or label, or has it a second time; by
 *   the function: it has no row for the recording
 */
export async function readLabels(table: string): Promise<(path: string) => Label> {
  const text = await readFile(table, "utf8").catch((error) => {
    throw cannotRead(table, error);
  });
  const [header = [], ...rows] = csvParseRows(text.replace(/^\ufeff/, ""), (row) =>
    row.map((cell) => cell.trim()),
  );
  const column = (name: string) => header.indexOf(name);
  for (const name of ["file", "label"]) {
    if (column(name) >= 0) continue;
    const found = header.join(", ") || "none";
    throw new ConfigError(
      `${table}: expected columns, separated by commas, one of them ${name}, got ${found}`,
    );
  }
  const labels = new Map<string, Label>();
  for (const [k, row] of rows.entries()) {
    if (row.every((cell) => cell === "")) continue;
    const [file, label, speaker] = ["file", "label", "speaker"].map((name) => row[column(name)]);
    // The first row has the names of the columns, and rows are counted from 1.
    const place = `${table}: row ${k + 2}`;
    if (!file || !label) throw new ConfigError(`${place}: expected a file and a label`);
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
