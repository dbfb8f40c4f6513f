/** Pictures for programs that show no SVG; drawn by resvg in WebAssembly, with a font of its own, the same everywhere. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** An SVG document as PNG, twice its size in pixels. */
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
