/** HTML in which nothing can be forgotten to be escaped: only `Markup` goes in as it is. */
import { visibleLines } from "../base/controls.ts";

export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a template may hold; `undefined` is nothing. */
export type Piece = Markup | string | number | undefined | readonly Piece[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Template tag: the literal parts are markup, strings and numbers between them are text. */
export function html(literals: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  let text = literals[0]!;
  pieces.forEach((piece, k) => {
    text += textOf(piece) + literals[k + 1]!;
  });
  return new Markup(text);
}

function textOf(piece: Piece): string {
  if (piece === undefined) return "";
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === "object") return piece.map(textOf).join("");
  return visibleLines(String(piece)).replace(/[&<>"']/g, (character) => entities[character]!);
}
