/** `goldspike conform`: whether another implementation computes what it should. */
import { Command } from "commander";
import { conformBackendCommand } from "./conformBackend.ts";
import { conformRunCommand } from "./conformRun.ts";

export function conformCommand(): Command {
  return new Command("conform")
    .summary("check another implementation")
    .description("Checks an implementation of spiking networks and their gradients against certified values.")
    .addCommand(conformRunCommand())
    .addCommand(conformBackendCommand())
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike conform run -- goldspike conform backend engine
  $ goldspike conform run --group smoke --class T3 -- python3 my_backend.py`,
    );
}
