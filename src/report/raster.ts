/** Spikes as ticks: one path however many they are, and never more of them than there are places on the picture. */
import type { RenderFunction } from "@observablehq/plot";
import { draw, mark } from "./canvas.ts";

export interface Ticks {
  readonly times: ArrayLike<number>;
  readonly rows: ArrayLike<number>;
  readonly size: number;
  readonly color: (row: number) => string;
}

/** Places per pixel, across and down. */
const grid = 2;

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
