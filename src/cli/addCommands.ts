/** Commands that are loaded when asked for: what one brings with it, the others should not wait for. */
import type { Command } from "commander";

export type Commands = Readonly<Record<string, () => Promise<Command>>>;

/** Adds the command that is wanted; all of them, for the help, if it is none. */
export async function addCommands(
  program: Command,
  commands: Commands,
  wanted: string | undefined,
): Promise<Command> {
  const names = wanted !== undefined && Object.hasOwn(commands, wanted) ? [wanted] : Object.keys(commands);
  for (const name of names) program.addCommand(await commands[name]!());
  return program;
}
