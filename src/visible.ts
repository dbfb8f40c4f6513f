/** What others have written, such as a backend's last words, so that it can be shown on a terminal or in a report. */
import { stripVTControlCharacters } from "node:util";

/** With `\u{…}` for what is not seen itself but rings, moves the cursor or turns the line around. */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}

/** Longer lines are cut. */
const lineLength = 200;

/** The last line of what a program has printed: without colours, and as a bar that overwrites itself has left it. */
export function plainLine(printed: string): string {
  const lines = stripVTControlCharacters(printed)
    .trim()
    .split(/[\r\n]+/);
  return visible(lines.at(-1)!.trim().replaceAll(/\s+/g, " ").slice(0, lineLength));
}
