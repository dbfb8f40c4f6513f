/** A picture of a page: its caption, and a link that saves it as a file of its own. No script is needed for that. */
import { html, Markup, type Piece } from "./html.ts";
import { standalone } from "./standalone.ts";

interface FigureOptions {
  /** Of the file; what is no letter or digit becomes a hyphen. */
  readonly name: string;
  readonly caption?: Piece;
  /** Of the element. */
  readonly kind?: string;
}

/** @param pictures SVG elements, one above the other */
export function figure({ name, caption, kind = "" }: FigureOptions, ...pictures: readonly Markup[]): Markup {
  const file = `${name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-")}.svg`;
  const address = `data:image/svg+xml,${encoded(standalone(pictures.map(({ text }) => text)))}`;
  return html`<figure class="${kind}"><figcaption>${caption} <a class="save" download="${file}" href="${new Markup(address)}">SVG</a></figcaption>
${[...pictures]}</figure>`;
}

/** What neither an address nor an attribute may hold. */
function encoded(svg: string): string {
  return svg.replaceAll(/[%#<>"&\t\r\n]/g, encodeURIComponent);
}
