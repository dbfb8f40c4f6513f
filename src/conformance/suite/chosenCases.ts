/** The cases that somebody wants: by group and name, and by what they ask of a backend. */
import { ConfigError } from "../../base/errors.ts";
import { shown } from "../../base/parseWith.ts";
import { featuresOf } from "./features.ts";
import type { Group } from "./golden.ts";
import { pathOfCase, type SuiteEntry } from "./suite.ts";

export interface CaseChoice {
  readonly group?: readonly Group[];
  /** NAME, or GROUP/NAME. */
  readonly case?: readonly string[];
  /** Features that all of them have. */
  readonly needs?: readonly string[];
  /** Features that none of them has. */
  readonly without?: readonly string[];
}

/**
 * Without a group and a name all; with both, the group and these cases besides.
 *
 * @param option as whoever chooses spells it; starts messages
 * @throws ConfigError there are none
 */
export async function chosenCases(
  entries: readonly SuiteEntry[],
  { group = [], case: names = [], needs = [], without = [] }: CaseChoice,
  option: (name: keyof CaseChoice) => string = (name) => `--${name}`,
): Promise<SuiteEntry[]> {
  const isNamed = (entry: SuiteEntry, name: string) => name === entry.name || name === pathOfCase(entry);
  const unknown = names.find((name) => !entries.some((entry) => isNamed(entry, name)));
  if (unknown !== undefined)
    throw new ConfigError(
      `${option("case")}: expected the name of a case of the suite, got ${shown(unknown)}`,
    );
  const wanted = entries.filter(
    (entry) =>
      (group.length === 0 && names.length === 0) ||
      group.includes(entry.group) ||
      names.some((name) => isNamed(entry, name)),
  );
  if (wanted.length === 0)
    throw new ConfigError(`${option("group")}: expected a group with cases, got ${group.join(", ")}`);
  if (needs.length + without.length === 0) return wanted;
  const able: SuiteEntry[] = [];
  for (const entry of wanted) {
    const its = await featuresOf(entry);
    if (needs.every((name) => its.includes(name)) && !without.some((name) => its.includes(name)))
      able.push(entry);
  }
  if (able.length > 0) return able;
  const asked = [...needs.map((name) => `with ${name}`), ...without.map((name) => `without ${name}`)];
  throw new ConfigError(
    `${option("needs")}, ${option("without")}: expected features of some case, got ${asked.join(" ")}, which none is`,
  );
}
