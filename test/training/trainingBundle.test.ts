/** Training in a browser: a bundle without anything of Node's, that ends with the bits that it ends with in Node. */
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { build, type Rolldown } from "vite";
import { beforeAll, expect, test } from "vitest";
import { trainedYinYang } from "../support/training/page.ts";

const entry = fileURLToPath(new URL("../support/training/page.ts", import.meta.url));
/** Modules that are Node's, or that the bundler puts in their place. */
const nodes = /^(node:|\0?__vite-browser-external)/;

let chunk: Rolldown.OutputChunk;

beforeAll(async () => {
  const output = (await build({
    configFile: false,
    logLevel: "silent",
    build: { write: false, minify: false, lib: { entry, formats: ["iife"], name: "page" } },
  })) as Rolldown.RolldownOutput[];
  const files = output.flatMap((bundle) => bundle.output);
  expect(files.length).toBe(1);
  chunk = files[0] as Rolldown.OutputChunk;
}, 60_000);

test("the bundle has nothing of Node's, of files or of the commands", () => {
  expect([chunk.imports, chunk.dynamicImports]).toEqual([[], []]);
  const rendered = Object.entries(chunk.modules).filter(([, { code }]) => code);
  expect(rendered.map(([id]) => id).filter((id) => nodes.test(id))).toEqual([]);
  expect(
    rendered.map(([id]) => id).filter((id) => /h5wasm|commander|yaml|src\/(cli|run)|files\.ts/.test(id)),
  ).toEqual([]);
  expect(rendered.some(([id]) => id.endsWith("src/training/training.ts"))).toBe(true);
  expect(chunk.code.match(/\brequire\(["'].*|["']node:.*/g)).toBe(null);
});

test("it trains in a browser's realm as in Node, to the last bit", async () => {
  const realm = createContext({ atob, performance, TextEncoder, TextDecoder, setTimeout });
  runInContext(`${chunk.code}; globalThis.page = page`, realm);
  const there = await runInContext("page.trainedYinYang()", realm);
  const here = await trainedYinYang();
  expect(JSON.parse(JSON.stringify(there))).toEqual(here);
  expect(here.losses.at(-1)).toBeLessThan(here.losses[0]!);
});
