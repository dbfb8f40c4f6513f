/** What is said about a backend's answer to one case. */

import type { Group } from "../suite/golden.ts";
import type { ClassName } from "./classes.ts";

export const partStatuses = [
  /** Within what the class grants. */
  "pass",
  /** Beyond it. */
  "fail",
  "missing",
  "extra",
  /** Of another shape, or not to be read. */
  "malformed",
  /** NaN or infinite. */
  "not_finite",
  /** Differs after an event that the class's rounding may decide either way. */
  "undecidable",
  /** Not looked at, since the spikes differ. */
  "skipped",
  /** A tensor that the backend does not deliver, and that nobody has asked for. */
  "unjudged",
] as const;
export type PartStatus = (typeof partStatuses)[number];

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

/** In the order in which they are told. */
export const verdictStatuses = [
  "pass",
  "fail",
  /** The command did not end well: crash, time-out, nothing written. */
  "error",
  /** Right as far as rounding lets anybody say. */
  "undecidable",
  /** The backend says that it cannot do this. */
  "unsupported",
  /** Of a case that must be: no number of it has been computed. */
  "refused",
  /** Wrong in nothing but what a list says. */
  "expected",
] as const;
export type VerdictStatus = (typeof verdictStatuses)[number];

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
export function isBad({ status }: Pick<Verdict, "status">): boolean {
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

/** Error over what is granted; undefined where there is no number for either. */
export function shareOf({ error, tolerance }: Part): number | undefined {
  if (error === undefined) return undefined;
  if (error === 0) return 0;
  return tolerance === undefined ? undefined : error / tolerance;
}

/** The part that says most: the worst that is wrong, else an open one, else the one that takes most of what is granted. */
export function worstOf(parts: readonly Part[]): Part | undefined {
  return parts.reduce<Part | undefined>(
    (worst, part) => (worst && telling(worst) >= telling(part) ? worst : part),
    undefined,
  );
}

function telling(part: Part): number {
  if (isWrong(part)) return 3 + weight(part);
  const { status } = part;
  if (status === "pass") return Math.min(shareOf(part) ?? 0, 1);
  return { undecidable: 2, skipped: -1, unjudged: -2 }[status as "undecidable" | "skipped" | "unjudged"];
}
