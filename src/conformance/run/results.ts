/** A folder of results, wherever they were made: GROUP/NAME/result.json, and status.json where there is more to say. */
import { lstat, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ConfigError } from "../../base/errors.ts";
import { cannotRead, exists, kindOf, makeFolder, replaceFile } from "../../base/files.ts";
import { parseWith } from "../../base/parseWith.ts";
import { plainLine } from "../../base/visible.ts";
import { readJson } from "../../format/readJson.ts";
import { foldersIn, type SuiteEntry } from "../suite/suite.ts";
import { type Answered, hasResult, type Outcome, outcomeStatuses } from "./outcome.ts";
import { relatedName } from "./questions.ts";

/** Verdicts of the run that made the results, a line of JSON each. */
export const verdictsName = "verdicts.jsonl";

/**
 * A folder for the results of a run, made if it is not there. What is in it is replaced case by case, so that it must be
 * nobody else's.
 *
 * @returns the file for verdicts
 * @throws ConfigError it cannot be written, or holds something else
 */
export async function openResults(folder: string): Promise<string> {
  await makeFolder(folder);
  await requireNoLinks(folder);
  const verdicts = join(folder, verdictsName);
  if ((await readdir(folder)).length === 0 || (await exists(verdicts))) return verdicts;
  throw new ConfigError(
    `${folder}: expected an empty folder, or results of an earlier run with ${verdictsName}`,
  );
}

/** Results are written and removed below: nothing there may lead elsewhere. */
async function requireNoLinks(folder: string, depth = 3): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink())
      throw new ConfigError(`${path}: is a link, which results are not written through`);
    if (entry.isDirectory() && depth > 0) await requireNoLinks(path, depth - 1);
  }
}

const statusName = "status.json";

export const statusSchema = z.strictObject({
  format: z.literal("goldspike/status@1"),
  status: z.enum(outcomeStatuses).describe("How the backend's answer came about."),
  message: z.string().optional().describe("Why, in one line."),
  seconds: z.number().min(0).optional().describe("That it took."),
});

/** Of the answer to question `k` about a case. */
export function resultPlace(results: string, { group, name }: SuiteEntry, k = 0): string {
  return join(results, group, name, ...(k === 0 ? [] : [relatedName]));
}

/** How the answer in the folder came about, for who judges it later. @throws ConfigError it cannot be written */
export async function writeStatus(folder: string, { status, message, seconds }: Outcome): Promise<void> {
  const about = { format: "goldspike/status@1", status, ...(status !== "done" && { message }), seconds };
  await replaceFile(join(folder, statusName), `${JSON.stringify(about)}\n`);
}

/** The answer to question `k` about a case; never rejects for what is wrong with it. */
export async function storedAnswer(results: string, entry: SuiteEntry, k: number): Promise<Answered> {
  const folder = resultPlace(results, entry, k);
  const outcome = await storedOutcome(results, entry, folder).catch((error: unknown): Outcome => {
    if (error instanceof ConfigError) return { status: "failed", message: error.message, seconds: 0 };
    throw error;
  });
  return { outcome, place: folder };
}

async function storedOutcome(results: string, entry: SuiteEntry, folder: string): Promise<Outcome> {
  const none = `${folder}: neither result.json nor ${statusName}`;
  // Of a case that must be refused nothing is as it should be, unless the whole group was left out.
  const nothing = (status: "refused" | "failed"): Outcome => ({ status, message: none, seconds: 0 });
  const group = join(results, entry.group);
  for (const path of new Set([group, resultPlace(results, entry), folder])) {
    const found = await lstat(path).catch(() => undefined);
    if (!found) return nothing(path === group ? "failed" : "refused");
    if (!found.isDirectory()) throw new ConfigError(`${path}: expected a folder, no link`);
  }
  const path = join(folder, statusName);
  const said = await lstat(path).catch(() => undefined);
  if (!said)
    return (await hasResult(folder)) ? { status: "done", message: none, seconds: 0 } : nothing("refused");
  if (!said.isFile()) throw new ConfigError(`${path}: expected a file, got ${kindOf(said)}`);
  const { status, message, seconds = 0 } = parseWith(statusSchema, await readJson(path), path);
  const usual =
    status === "done"
      ? `${statusName} says done, but there is no result.json`
      : `${status}, says ${statusName}`;
  return { status, message: (status !== "done" && plainLine(message ?? "")) || usual, seconds };
}

/** Lines about what the folder has and has not: groups and cases. @throws ConfigError it cannot be read */
export async function strayResults(
  results: string,
  all: readonly SuiteEntry[],
  chosen: readonly SuiteEntry[],
): Promise<string[]> {
  const found = await stat(results).catch((error: unknown) => {
    throw cannotRead(results, error);
  });
  if (!found.isDirectory())
    throw new ConfigError(
      `${results}: expected a folder of results, GROUP/NAME/result.json, got ${kindOf(found)}`,
    );
  const groups = await foldersIn(results);
  const lines: string[] = [];
  for (const group of new Set(chosen.map((entry) => entry.group))) {
    if (groups.includes(group)) continue;
    const count = chosen.filter((entry) => entry.group === group).length;
    lines.push(
      `${results}: no folder ${group}, so ${count === 1 ? "one case has" : `${count} cases have`} no result; --group chooses groups`,
    );
  }
  for (const group of groups) {
    const own = all.filter((entry) => entry.group === group).map(({ name }) => name);
    const strangers =
      own.length === 0 ? [""] : (await foldersIn(join(results, group))).filter((name) => !own.includes(name));
    for (const name of strangers)
      lines.push(`${join(results, group, name)}: not of this suite, and not looked at`);
  }
  return lines;
}
