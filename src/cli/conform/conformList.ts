/** `goldspike conform list`: what the cases of the suite are there to catch. */
import { Command } from "commander";
import { ConfigError } from "../../base/errors.ts";
import { visible } from "../../base/visible.ts";
import { catchesOf, listSuite } from "../../conformance/suite/suite.ts";
import { type CaseChoice, chosenCases, groupOption, suiteOption } from "./conformOptions.ts";

interface ListOptions extends CaseChoice {
  readonly suite: string;
}

export function conformListCommand(): Command {
  return new Command("list")
    .summary("the cases, and what each one catches")
    .description("One line a case: its group and name, and the bug that it is there to catch.")
    .addOption(groupOption())
    .addOption(suiteOption())
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike conform list
  $ goldspike conform list --group adversarial`,
    )
    .action(list);
}

async function list({ suite, ...choice }: ListOptions): Promise<void> {
  const entries = chosenCases(await listSuite(suite), choice);
  const width = Math.max(...entries.map(({ group, name }) => group.length + name.length + 1));
  for (const entry of entries) {
    const name = `${entry.group}/${entry.name}`;
    // A case that nothing is known about, or whose file is damaged, does not hide the others.
    const catches = await catchesOf(entry).catch((error: unknown) =>
      error instanceof ConfigError ? error.message : Promise.reject(error),
    );
    console.log(`${name.padEnd(width)}  ${visible(catches ?? "(nothing is known about it)")}`);
  }
}
