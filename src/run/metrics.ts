/** The table of a run's epochs, a line of JSON each. */
import { open } from "node:fs/promises";
import { cannotWrite, replaceFile, textIfThere } from "../base/files.ts";
import { snakeCased } from "../base/parseWith.ts";
import type { EpochRecord, EpochSeconds } from "../training/records.ts";

/** Adds a line and flushes it to the disk. */
export async function appendMetrics(path: string, record: EpochRecord, seconds: EpochSeconds): Promise<void> {
  try {
    const file = await open(path, "a");
    try {
      await file.writeFile(metricsLine(record, seconds));
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

function metricsLine(record: EpochRecord, seconds: EpochSeconds | undefined): string {
  return `${JSON.stringify(snakeCased({ ...record, ...(seconds && { seconds }) }))}\n`;
}

/**
 * Makes the table that of these epochs: what was written after a checkpoint is taken back, and a line that is damaged or
 * missing is written again, without the seconds, which stand nowhere else.
 */
export async function keepMetrics(path: string, history: readonly EpochRecord[]): Promise<void> {
  const text = textIfThere(path);
  const seconds = new Map(parsedLines(text).map((line) => [line.epoch, line.seconds]));
  const kept = history.map((record) => metricsLine(record, seconds.get(record.epoch))).join("");
  if (kept !== text) await replaceFile(path, kept);
}

/** Lines, whole or torn; 0 if there is no file. */
export async function countMetrics(path: string): Promise<number> {
  return textIfThere(path)
    .split("\n")
    .filter((line) => line !== "").length;
}

/** Seconds that the epochs took together: of one that was stopped in the middle, those of the process that ended it. */
export async function metricsSeconds(path: string): Promise<number> {
  const lines = parsedLines(textIfThere(path));
  return lines.reduce((sum, { seconds }) => sum + (seconds ? seconds.train + seconds.validation : 0), 0);
}

/**
 * Every number of every line under its path, `train_accuracy`; what a line that is cut short held is left out.
 *
 * @throws ConfigError the file cannot be read
 */
export async function readMetrics(path: string): Promise<Record<string, number>[]> {
  return textIfThere(path)
    .split("\n")
    .flatMap((line) => {
      try {
        return [Object.fromEntries(flat(JSON.parse(line), []))];
      } catch {
        return [];
      }
    });
}

function* flat(value: unknown, path: readonly string[]): Generator<[string, number]> {
  if (typeof value === "number") yield [path.join("_"), value];
  if (typeof value !== "object" || value === null) return;
  for (const [key, entry] of Object.entries(value)) yield* flat(entry, [...path, key]);
}

interface Line {
  readonly epoch: number;
  readonly seconds: EpochSeconds | undefined;
}

/** Those that are whole. */
function parsedLines(text: string): Line[] {
  return text.split("\n").flatMap((line) => {
    try {
      const { epoch, seconds } = JSON.parse(line) as { epoch: number; seconds?: Partial<EpochSeconds> };
      const { train, validation } = seconds ?? {};
      const measured = Number.isFinite(train) && Number.isFinite(validation);
      return [{ epoch, seconds: measured ? { train: train!, validation: validation! } : undefined }];
    } catch {
      return [];
    }
  });
}
