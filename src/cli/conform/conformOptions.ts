/** Options that several commands of `goldspike conform` share: how a backend steps, and which cases they are about. */
import { InvalidArgumentError, Option } from "commander";
import { ConfigError } from "../../base/errors.ts";
import { shown } from "../../base/parseWith.ts";
import { features, featuresOf } from "../../conformance/suite/features.ts";
import { type Group, groups } from "../../conformance/suite/golden.ts";
import { bundledSuite, type SuiteEntry } from "../../conformance/suite/suite.ts";
import {
  type Convention,
  type ConventionName,
  conventionNames,
  conventions,
  switches,
} from "../../conformance/twin/convention.ts";
import { positiveNumber } from "../options.ts";

/** Whose habits a time-stepped implementation has. */
export function conventionOption(what: string): Option {
  return new Option("--convention <name>", what).choices(conventionNames).default("genn_eventprop");
}

/** Where one of those habits is another. */
export function switchOption(): Option {
  return new Option(
    "--switch <name=value>",
    `one habit that is another than the convention's, may be repeated: ${Object.entries(switches)
      .map(([name, { values }]) => `${name}=${Object.keys(values).join("|")}`)
      .join(", ")}`,
  )
    .argParser(parseSwitch)
    .default({}, "none");
}

function parseSwitch(text: string, others: Partial<Convention>): Partial<Convention> {
  const [name = "", value = ""] = text.split("=", 2);
  const known = Object.hasOwn(switches, name) ? switches[name as keyof typeof switches] : undefined;
  if (!known) throw new InvalidArgumentError(`Expected one of ${Object.keys(switches).join(", ")}.`);
  const values: Readonly<Record<string, Convention[keyof Convention]>> = known.values;
  if (!Object.hasOwn(values, value))
    throw new InvalidArgumentError(`Expected ${name}=${Object.keys(values).join(` or ${name}=`)}.`);
  return { ...others, [known.key]: values[value] };
}

export interface ConventionOptions {
  readonly convention: ConventionName;
  readonly switch: Partial<Convention>;
}

export function conventionOf({ convention, switch: own }: ConventionOptions): Convention {
  return { ...conventions[convention], ...own };
}

/** Habits that are others than the convention's, as the option has them. */
export function switchesOf({ switch: own }: ConventionOptions): string[] {
  return Object.entries(switches).flatMap(([name, { key, values }]) =>
    Object.entries(values).flatMap(([setting, value]) =>
      Object.hasOwn(own, key) && own[key] === value ? [`${name}=${setting}`] : [],
    ),
  );
}

export function stepOption(what = "time step"): Option {
  return new Option("--dt <ms>", what).argParser(positiveNumber).default(0.1);
}

/** Which gradients are looked at. */
export function tensorsOption(): Option {
  return new Option(
    "--tensors <names>",
    "only gradients whose name has one of these words in it, e.g. weight,tau",
  ).argParser(parseWords);
}

/** Commander's parser for words with commas between them. */
export function parseWords(text: string): string[] {
  const list = text.split(",").filter((word) => word !== "");
  if (list.length === 0) throw new InvalidArgumentError("Expected words with commas between them.");
  return list;
}

export function suiteOption(): Option {
  return new Option("--suite <dir>", "of cases").default(bundledSuite, "the bundled one");
}

export interface CaseChoice {
  readonly group?: readonly Group[];
  readonly case?: readonly string[];
  readonly needs?: readonly string[];
  readonly without?: readonly string[];
}

export function groupOption(): Option {
  return new Option(
    "--group <name>",
    `of cases, may be repeated: ${groups.join(", ")} ; all if absent`,
  ).argParser(parseGroup);
}

function parseGroup(text: string, others: readonly Group[] = []): Group[] {
  if (!groups.includes(text as Group))
    throw new InvalidArgumentError(`Expected one of ${groups.join(", ")}.`);
  return [...others, text as Group];
}

export function caseOption(): Option {
  return new Option(
    "--case <name>",
    "one case, may be repeated; with --group, those of the group besides",
  ).argParser((text: string, others: readonly string[] = []) => [...others, text]);
}

/** What a case asks of a backend. */
export function needsOption(): Option {
  return new Option("--needs <features>", "only cases that ask for all of these, see below").argParser(
    parseFeatures,
  );
}

export function withoutOption(): Option {
  return new Option("--without <features>", "only cases that ask for none of these").argParser(parseFeatures);
}

export const featureHelp = `Features:\n${inLines(features, "  ", 80)}`;

function parseFeatures(text: string, others: readonly string[] = []): string[] {
  const names = parseWords(text);
  const unknown = names.find((name) => !features.includes(name));
  if (unknown !== undefined)
    throw new InvalidArgumentError(
      `Expected features, got ${shown(unknown)}; there are ${features.join(", ")}.`,
    );
  return [...others, ...names];
}

/** Words with commas between them, in lines of some width. */
function inLines(words: readonly string[], indent: string, width: number): string {
  const lines = [""];
  for (const [k, word] of words.entries()) {
    const text = k < words.length - 1 ? `${word}, ` : word;
    if (indent.length + lines.at(-1)!.length + text.trimEnd().length > width) lines.push("");
    lines.push(`${lines.pop()}${text}`);
  }
  return lines.map((line) => `${indent}${line.trimEnd()}`).join("\n");
}

/** @throws ConfigError there are none */
export async function chosenCases(
  entries: readonly SuiteEntry[],
  { group = [], case: names = [], needs = [], without = [] }: CaseChoice,
): Promise<SuiteEntry[]> {
  const unknown = names.find((name) => !entries.some((entry) => entry.name === name));
  if (unknown !== undefined)
    throw new ConfigError(`--case: expected the name of a case of the suite, got ${shown(unknown)}`);
  const wanted = entries.filter(
    (entry) =>
      (group.length === 0 && names.length === 0) || group.includes(entry.group) || names.includes(entry.name),
  );
  if (wanted.length === 0)
    throw new ConfigError(`--group: expected a group with cases, got ${group.join(", ")}`);
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
    `--needs, --without: expected features of some case, got ${asked.join(" ")}, which none is`,
  );
}
