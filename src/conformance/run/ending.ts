/** What can be said of an answer before it is read: from how a command ended, and whether it wrote anything. */
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { plainLine, visible } from "../../base/visible.ts";
import type { Verdict } from "../verdict/verdict.ts";
import type { Ending, Limits } from "./command.ts";
import { tellingLine } from "./tellingLine.ts";

/** By which a backend says that a case asks for what it does not have; test harnesses have used it for long. */
const unsupportedCode = 77;
const unsupported = "not supported, says the backend";

export type Judged = Pick<Verdict, "status" | "message" | "parts">;

/** Whether the folder has a result.json, be it only a link of that name, which is refused later. */
export async function hasResult(folder: string): Promise<boolean> {
  // The folder itself may have been replaced by a link to another.
  if (!(await lstat(folder).catch(() => undefined))?.isDirectory()) return false;
  // What may not be looked at is refused later too.
  return await lstat(join(folder, "result.json")).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === "EACCES",
  );
}

/** A verdict without parts. */
export function only(status: Verdict["status"], message: string): Judged {
  // It may quote what the backend wrote.
  return { status, message: visible(message), parts: [] };
}

/** Ended from outside, or by its own word that it cannot do the case. */
export function unfinished(ending: Ending, limits: Limits): Judged | undefined {
  const wrong = endedBadly(ending, limits);
  if (wrong) return only("error", wrong);
  return ending.code === unsupportedCode ? only("unsupported", lastLine(ending) || unsupported) : undefined;
}

/** Ended by itself, but with an error or without a result. */
export function unanswered(ending: Ending, wrote: boolean): Judged | undefined {
  if (ending.code !== 0) return only("error", `exit code ${ending.code}${saying(ending)}`);
  return wrote ? undefined : only("error", nothingWritten(ending));
}

function endedBadly(ending: Ending, { seconds, bytes }: Limits): string | undefined {
  const { stopped, signal } = ending;
  if (stopped === "time") return `not done after ${seconds} s; --timeout gives it longer`;
  if (stopped === "size")
    return `wrote more than ${Math.round(bytes / 2 ** 20)} MiB; a result has one array per tensor`;
  return signal === undefined ? undefined : `ended by ${signal}${saying(ending)}`;
}

/** On a case that must be refused. @param reason what is wrong with the case */
export function refused(reason: string, ending: Ending, wrote: boolean): Judged {
  if (ending.code !== 0 && !wrote) return only("refused", "");
  return only(
    "fail",
    `answered a case that must be refused (${reason}): end with an exit code other than 0 and no result.json`,
  );
}

function nothingWritten({ stdout }: Ending): string {
  const hint = stdout.trim() === "" ? "" : "; what is printed to stdout is not read";
  return `exit code 0, but no result.json in the folder that is the last argument${hint}`;
}

function saying({ stderr, stdout }: Ending): string {
  const line = tellingLine(stderr) || plainLine(stdout);
  return line === "" ? "" : `: ${line}`;
}

function lastLine({ stderr, stdout }: Ending): string {
  return plainLine(stderr) || plainLine(stdout);
}
