/** What a worker writes to stdout, a line at a time: an answer, or what it is instead. */
import { visible } from "../../base/visible.ts";
import { type Outcome, outcomeStatuses } from "./outcome.ts";

/** Longer lines are none. */
export const longestLine = 2 ** 20;

export interface Answer {
  /** Of a request, if it is right. */
  readonly id: unknown;
  /** Undefined if it is none that there is, or its message no text. */
  readonly said: { readonly status: Outcome["status"]; readonly message: string } | undefined;
}

/** Undefined of what is no object. */
export function parsed(line: string): Answer | undefined {
  try {
    const { id, status, message = "" } = JSON.parse(line) as { [key: string]: unknown };
    const isStatus = (outcomeStatuses as readonly unknown[]).includes(status);
    if (!isStatus || typeof message !== "string") return { id, said: undefined };
    return { id, said: { status: status as Outcome["status"], message } };
  } catch {
    return undefined;
  }
}

/** Of a line or a value that may be anything. */
const shortLength = 60;

export function quoted(text: string): string {
  const short = text.length > shortLength ? `${text.slice(0, shortLength)}…` : text;
  return visible(JSON.stringify(short));
}

export function shownId(id: unknown): string {
  return typeof id === "string" ? quoted(id) : quoted(String(JSON.stringify(id))).slice(1, -1);
}
