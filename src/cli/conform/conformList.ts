/** `goldspike conform list`: what the cases of the suite are there to catch. */
import { Command } from "commander";
import { ConfigError } from "../../base/errors.ts";
import { visible } from "../../base/visible.ts";
import { type CaseChoice, chosenCases } from "../../conformance/suite/chosenCases.ts";
import { featuresOf } from "../../conformance/suite/features.ts";
import { catchesOf, listSuite, pathOfCase } from "../../conformance/suite/suite.ts";
import {
  caseOption,
  featureHelp,
  groupOption,
  needsOption,
  suiteOption,
  withoutOption,
} from "./conformOptions.ts";

interface ListOptions extends CaseChoice {
  readonly suite: string;
}

export function conformListCommand(): Command {
  return new Command("list")
    .description(
      "One line a case: its group and name, the bug that it is there to catch, and in " +
        "brackets what it asks of a backend.",
    )
    .addOption(groupOption())
    .addOption(caseOption())
    .addOption(needsOption())
    .addOption(withoutOption())
    .addOption(suiteOption())
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike conform list
  $ goldspike conform list --group adversarial
  $ goldspike conform list --needs delays,recurrence --without resets

${featureHelp}`,
    )
    .action(list);
}

async function list({ suite, ...choice }: ListOptions): Promise<void> {
  const entries = await chosenCases(await listSuite(suite), choice);
  const width = Math.max(...entries.map(({ group, name }) => group.length + name.length + 1));
  for (const entry of entries) {
    const name = pathOfCase(entry);
    // A case that nothing is known about, or whose file is damaged, does not hide the others.
    const catches = await orMessage(catchesOf(entry));
    const its = await orMessage(featuresOf(entry));
    // A damaged case has said what is wrong with it.
    const brackets = Array.isArray(its) ? `  [${its.join(" ")}]` : "";
    console.log(`${name.padEnd(width)}  ${visible(catches ?? "(nothing is known about it)")}${brackets}`);
  }
}

async function orMessage<Value>(value: Promise<Value>): Promise<Value | string> {
  return value.catch((error: unknown) =>
    error instanceof ConfigError ? error.message : Promise.reject(error),
  );
}
