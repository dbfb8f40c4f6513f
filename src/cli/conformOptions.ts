/** Options that several commands of `goldspike conform` share. */
import { InvalidArgumentError, Option } from "commander";
import { bundledSuite } from "../conformance/suite/suite.ts";
import {
  type Convention,
  type ConventionName,
  conventionNames,
  conventions,
  switches,
} from "../conformance/twin/convention.ts";
import { positiveNumber } from "./options.ts";

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
    .argParser(switched)
    .default({}, "none");
}

function switched(text: string, others: Partial<Convention>): Partial<Convention> {
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

export function stepOption(what = "time step"): Option {
  return new Option("--dt <ms>", what).argParser(positiveNumber).default(0.1);
}

export function suiteOption(): Option {
  return new Option("--suite <dir>", "of cases").default(bundledSuite, "the bundled one");
}
