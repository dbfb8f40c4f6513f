/** From how a command ended and what it wrote to a verdict. */
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { Case } from "../case/case.ts";
import { loadCase } from "../case/loadCase.ts";
import { ConfigError } from "../errors.ts";
import { plainLine, visible } from "../visible.ts";
import type { Ending, Limits } from "./command.ts";
import { compareResult } from "./compare.ts";
import { factorsOf } from "./factors.ts";
import { type Golden, readGolden } from "./golden.ts";
import { type ClassChoice, referenceOf } from "./references.ts";
import { lackingPart } from "./relations/lackingPart.ts";
import { relate } from "./relations/relate.ts";
import type { Relation } from "./relations/relation.ts";
import { type RelationName, relations } from "./relations/relations.ts";
import { readResult } from "./result.ts";
import type { SuiteEntry } from "./suite.ts";
import { summed, type Verdict } from "./verdict.ts";

/** By which a backend says that a case asks for what it does not have; test harnesses have used it for long. */
const unsupportedCode = 77;

export interface Judging {
  readonly choice: ClassChoice;
  readonly wanted: (tensor: string) => boolean;
  readonly limits: Limits;
}

const unsupported = "not supported, says the backend";

type Judged = Pick<Verdict, "status" | "message" | "parts">;

/** @param folder that the command was to write to */
export async function judge(
  entry: SuiteEntry,
  ending: Ending,
  folder: string,
  judging: Judging,
): Promise<Verdict> {
  const golden = await readGolden(entry.folder);
  const about = {
    case: entry.name,
    group: golden.group,
    catches: golden.catches,
    class: judging.choice.name,
    seconds: ending.seconds,
  };
  return { ...about, ...(await judged(entry, golden, ending, folder, judging)) };
}

/**
 * The verdict on two endings of a command, for a case and for the one that is related to it.
 *
 * @param folders that it was to write to
 */
export async function judgeRelated(
  { name, problem }: { readonly name: RelationName; readonly problem: Case },
  endings: readonly [Ending, Ending],
  folders: readonly [string, string],
  { choice, wanted, limits }: Judging,
): Promise<Judged> {
  const relation: Relation = relations[name];
  const onGrid = choice.name === "T4" || choice.name === "T5";
  if (onGrid && !relation.onGrid)
    return only("unsupported", `class ${choice.name}: ${name} does not hold on a grid of steps`);
  for (const [k, ending] of endings.entries()) {
    const early = unfinished(ending, limits) ?? unanswered(ending, await hasResult(folders[k]!));
    if (early) return early;
  }
  try {
    const own = problem.name;
    const [result, related] = [await readResult(folders[0], own), await readResult(folders[1], own)];
    const lacking = lackingPart(problem, result, wanted);
    if (lacking) return only("fail", `${lacking.name}: ${lacking.message}`);
    const parts = relate(problem, relation, result, related, choice, wanted);
    return { ...summed(parts), parts };
  } catch (error) {
    if (error instanceof ConfigError) return only("fail", error.message);
    throw error;
  }
}

async function judged(
  entry: SuiteEntry,
  golden: Golden,
  ending: Ending,
  folder: string,
  { choice, wanted, limits }: Judging,
): Promise<Judged> {
  const wrote = await hasResult(folder);
  const stopped = unfinished(ending, limits);
  if (stopped) return stopped;
  if (golden.refuse !== undefined) return refused(golden.refuse, ending, wrote);
  const early = unanswered(ending, wrote);
  if (early) return early;
  try {
    const result = await readResult(folder, golden.case);
    const problem = await loadCase(entry.folder);
    const reference = await referenceOf(choice, golden.answer!, problem).catch((error: unknown) => {
      throw error instanceof ConfigError ? new Unjudged(error.message) : error;
    });
    const parts = compareResult(reference, result, { wanted, factors: factorsOf(problem) });
    return { ...summed(parts), parts };
  } catch (error) {
    if (error instanceof Unjudged) return only("unsupported", `class ${choice.name}: ${error.message}`);
    if (error instanceof ConfigError) return only("fail", error.message);
    throw error;
  }
}

/** The reference, not the result, is what cannot be had. */
class Unjudged extends Error {}

/** Or a link of that name, which is refused later. */
async function hasResult(folder: string): Promise<boolean> {
  // The folder itself may have been replaced by a link to another.
  if (!(await lstat(folder).catch(() => undefined))?.isDirectory()) return false;
  // What may not be looked at is refused later too.
  return await lstat(join(folder, "result.json")).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === "EACCES",
  );
}

function only(status: Verdict["status"], message: string): Judged {
  // It may quote what the backend wrote.
  return { status, message: visible(message), parts: [] };
}

/** Ended from outside, or by its own word that it cannot do the case. */
function unfinished(ending: Ending, limits: Limits): Judged | undefined {
  const wrong = endedBadly(ending, limits);
  if (wrong) return only("error", wrong);
  return ending.code === unsupportedCode ? only("unsupported", lastLine(ending) || unsupported) : undefined;
}

function unanswered(ending: Ending, wrote: boolean): Judged | undefined {
  if (ending.code !== 0) return only("error", `exit code ${ending.code}${saying(ending)}`);
  return wrote ? undefined : only("error", nothingWritten(ending));
}

function endedBadly(ending: Ending, { seconds, bytes }: Limits): string | undefined {
  const { stopped, signal } = ending;
  if (stopped === "start") return `cannot be started: ${ending.stderr}`;
  if (stopped === "time") return `not done after ${seconds} s; --timeout gives it longer`;
  if (stopped === "size")
    return `wrote more than ${Math.round(bytes / 2 ** 20)} MiB; a result has one array per tensor`;
  return signal === undefined ? undefined : `ended by ${signal}${saying(ending)}`;
}

function refused(reason: string, ending: Ending, wrote: boolean): Judged {
  if (ending.code !== 0 && !wrote) return only("pass", "");
  return only(
    "fail",
    `answered a case that must be refused (${reason}): end with an exit code other than 0 and no result.json`,
  );
}

function nothingWritten({ stdout }: Ending): string {
  const hint = stdout.trim() === "" ? "" : "; what is printed to stdout is not read";
  return `exit code 0, but no result.json in the folder that is the last argument${hint}`;
}

function saying(ending: Ending): string {
  const line = lastLine(ending);
  return line === "" ? "" : `: ${line}`;
}

function lastLine({ stderr, stdout }: Ending): string {
  return plainLine(stderr) || plainLine(stdout);
}
