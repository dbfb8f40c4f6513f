/** What others have written, such as a backend's last words, so that it can be shown on a terminal or in a report. */
import { stripVTControlCharacters } from "node:util";
import { withVisibleControls } from "./controls.ts";

/** A name or message that is longer has been made so. */
const longest = 1000;

/** With `\u{…}` for what is not seen itself but rings, moves the cursor or turns the line around; cut if it is very long. */
export function visible(text: string): string {
  const some = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return withVisibleControls(some);
}

/** Longer lines are cut. */
const lineLength = 200;

/** The last line of what a program has printed: without colours, and as a bar that overwrites itself has left it. */
export function plainLine(printed: string): string {
  const lines = stripVTControlCharacters(printed)
    .trim()
    .split(/[\r\n]+/);
  const line = visible(lines.at(-1)!.trim().replaceAll(/\s+/g, " "));
  if (line.length <= lineLength) return line;
  // No half of a character.
  return `${line.slice(0, lineLength - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
