/** Training in a browser: a bundle without anything of Node's, that ends with the bits that it ends with in Node. */
import { createContext, runInContext } from "node:vm";
import type { Rolldown } from "vite";
import { beforeAll, expect, test } from "vitest";
import { bundleOf, nodeModule } from "../support/bundle.ts";
import { trainedYinYang } from "../support/training/page.ts";

let chunk: Rolldown.OutputChunk;

beforeAll(async () => {
  chunk = await bundleOf("test/support/training/page.ts", "page");
});

test("the bundle has nothing of Node's, of files or of the commands", () => {
  expect([chunk.imports, chunk.dynamicImports]).toEqual([[], []]);
  const rendered = Object.entries(chunk.modules).filter(([, { code }]) => code);
  expect(rendered.map(([id]) => id).filter((id) => nodeModule.test(id))).toEqual([]);
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
