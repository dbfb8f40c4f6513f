/** The result of a batch against its reference: trial by trial, and after the trials of each batch its gradient. */

import type { Result } from "../../format/result.ts";
import { compareResult } from "../compare/compare.ts";
import type { Comparison, Reference } from "../compare/comparison.ts";
import type { Factor } from "../compare/hints.ts";
import type { Part } from "../verdict/verdict.ts";
import { type Batch, membersOf } from "./batch.ts";
import type { BatchReference } from "./batchReference.ts";
import type { BatchResult } from "./solveBatch.ts";

/**
 * The parts in the order in which they come about; names start with `trials[k].` or `batches[b].`. Where spikes have
 * parted, the gradient of their batch is not compared, nor anything that its step of descent has changed.
 *
 * @param comparison of one trial: tensors are chosen by their names without what they start with here
 */
export function compareBatch(
  batch: Batch,
  reference: BatchReference,
  result: BatchResult,
  comparison: Comparison,
): Part[] {
  const parts = [
    ...countPart("trials", reference.trials, result.trials),
    ...countPart("batches", reference.batches, result.batches),
  ];
  if (parts.length > 0) return parts;
  let parted: string | undefined;
  for (const [b, members] of membersOf(batch).entries()) {
    const compare = (name: string, [wants, found]: readonly [Reference, Result], more: readonly Factor[]) => {
      const its = compareResult(wants, found, { ...comparison, factors: [...more, ...comparison.factors] });
      return its.map((part) => ({ ...part, name: `${name}.${part.name}` }));
    };
    const before = parted;
    for (const k of members) {
      const name = `trials[${k}]`;
      const its = compare(name, [reference.trials[k]!, result.trials[k]!], []);
      parts.push(...(before === undefined ? its : its.map((part) => skipped(part, before))));
      if (its.some((part) => part.name.includes(".spikes.") && part.status !== "pass")) parted ??= name;
    }
    const sum = compare(
      `batches[${b}]`,
      [reference.batches[b]!, result.batches[b]!],
      meanFactors(members.length, batch),
    );
    parts.push(...(parted === undefined ? sum : sum.map((part) => skipped(part, parted!))));
    // Without descent every batch begins as the first did.
    if (batch.learningRate === 0) parted = undefined;
  }
  return parts;
}

function countPart(name: string, { length }: readonly Reference[], found: readonly Result[]): Part[] {
  if (found.length === length) return [];
  const message = `expected ${length} entries, one for each, got ${found.length}; the last batch may have fewer trials`;
  return [{ name, status: "malformed", message }];
}

/** What is missing or cannot be read stays said. */
function skipped(part: Part, parted: string): Part {
  if (!["pass", "fail", "undecidable"].includes(part.status)) return part;
  return { name: part.name, status: "skipped", message: `the spikes of ${parted} differ` };
}

/** Means in place of sums. */
function meanFactors(trials: number, { batchSize }: Batch): Factor[] {
  const counts = [...new Set([trials, batchSize])].filter((count) => count > 1);
  return counts.map((count) => ({
    value: 1 / count,
    meaning: `1/${count} (the mean over the batch, not the sum)`,
  }));
}
