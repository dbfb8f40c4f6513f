/** Which word a recording is, and who says it. */
import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { csvParse } from "d3-dsv";
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
  const rows = csvParse(text.replace(/^\ufeff/, ""));
  for (const column of ["file", "label"]) {
    if (rows.columns.includes(column)) continue;
    throw new ConfigError(`${table}: expected a column ${column}, got ${rows.columns.join(", ") || "none"}`);
  }
  const labels = new Map<string, Label>();
  for (const [k, { file, label, speaker }] of rows.entries()) {
    // The first row has the names of the columns, and lines are counted from 1.
    const place = `${table}: line ${k + 2}`;
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
