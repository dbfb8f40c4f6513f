/** Commands that are loaded when asked for: what one brings with it, the others should not wait for. */
import { Command } from "commander";

interface Entry {
  /** A line of the list of commands. */
  readonly summary: string;
  load(): Promise<Command>;
}

export type Commands = Readonly<Record<string, Entry>>;

/** Adds the command that is wanted; if it is none, all of them by name, for the list in the help. */
export async function addCommands(
  program: Command,
  commands: Commands,
  wanted: string | undefined,
): Promise<Command> {
  program.configureHelp({ subcommandTerm: (command) => command.name() });
  if (wanted !== undefined && Object.hasOwn(commands, wanted))
    return program.addCommand((await commands[wanted]!.load()).summary(commands[wanted]!.summary));
  for (const [name, { summary }] of Object.entries(commands))
    program.addCommand(new Command(name).summary(summary));
  return program;
}
