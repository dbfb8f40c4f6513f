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
  | "skipped"
  /** A tensor that the backend does not deliver, and that nobody has asked for. */
  | "unjudged";

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
  /** Of a case that must be: no number of it has been computed. */
  | "refused"
  | "fail"
  /** Right as far as rounding lets anybody say. */
  | "undecidable"
  /** The command did not end well: crash, time-out, nothing written. */
  | "error"
  /** Wrong in nothing but what a list says. */
  | "expected"
  /** The backend says that it cannot do this. */
  | "unsupported";

export interface Verdict {
  readonly case: string;
  readonly group: Group;
  readonly catches: string;
  readonly class: ClassName;
  readonly status: VerdictStatus;
  /** One line; mostly empty after a pass. */
  readonly message: string;
  readonly parts: readonly Part[];
  /** That the backend took, start-up included. */
  readonly seconds: number;
}

/** What makes a run end with exit code 1. */
export function isBad({ status }: Verdict): boolean {
  return status === "fail" || status === "error";
}

const good: readonly PartStatus[] = ["pass", "undecidable", "skipped", "unjudged"];

/** Whether a part is wrong. */
export function isWrong({ status }: Part): boolean {
  return !good.includes(status);
}

/** The verdict that the parts add up to, with the worst that is wrong. */
export function summed(parts: readonly Part[]): { status: VerdictStatus; message: string } {
  const wrong = parts.filter(isWrong).sort((a, b) => weight(b) - weight(a));
  const [worst, ...others] = wrong;
  if (worst) {
    const missing = others.filter(({ status }) => status === "missing").length;
    const counts = [
      ...(others.length > missing ? [`${others.length - missing} more`] : []),
      ...(missing > 0 ? [`${missing} more missing`] : []),
    ];
    const more = counts.length > 0 ? ` (and ${counts.join(", ")})` : "";
    return { status: "fail", message: `${worst.name}: ${worst.message ?? worst.status}${more}` };
  }
  const open = parts.find(({ status }) => status === "undecidable");
  return open
    ? { status: "undecidable", message: `${open.name}: ${open.message}` }
    : { status: "pass", message: "" };
}

function isTensor({ name }: Pick<Part, "name">): boolean {
  return /(projections\[|populations\.|input_times|spike_times\.)/.test(name);
}

/**
 * How much a wrong part says. Other spikes explain all numbers, and what cannot be read its own; numbers weigh by their
 * error over what is granted, and what is missing is least of all, as it may be meant so.
 */
function weight({ name, status, error = 0, tolerance = 0 }: Part): number {
  if (status === "missing") return isTensor({ name }) ? 0 : Number.MAX_VALUE;
  if (status !== "fail" || /(^|\.)spikes\./.test(name)) return Number.POSITIVE_INFINITY;
  return Math.min(error / Math.max(tolerance, Number.MIN_VALUE), Number.MAX_VALUE);
}
