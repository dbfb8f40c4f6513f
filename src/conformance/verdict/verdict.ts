/** What is said about a backend's answer to one case. */

import type { Group } from "../suite/golden.ts";
import type { ClassName } from "./classes.ts";

type PartStatus =
  /** Within what the class grants. */
  | "pass"
  /** Beyond it. */
  | "fail"
  | "missing"
  | "extra"
  /** Of another shape, or not to be read. */
  | "malformed"
  /** NaN or infinite. */
  | "not_finite"
  /** Differs after an event that the class's rounding may decide either way. */
  | "undecidable"
  /** Not looked at, since the spikes differ. */
  | "skipped";

export interface Part {
  /** `spikes.hidden`, `loss`, `readout`, or a tensor such as `projections[0].weight`. */
  readonly name: string;
  readonly status: PartStatus;
  /** Euclidean error of a tensor, ms of a spike's time; where there is one. */
  readonly error?: number;
  /** What the class grants. */
  readonly tolerance?: number;
  /** What is wrong and what to do about it. */
  readonly message?: string;
}

export type VerdictStatus =
  | "pass"
  | "fail"
  /** Right as far as rounding lets anybody say. */
  | "undecidable"
  /** The command did not end well: crash, time-out, nothing written. */
  | "error"
  /** The backend says that it cannot do this. */
  | "unsupported";

export interface Verdict {
  readonly case: string;
  readonly group: Group;
  readonly catches: string;
  readonly class: ClassName;
  readonly status: VerdictStatus;
  /** One line; empty after a pass. */
  readonly message: string;
  readonly parts: readonly Part[];
  readonly seconds: number;
}

/** What makes a run end with exit code 1. */
export function isBad({ status }: Verdict): boolean {
  return status === "fail" || status === "error";
}

export function countOf(verdicts: readonly Verdict[], wanted: VerdictStatus): number {
  return verdicts.filter(({ status }) => status === wanted).length;
}

const good: readonly PartStatus[] = ["pass", "undecidable", "skipped"];

/** The verdict that the parts add up to, with the first thing that is wrong. */
export function summed(parts: readonly Part[]): { status: VerdictStatus; message: string } {
  const wrong = parts.filter(({ status }) => !good.includes(status));
  if (wrong.length > 0) {
    const [first] = wrong;
    const more = wrong.length > 1 ? ` (and ${wrong.length - 1} more)` : "";
    return { status: "fail", message: `${first!.name}: ${first!.message ?? first!.status}${more}` };
  }
  const open = parts.find(({ status }) => status === "undecidable");
  return open
    ? { status: "undecidable", message: `${open.name}: ${open.message}` }
    : { status: "pass", message: "" };
}
