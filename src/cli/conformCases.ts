/** Which cases of a suite a command of `goldspike conform` is about. */
import { InvalidArgumentError, Option } from "commander";
import { ConfigError } from "../base/errors.ts";
import { shown } from "../base/parseWith.ts";
import { type Group, groups } from "../conformance/suite/golden.ts";
import type { SuiteEntry } from "../conformance/suite/suite.ts";

export interface CaseChoice {
  readonly group?: readonly Group[];
  readonly case?: readonly string[];
}

export function groupOption(): Option {
  return new Option(
    "--group <name>",
    `of cases, may be repeated: ${groups.join(", ")} ; all if absent`,
  ).argParser(group);
}

function group(text: string, others: readonly Group[] = []): Group[] {
  if (!groups.includes(text as Group))
    throw new InvalidArgumentError(`Expected one of ${groups.join(", ")}.`);
  return [...others, text as Group];
}

export function caseOption(): Option {
  return new Option("--case <name>", "one case, may be repeated").argParser(
    (text: string, others: readonly string[] = []) => [...others, text],
  );
}

/** @throws ConfigError there are none */
export function chosenCases(
  entries: readonly SuiteEntry[],
  { group = [], case: names = [] }: CaseChoice,
): SuiteEntry[] {
  const unknown = names.find((name) => !entries.some((entry) => entry.name === name));
  if (unknown !== undefined)
    throw new ConfigError(`--case: expected the name of a case of the suite, got ${shown(unknown)}`);
  const wanted = entries.filter(
    (entry) =>
      (group.length === 0 && names.length === 0) || group.includes(entry.group) || names.includes(entry.name),
  );
  if (wanted.length === 0)
    throw new ConfigError(`--group: expected a group with cases, got ${group.join(", ")}`);
  return wanted;
}
