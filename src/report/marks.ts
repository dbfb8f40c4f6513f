/** Marks that Plot does not have: spikes as ticks, and names at the right ends of lines. */
import type { RenderFunction } from "@observablehq/plot";
import { draw, mark } from "./canvas.ts";

interface Ticks {
  readonly times: ArrayLike<number>;
  readonly rows: ArrayLike<number>;
  readonly size: number;
  readonly color: (row: number) => string;
}

/** Places per pixel, across and down. */
const grid = 2;

/** One path however many spikes there are, and never more of them than there are places on the picture. */
export function raster({ times, rows, size, color }: Ticks): RenderFunction {
  return mark((group, { x, y }, { height, marginTop, marginBottom }) => {
    const row = (height - marginTop - marginBottom) / size;
    const pen = penFor(times.length);
    const length = Math.round(grid * Math.max(pen.least, Math.min(0.8 * row, 14)));
    const places = new Map<string, Set<string>>();
    for (let k = 0; k < times.length; k++) {
      const middle = grid * Number(y!(rows[k]! + 0.5));
      const place = `M${Math.round(grid * Number(x!(times[k]!)))} ${Math.round(middle - length / 2)}`;
      const stroke = color(rows[k]!);
      places.set(stroke, (places.get(stroke) ?? new Set()).add(place));
    }
    for (const [stroke, found] of places) {
      const d = [...found].map((place) => `${place}v${length}`).join("");
      draw(group, "path", { d, stroke, "stroke-width": grid * pen.width, transform: `scale(${1 / grid})` });
    }
  });
}

/** Few spikes are drawn larger than their row is high, so that they are seen at all. */
function penFor(spikes: number): { width: number; least: number } {
  if (spikes > 10000) return { width: 0.7, least: 1 };
  if (spikes > 2000) return { width: 1, least: 2 };
  return spikes > 300 ? { width: 1.2, least: 4 } : { width: 1.5, least: 6 };
}

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

/** Positions at least `gap` apart and as near as can be, in the same order, between `from` and `to` as far as they fit. */
export function spread(positions: readonly number[], from: number, to: number): number[] {
  const order = positions.map((_, k) => k).sort((a, b) => positions[a]! - positions[b]! || a - b);
  // Blocks of labels that touch, each around the middle of its own ends.
  const blocks: { sum: number; count: number }[] = [];
  order.forEach((k, n) => {
    let block = { sum: positions[k]! - n * gap, count: 1 };
    for (
      let above = blocks.at(-1);
      above && above.sum / above.count >= block.sum / block.count;
      above = blocks.at(-1)
    ) {
      block = { sum: above.sum + block.sum, count: above.count + block.count };
      blocks.pop();
    }
    blocks.push(block);
  });
  const most = Math.max(from, to - (positions.length - 1) * gap);
  const places = blocks.flatMap(({ sum, count }) =>
    new Array<number>(count).fill(Math.min(Math.max(sum / count, from), most)),
  );
  const result = new Array<number>(positions.length);
  order.forEach((k, n) => {
    result[k] = places[n]! + n * gap;
  });
  return result;
}
