/** A recording as a picture of its own, SVG or PNG: time to the right, high frequencies above. */

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chart, loadCanvas } from "./canvas.ts";
import { count, some, tick } from "./format.ts";
import { raster } from "./marks.ts";
import { ink, line } from "./palette.ts";
import { standalone } from "./standalone.ts";

export interface RecordingPicture {
  readonly title: string;
  /** ms */
  readonly times: ArrayLike<number>;
  readonly channels: ArrayLike<number>;
  /** Channels are 0 … size − 1. */
  readonly size: number;
}

/** An SVG document of 960 × 480 pixels. */
export async function recordingSvg({ title, times, channels, size }: RecordingPicture): Promise<string> {
  const canvas = await loadCanvas();
  const { plot } = canvas;
  const last = times.length > 0 ? times[times.length - 1]! : 0;
  const description = `${title}: ${count(times.length)} spikes of ${some(size, "channel")}`;
  const { text } = chart(canvas, description, {
    ...{ width: 960, height: 480, marginTop: 36, marginBottom: 42, marginLeft: 56, marginRight: 16 },
    // Text in a picture of its own has no page to take its style from.
    style: { fontFamily: "sans-serif", fontSize: "12px", background: "white", color: ink },
    x: { type: "linear", domain: [0, Math.max(1, last)], nice: true, label: null },
    // Channel 0 hears the highest frequency.
    y: { type: "linear", domain: [size, 0], tickFormat: tick, label: null },
    marks: [
      plot.frame({ stroke: line }),
      plot.axisX({ tickFormat: tick, label: "time (ms)", labelArrow: "none", labelAnchor: "center" }),
      plot.axisY({ tickFormat: tick, label: "channel", labelArrow: "none", labelAnchor: "center" }),
      plot.text([description], { frameAnchor: "top-left", dy: -24, fontSize: 13, fontWeight: 600 }),
      raster({ times, rows: channels, size, color: () => ink }),
    ],
  });
  return standalone([text]);
}

/**
 * An SVG document as PNG, twice its size in pixels, for programs that show no SVG; drawn by resvg in WebAssembly with a font
 * of its own, the same everywhere.
 */
export async function pngOf(svg: string): Promise<Uint8Array> {
  const { initWasm, Resvg } = await import("@resvg/resvg-wasm");
  started ??= contentOf("@resvg/resvg-wasm/index_bg.wasm").then((bytes) => initWasm(bytes));
  await started;
  const font = await contentOf("@fontsource/dejavu-sans/files/dejavu-sans-latin-400-normal.woff2");
  const picture = new Resvg(svg, {
    background: "white",
    fitTo: { mode: "zoom", value: 2 },
    font: { fontBuffers: [font], defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans" },
  });
  return picture.render().asPng();
}

let started: Promise<void> | undefined;

function contentOf(module: string): Promise<Buffer> {
  return readFile(fileURLToPath(import.meta.resolve(module)));
}
