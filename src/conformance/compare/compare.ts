/** A result against its reference: every part with its error, what is granted, and what is wrong. */
import { visible } from "../../base/visible.ts";
import type { Result } from "../../format/result.ts";
import type { Part } from "../verdict/verdict.ts";
import type { Comparison, Reference } from "./comparison.ts";
import { numberParts } from "./numberParts.ts";
import { type Divergence, earlierOf, type Match, malformed, matchSpikes } from "./spikes.ts";

/** The parts in the order of a result file. Where the spikes differ, numbers are not compared. */
export function compareResult(reference: Reference, result: Result, comparison: Comparison): Part[] {
  const parts = comparedWith(reference, result, comparison);
  if (!reference.rounded || !parts.some(({ status }) => status === "undecidable")) return parts;
  const others = comparedWith(reference.rounded, result, comparison);
  return others.every(({ status }) => status === "pass" || status === "unjudged") ? others : parts;
}

function comparedWith(reference: Reference, result: Result, comparison: Comparison): Part[] {
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

interface SpikeParts {
  readonly parts: Part[];
  /** Of every population that can be matched, by name. */
  readonly matches: ReadonlyMap<string, Match>;
  /** Whether any part is not as it should be. */
  readonly differ: boolean;
}

/** Of populations that part from the reference, the first in time decides whether rounding may have done it to all. */
function spikeParts(reference: Reference, result: Result): SpikeParts {
  const parts: Part[] = [];
  const matches = new Map<string, Match>();
  let first: (Divergence & { population: string }) | undefined;
  for (const [name, wanted] of Object.entries(reference.spikes)) {
    const part = `spikes.${name}`;
    const found = result.spikes.get(name);
    const problem = result.unreadable.get(part) ?? (found ? malformed(found) : undefined);
    if (!found || problem) {
      const status = found || problem ? "malformed" : "missing";
      parts.push({ name: part, status, message: problem ?? missingSpikes });
      continue;
    }
    const match = matchSpikes(wanted, found);
    matches.set(name, match);
    const { divergence, worst } = match;
    first = earlierOf(first, divergence && { ...divergence, population: name });
    parts.push({
      name: part,
      status: divergence ? "fail" : "pass",
      error: worst.error,
      ...(worst.index >= 0 && { tolerance: worst.tolerance }),
      ...(divergence && { message: divergenceText(divergence) }),
    });
  }
  const unreadable = [...result.unreadable.keys()].flatMap((part) => /^spikes\.(.*)$/s.exec(part)?.[1] ?? []);
  for (const name of [...result.spikes.keys(), ...unreadable])
    if (!Object.hasOwn(reference.spikes, name))
      parts.push({ name: `spikes.${name}`, status: "extra", message: "no spiking population has this name" });
  if (!first) return { parts, matches, differ: parts.some(({ status }) => status !== "pass") };
  const { population: where } = first;
  const reason = reference.open(where, first);
  const judged = parts.map((part): Part => {
    if (part.status !== "fail") return part;
    if (reason) return { ...part, status: "undecidable", message: `${part.message}; ${reason}` };
    const own = part.name === `spikes.${where}`;
    return own ? part : { ...part, message: `${part.message}, after spikes.${where} had parted` };
  });
  return { parts: judged, matches, differ: true };
}

const missingSpikes = "missing: expected {times, neurons} of the population, empty arrays if it is silent";

function divergenceText({ kind, neuron, ordinal, expected, found }: Divergence): string {
  const which = `spike ${ordinal} of neuron ${neuron}`;
  if (kind === "missing") return `${which} at ${expected} ms is missing`;
  if (kind === "extra") return `${which} at ${found} ms is one too many`;
  const ratio = found! / expected!;
  const units = [1000, 1e-3].find((factor) => Math.abs(ratio / factor - 1) < 1e-3);
  const hint = units
    ? `; units: ${units < 1 ? "seconds for milliseconds" : "microseconds for milliseconds"}`
    : "";
  return `${which}: expected ${expected} ms, got ${found} ms${hint}`;
}
