/** `--tensors`: the words that choose gradients by their names. */
import { InvalidArgumentError } from "commander";
import { ConfigError } from "../base/errors.ts";
import { shown } from "../base/parseWith.ts";
import type { SuiteEntry } from "../conformance/suite/suite.ts";
import { loadCase } from "../format/loadCase.ts";
import { tensorNames } from "../format/tensorNames.ts";

/** Commander's parser for the option. */
export function words(text: string): string[] {
  const list = text.split(",").filter((word) => word !== "");
  if (list.length === 0) throw new InvalidArgumentError("Expected words with commas between them.");
  return list;
}

/**
 * A word without any gradient would let every gradient pass unseen.
 *
 * @throws ConfigError no case has a gradient with one of the words in its name
 */
export async function requireTensors(
  entries: readonly SuiteEntry[],
  words: readonly string[],
): Promise<void> {
  const names = new Set<string>();
  for (const { folder } of entries) {
    // A case that must be refused has none.
    const problem = await loadCase(folder).catch(() => undefined);
    for (const name of problem ? tensorNames(problem) : []) names.add(name);
  }
  const unknown = words.find((word) => ![...names].some((name) => name.includes(word)));
  if (unknown === undefined || names.size === 0) return;
  const kinds = new Set([...names].map((name) => /spike_times|[^.]*$/.exec(name)![0]));
  throw new ConfigError(
    `--tensors: expected words that are in the name of a gradient of these cases, got ${shown(unknown)}; there are ${[...kinds].join(", ")}`,
  );
}
