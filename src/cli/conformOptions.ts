/** Options that several commands of `goldspike conform` share. */
import { Option } from "commander";
import { bundledSuite } from "../conformance/suite.ts";
import { conventionNames } from "../conformance/twin/convention.ts";
import { positiveNumber } from "./options.ts";

/** Whose habits a time-stepped implementation has. */
export function conventionOption(what: string): Option {
  return new Option("--convention <name>", what).choices(conventionNames).default("genn_eventprop");
}

export function stepOption(what = "time step"): Option {
  return new Option("--dt <ms>", what).argParser(positiveNumber).default(0.1);
}

export function suiteOption(): Option {
  return new Option("--suite <dir>", "of cases").default(bundledSuite, "the bundled one");
}
