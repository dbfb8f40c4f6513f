/** A result against its reference: every part with its error, what is granted, and what is wrong. */
import { visible } from "../../base/visible.ts";
import type { Result } from "../../format/result.ts";
import type { Part } from "../verdict/verdict.ts";
import type { Comparison, Reference } from "./comparison.ts";
import { numberParts } from "./numberParts.ts";
import { spikeParts } from "./spikeParts.ts";

/** The parts in the order of a result file. Where the spikes differ, numbers are not compared. */
export function compareResult(reference: Reference, result: Result, comparison: Comparison): Part[] {
  const { parts, matches, differ } = spikeParts(reference, result);
  const numbers = numberParts(reference, result, matches, comparison);
  const open = parts.some(({ status }) => status === "undecidable");
  const judged = numbers.map((part) => (differ ? skipped(part, open) : doubted(part, reference.doubt)));
  return [...parts, ...judged].map(seen);
}

/** Names, and values in messages, are the result's own. */
function seen(part: Part): Part {
  const { name, message } = part;
  return { ...part, name: visible(name), ...(message !== undefined && { message: visible(message) }) };
}

/** What can be said without numbers stays said. */
function skipped(part: Part, open: boolean): Part {
  // With other spikes their derivatives are others in number.
  const shaped = part.status === "malformed" && !part.name.startsWith("spike_times.");
  if (shaped || !["pass", "fail", "malformed"].includes(part.status)) return part;
  return { name: part.name, status: "skipped", message: open ? "after an open event" : "the spikes differ" };
}

function doubted(part: Part, doubt: string | undefined): Part {
  if (part.status !== "fail" || doubt === undefined) return part;
  return { ...part, status: "undecidable", message: `${part.message}; ${doubt}` };
}
