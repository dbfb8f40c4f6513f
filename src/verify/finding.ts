/** What is said of one thing that was looked at. */
import { ConfigError } from "../base/errors.ts";
import { fileReason } from "../base/files.ts";

export interface Finding {
  readonly path: string;
  readonly state: State;
  /** What it holds or what is wrong with it; empty where there is nothing to say. */
  readonly message: string;
}

/** The first three are flaws, the others may be. */
export type State = "damaged" | "missing" | "unfinished" | "ok" | "not_yet" | "left" | "in_use" | "extra";

export function isFlaw({ state }: Finding): boolean {
  return state === "damaged" || state === "missing" || state === "unfinished";
}

/**
 * Damaged if the check throws what a file can be the reason of.
 *
 * @param check returns what the file holds, in a few words
 */
export async function findingOf(path: string, check: () => Promise<string> | string): Promise<Finding> {
  try {
    return { path, state: "ok", message: await check() };
  } catch (error) {
    return { path, state: "damaged", message: reasonOf(path, error) };
  }
}

/** What a file is blamed for, without its name in front. @throws the error if it is of no file */
export function reasonOf(path: string, error: unknown): string {
  const isFileError = error instanceof ConfigError || (error as NodeJS.ErrnoException).syscall !== undefined;
  if (!isFileError) throw error;
  if (!(error instanceof ConfigError)) return fileReason(error);
  const { message } = error;
  return message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message;
}

/** `1 epoch`, `2 epochs`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
