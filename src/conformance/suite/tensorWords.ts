/** Words that choose gradients by their names, held against the cases that they are to choose in. */
import { ConfigError } from "../../base/errors.ts";
import { shown } from "../../base/parseWith.ts";
import { loadCase } from "../../format/loadCase.ts";
import { tensorNames } from "../../model/tensors.ts";
import type { SuiteEntry } from "./suite.ts";

export interface TensorWords {
  /** Nothing else is looked at. */
  readonly tensors?: readonly string[];
  /** These must be there. */
  readonly require?: readonly string[];
}

/**
 * A word without any gradient would let every gradient pass unseen.
 *
 * @param option as whoever chooses spells it; starts messages
 * @throws ConfigError no case has a gradient with one of the words in its name
 */
export async function requireTensors(
  entries: readonly SuiteEntry[],
  { tensors = [], require = [] }: TensorWords,
  option: (name: keyof TensorWords) => string = (name) => `--${name}`,
): Promise<void> {
  if (tensors.length + require.length === 0) return;
  const names = new Set<string>();
  for (const { folder } of entries) {
    // A case that must be refused has none.
    const problem = await loadCase(folder).catch(() => undefined);
    for (const name of problem ? tensorNames(problem.network) : []) names.add(name);
  }
  requireKnownWords(names, { tensors, require }, option);
}

/** The same with the names of all gradients; where there are none, nothing can be said. */
export function requireKnownWords(
  names: ReadonlySet<string>,
  { tensors = [], require = [] }: TensorWords,
  option: (name: keyof TensorWords) => string,
): void {
  if (names.size === 0) return;
  for (const [name, words] of Object.entries({ tensors, require })) {
    const unknown = words.find((word) => ![...names].some((known) => known.includes(word)));
    if (unknown === undefined) continue;
    const kinds = new Set([...names].map((known) => /spike_times|[^.]*$/.exec(known)![0]));
    throw new ConfigError(
      `${option(name as keyof TensorWords)}: expected words that are in the name of a gradient of these cases, got ${shown(unknown)}; there are ${[...kinds].join(", ")}`,
    );
  }
}
