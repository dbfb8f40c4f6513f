/** How an answer came about, by whatever way a backend is asked, and what can be said of it before it is read. */
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { visible } from "../../base/visible.ts";
import type { ResultPlace } from "../../format/result.ts";
import type { Verdict } from "../verdict/verdict.ts";
import type { Limits } from "./group.ts";

export const outcomeStatuses = ["done", "unsupported", "refused", "failed"] as const;

export interface Outcome {
  readonly status: (typeof outcomeStatuses)[number];
  /** Why not; of `done` what to say if there is no result. */
  readonly message: string;
  readonly seconds: number;
}

/** The folders of a question to a backend. */
export interface Folders {
  /** CASE_DIR */
  readonly from: string;
  /** RESULT_DIR */
  readonly to: string;
  /** File for all that is printed to stderr meanwhile; none, if absent. */
  readonly log?: string | undefined;
}

/** Somebody who answers. */
export interface Backend {
  /**
   * One at a time.
   *
   * @param onAgain called with a line if another answer comes, up to the end of `close`
   * @throws ConfigError it cannot be started
   */
  answer(folders: Folders, onAgain: (message: string) => void): Promise<Outcome>;
  /** Lets it end by itself, or ends it. */
  close(): Promise<void>;
  /** Ends it at once, and what it is doing. */
  end(): void;
}

/** Of who was ended before it was asked. */
export const interrupted: Outcome = { status: "failed", message: "cut short", seconds: 0 };

/** An answer, where it lies. */
export interface Answered {
  readonly outcome: Outcome;
  readonly place: ResultPlace;
}

export type Judged = Pick<Verdict, "status" | "message" | "parts">;

/** A verdict without parts. */
export function only(status: Verdict["status"], message: string): Judged {
  // It may quote what the backend wrote.
  return { status, message: visible(message), parts: [] };
}

/** Whether there is a result, be it only a link of that name in a folder, which is refused later. */
export async function hasResult(place: ResultPlace): Promise<boolean> {
  if (typeof place !== "string") return place.json !== undefined;
  // The folder itself may have been replaced by a link to another.
  if (!(await lstat(place).catch(() => undefined))?.isDirectory()) return false;
  // What may not be looked at is refused later too.
  return await lstat(join(place, "result.json")).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === "EACCES",
  );
}

/** The verdict, where there is nothing to read. */
export async function unanswered({ outcome, place }: Answered): Promise<Judged | undefined> {
  const { status, message } = outcome;
  if (status === "unsupported") return only("unsupported", message);
  if (status !== "done") return only("error", message);
  return (await hasResult(place)) ? undefined : only("error", message);
}

/** On a case that must be refused. @param reason what is wrong with the case */
export async function judgeRefusal({ outcome, place }: Answered, reason: string): Promise<Judged> {
  const { status, message } = outcome;
  if (status === "unsupported" || status === "failed")
    return only(status === "failed" ? "error" : status, message);
  if (status === "refused" && !(await hasResult(place))) return only("refused", "");
  return only(
    "fail",
    `answered a case that must be refused (${reason}): end with an exit code other than 0 and no result.json, a worker with the status refused`,
  );
}

export function overText(why: "time" | "size", { seconds, bytes }: Limits, option: string): string {
  if (why === "time") return `not done after ${seconds} s; ${option} gives it longer`;
  return `wrote more than ${Math.round(bytes / 2 ** 20)} MiB; a result has one array per tensor`;
}
