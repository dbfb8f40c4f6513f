/** The table of a run's epochs, line by line against what a checkpoint remembers of them. */
import { z } from "zod";
import { ConfigError } from "../base/errors.ts";
import { parseWith, snakeCased } from "../base/parseWith.ts";
import { readText } from "../base/text.ts";
import { parseJson } from "../format/parseJson.ts";
import type { EpochRecord } from "../training/records.ts";
import { counted } from "./finding.ts";

const duration = z.number().min(0);
const lineSchema = z.looseObject({
  seconds: z.strictObject({ train: duration, validation: duration }).optional(),
});

/**
 * @param history of the newest checkpoint, if one can be read
 * @returns what the table holds
 * @throws ConfigError naming the first line that is damaged, missing or says something else
 */
export function checkTable(path: string, history: readonly EpochRecord[] | undefined): string {
  const text = readText(path);
  const lines = text.split("\n");
  const torn = lines.pop()!;
  if (history === undefined) {
    for (const [k, line] of lines.entries()) parsed(line, `${path}: line ${k + 1}`);
    return `${counted(lines.length, "line")}, without a checkpoint to compare them with`;
  }
  const whole = Math.min(lines.length, history.length);
  for (let k = 0; k < whole; k++) checkLine(lines[k]!, history[k]!, `${path}: line ${k + 1}`);
  if (lines.length < history.length)
    throw new ConfigError(`${path}: expected ${counted(history.length, "line")}, got ${lines.length}`);
  const beyond = lines.length - history.length + (torn === "" ? 0 : 1);
  if (beyond > 1)
    throw new ConfigError(`${path}: expected ${counted(history.length, "line")}, got ${beyond} more`);
  const more =
    beyond === 1 ? ", and a line of an epoch behind the newest checkpoint, which is trained again" : "";
  return `${counted(history.length, "epoch")}${more}`;
}

function parsed(line: string, place: string) {
  return parseWith(lineSchema, parseJson(line, place), place);
}

/** To the letter, as the run writes it. */
function checkLine(line: string, record: EpochRecord, place: string): void {
  const { seconds } = parsed(line, place);
  const expected = JSON.stringify(snakeCased({ ...record, ...(seconds && { seconds }) }));
  if (line !== expected)
    throw new ConfigError(`${place}: expected ${expected} as in the newest checkpoint, got ${line}`);
}
