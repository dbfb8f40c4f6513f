/** The table of a run's epochs, a line of JSON each. */
import { open, readFile } from "node:fs/promises";
import { cannotRead, cannotWrite, replaceFile } from "../files.ts";
import type { EpochRecord, EpochSeconds } from "../training/records.ts";

/** Adds a line and flushes it to the disk. */
export async function appendMetrics(path: string, record: EpochRecord, seconds: EpochSeconds): Promise<void> {
  try {
    const file = await open(path, "a");
    try {
      await file.writeFile(`${JSON.stringify(snakeCased({ ...record, seconds }))}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/**
 * Takes back what was written after a checkpoint: lines of later epochs, and one that a crash has cut off.
 *
 * @param epoch the last to keep
 */
export async function keepMetrics(path: string, epoch: number): Promise<void> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw cannotRead(path, error);
  });
  const kept = text.split("\n").filter((line) => epochOf(line) <= epoch);
  await replaceFile(
    path,
    kept.map((line) => `${line}\n`),
  );
}

/** Infinity for what is no whole line. */
function epochOf(line: string): number {
  try {
    return (JSON.parse(line) as { epoch?: number } | null)?.epoch ?? Infinity;
  } catch {
    return Infinity;
  }
}

/** Keys in snake_case, as in every file of a run. */
export function snakeCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCased);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, entry]) => [
    key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    snakeCased(entry),
  ]);
  return Object.fromEntries(entries);
}
