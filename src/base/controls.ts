/** Characters that are not seen themselves, but ring, move the cursor or turn the line around: they are shown, never sent. */

/** Control, format and half characters, and separators of lines and paragraphs. */
const controls = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** With `\u{…}` for each of them. */
export function withVisibleControls(text: string): string {
  return text.replace(controls, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/** The same of several lines, which stay lines, and whose tabs stay. */
export function visibleLines(text: string): string {
  return text.replace(controls, (character) =>
    character === "\n" || character === "\t" ? character : withVisibleControls(character),
  );
}

/** The same JSON with escapes for each of them; JSON.stringify leaves those beyond ASCII as they are. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value).replace(controls, (character) =>
    Array.from({ length: character.length }, (_, k) => {
      return `\\u${character.charCodeAt(k).toString(16).padStart(4, "0")}`;
    }).join(""),
  );
}
