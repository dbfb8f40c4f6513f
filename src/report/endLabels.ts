/** Names of lines, at their right ends instead of in a legend. */
import type { RenderFunction } from "@observablehq/plot";
import { draw, mark } from "./canvas.ts";

export interface EndLabel {
  readonly text: string;
  /** Where the line ends. */
  readonly y: number;
  readonly color: string;
  readonly bold?: boolean;
}

/** Least distance of two labels, in pixels. */
const gap = 13;
const leader = 14;

/** Labels right of the frame, moved apart where lines end side by side, each with a leader from its line's end. */
export function endLabels(labels: readonly EndLabel[]): RenderFunction {
  return mark((group, { y }, { width, height, marginRight, marginTop, marginBottom }) => {
    const right = width - marginRight;
    const ends = labels.map((label) => Number(y!(label.y)));
    const places = spread(ends, marginTop, height - marginBottom);
    labels.forEach(({ text, color, bold }, k) => {
      const [end, place] = [ends[k]!.toFixed(1), places[k]!.toFixed(1)];
      const path = `M${right + 1},${end}L${right + leader - 3},${place}`;
      draw(group, "path", { d: path, stroke: color, fill: "none", "stroke-width": bold ? 2 : 1 });
      const style = { "text-anchor": "start", fill: "currentColor", "font-weight": bold ? 600 : 400 };
      draw(group, "text", { x: right + leader, y: place, dy: "0.32em", ...style }, text);
    });
  });
}

/** Positions at least `gap` apart, in the same order, between `from` and `to` as far as they fit. */
export function spread(positions: readonly number[], from: number, to: number): number[] {
  const order = positions.map((_, k) => k).sort((a, b) => positions[a]! - positions[b]! || a - b);
  const result = positions.map((position) => Math.min(Math.max(position, from), to));
  order.forEach((k, n) => {
    if (n > 0) result[k] = Math.max(result[k]!, result[order[n - 1]!]! + gap);
  });
  let limit = to;
  for (const k of order.reverse()) {
    result[k] = Math.min(result[k]!, limit);
    limit = result[k]! - gap;
  }
  return result;
}
