/** What charts are drawn with: Observable Plot, in a document that needs no browser. */
import type * as Plot from "@observablehq/plot";
import { visibleLines } from "../base/controls.ts";
import { Markup } from "./html.ts";

export interface Canvas {
  readonly plot: typeof Plot;
  readonly document: Document;
}

/** Loaded when a report is written: no other command should wait for it. */
export async function loadCanvas(): Promise<Canvas> {
  const [plot, { default: domino }] = await Promise.all([import("@observablehq/plot"), import("domino")]);
  return { plot, document: domino.createDocument() };
}

/** A chart as inline SVG; the description is for those who cannot see it. */
export function chart(canvas: Canvas, description: string, options: Plot.PlotOptions): Markup {
  const figure = canvas.plot.plot({ ...options, document: canvas.document });
  figure.setAttribute("role", "img");
  figure.setAttribute("aria-label", description);
  return new Markup(visibleLines(shortened(wellFormed(figure.outerHTML))));
}

/** HTML lets < and > be in attributes as they are; in a file of SVG they must not. */
function wellFormed(html: string): string {
  const tag = /<[A-Za-z][^\s>]*(?:\s+[\w:-]+="[^"]*")*>/g;
  return html.replaceAll(
    tag,
    (text) => `<${text.slice(1, -1).replaceAll("<", "&lt;").replaceAll(">", "&gt;")}>`,
  );
}

/** Coordinates to a tenth of a pixel: thousands of them make most of the file. */
function shortened(svg: string): string {
  return svg.replaceAll(/ (?:d|transform|x|y|width|height)="[^"]*"/g, (attribute) =>
    attribute.replaceAll(/\d+\.\d{3,}/g, (digits) => String(Number(Number(digits).toFixed(1)))),
  );
}

/** Adds an SVG element to `parent`. */
export function draw(
  parent: Element,
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  text = "",
): SVGElement {
  const element = parent.ownerDocument.createElementNS("http://www.w3.org/2000/svg", name) as SVGElement;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.textContent = text;
  parent.appendChild(element);
  return element;
}

/** A mark that draws what Plot has no mark for, in pixels. */
export function mark(
  render: (group: SVGElement, scales: Plot.ScaleFunctions, dimensions: Plot.Dimensions) => void,
): Plot.RenderFunction {
  return (_index, scales, _values, dimensions, { document }) => {
    const group = document.createElementNS("http://www.w3.org/2000/svg", "g");
    render(group, scales, dimensions);
    return group;
  };
}
