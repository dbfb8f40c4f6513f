/** `goldspike service`: requests of other programs, such as the Python package. */
import { Command } from "commander";
import { service } from "../service/service.ts";

export function serviceCommand(): Command {
  return new Command("service")
    .description(
      "Reads requests from stdin, a line of JSON each, and answers them on stdout one after the other, until stdin ends: " +
        "cases of the suite, verdicts on results in memory, solutions and certificates. The Python package goldspike is " +
        "made of it; src/service/protocol.ts describes the lines.",
    )
    .addHelpText(
      "after",
      `
Example:
  $ echo '{"id": 1, "op": "solve", "given": {"case": {"path": "smoke/recurrence"}}}' | goldspike service`,
    )
    .action(() => service(process.stdin, process.stdout));
}
