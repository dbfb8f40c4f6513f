/** Runs that were kept: verdicts.jsonl of a folder of results, or what --json has printed, read without trust. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ConfigError } from "../../base/errors.ts";
import { cannotRead, exists } from "../../base/files.ts";
import { parseWith } from "../../base/parseWith.ts";
import { readText } from "../../base/text.ts";
import { visible } from "../../base/visible.ts";
import { parseJson } from "../../format/parseJson.ts";
import { verdictsName } from "../run/results.ts";
import { classNames } from "../verdict/classes.ts";
import type { RunAbout } from "../verdict/runReport.ts";
import { partStatuses, verdictStatuses } from "../verdict/verdict.ts";

/** Names and messages are a backend's. */
const shownText = z.string().transform(visible);
/** JSON has null for what is not finite. */
const numberOrNone = z.number().nullish();

const partSchema = z
  .object({ name: shownText, status: z.enum(partStatuses), error: numberOrNone, tolerance: numberOrNone })
  .transform(({ name, status, error, tolerance }) => ({
    name,
    status,
    ...(error !== undefined && { error: error ?? Number.POSITIVE_INFINITY }),
    ...(tolerance !== undefined && { tolerance: tolerance ?? Number.POSITIVE_INFINITY }),
  }));

const verdictSchema = z.object({
  group: shownText,
  case: shownText,
  status: z.enum(verdictStatuses),
  message: shownText,
  parts: z.array(partSchema),
});

const words = z.array(shownText).optional();
const aboutSchema = z.object({
  command: shownText,
  class: z.enum(classNames),
  convention: shownText.optional(),
  switches: words,
  dt: z.number().optional(),
  precision: shownText.optional(),
  rtol: z.number().optional(),
  tensors: words,
  require: words,
  expected: shownText.optional(),
  suite: shownText,
  suite_version: shownText.optional(),
  version: shownText,
  date: shownText,
  host: shownText,
  cases: z.int().min(0),
});

/** Whatever else a line says is of another version, and not looked at. */
const lineSchema = z.union([
  z.object({ run: aboutSchema }),
  z.object({ verdict: verdictSchema }),
  z.object({ summary: z.object({ unfinished: shownText.optional() }) }),
]);

/** What is left of a verdict. */
export type KeptVerdict = z.output<typeof verdictSchema>;

export interface KeptRun {
  /** Where it is. */
  readonly source: string;
  readonly about: RunAbout;
  /** By GROUP/NAME. */
  readonly verdicts: ReadonlyMap<string, KeptVerdict>;
  /** That were to be judged. */
  readonly cases: number;
  readonly unfinished?: string;
}

interface Growing extends Omit<KeptRun, "verdicts" | "unfinished"> {
  readonly verdicts: Map<string, KeptVerdict>;
  unfinished: string | undefined;
}

/**
 * The runs in a folder that `conform run --results` has left, or in a file of lines, which may hold several.
 *
 * @throws ConfigError one line: it cannot be read, or a line is none of such a file
 */
export async function keptRuns(path: string): Promise<KeptRun[]> {
  const file = await linesFile(path);
  const lines = readText(file).split("\n");
  const runs: Growing[] = [];
  for (const [k, text] of lines.entries()) {
    if (text.trim() === "") continue;
    const source = `${file}: line ${k + 1}`;
    // A run that was killed has not written its last line to the end.
    if (k === lines.length - 1 && !isJson(text)) continue;
    take(parseWith(lineSchema, parseJson(text, source), source), runs, source, path);
  }
  if (runs.length > 0) return runs.map(finished);
  throw new ConfigError(`${file}: expected lines of conform run, the first with the key "run", got none`);
}

async function linesFile(path: string): Promise<string> {
  try {
    if (!(await stat(path)).isDirectory()) return path;
  } catch (error) {
    throw cannotRead(path, error);
  }
  const file = join(path, verdictsName);
  if (await exists(file)) return file;
  throw new ConfigError(
    `${path}: expected a folder that conform run --results has left, with ${verdictsName}, or a file of its --json`,
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function take(line: z.output<typeof lineSchema>, runs: Growing[], source: string, path: string): void {
  if ("run" in line) {
    const { cases, ...about } = line.run;
    // Without a summary it was killed.
    runs.push({
      source: path,
      about: about as RunAbout,
      cases,
      verdicts: new Map(),
      unfinished: "it was ended",
    });
    return;
  }
  const run = runs.at(-1);
  if (!run) throw new ConfigError(`${source}: expected a line with the key "run" before all others`);
  if ("summary" in line) run.unfinished = line.summary.unfinished;
  else run.verdicts.set(`${line.verdict.group}/${line.verdict.case}`, line.verdict);
}

function finished({ unfinished, ...run }: Growing): KeptRun {
  return { ...run, ...(unfinished !== undefined && { unfinished }) };
}
