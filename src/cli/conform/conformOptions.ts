/** Options that several commands of `goldspike conform` share: how a backend steps, and which cases they are about. */
import { InvalidArgumentError, Option } from "commander";
import { shown } from "../../base/parseWith.ts";
import { features } from "../../conformance/suite/features.ts";
import { type Group, groups } from "../../conformance/suite/golden.ts";
import { bundledSuite } from "../../conformance/suite/suite.ts";
import {
  type Convention,
  type ConventionName,
  conventionNames,
  conventions,
  switches,
  switchTo,
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
  try {
    return { ...others, ...switchTo(name, value) };
  } catch (error) {
    const { message } = error as Error;
    throw new InvalidArgumentError(`${message.charAt(0).toUpperCase()}${message.slice(1)}`);
  }
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
