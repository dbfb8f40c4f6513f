/** The library in a browser: one bundle without anything of Node's, that solves a case where only the web is. */

import { createContext, runInContext } from "node:vm";
import { gzipSync } from "node:zlib";
import type { Rolldown } from "vite";
import { beforeAll, expect, test } from "vitest";
import { jsonChunks, resultOf, solveCase } from "../../src/index.ts";
import { bundleOf, nodeModule } from "../support/bundle.ts";
import { certifiedCases } from "../support/conformance/certifiedCases.ts";

let chunk: Rolldown.OutputChunk;

beforeAll(async () => {
  chunk = await bundleOf("src/index.ts", "goldspike");
});

/** A realm with what the library may use of a browser, and nothing of Node. */
function browser(): ReturnType<typeof createContext> {
  return createContext({ atob, performance, TextEncoder, TextDecoder });
}

test("the bundle consists of the library and its dependencies, and imports nothing", () => {
  expect(chunk.imports).toEqual([]);
  expect(chunk.dynamicImports).toEqual([]);
  expect(chunk.moduleIds.filter((id) => nodeModule.test(id))).toEqual([]);
  expect(chunk.moduleIds.some((id) => id.endsWith("src/engine/engine.ts"))).toBe(true);
  expect(chunk.code.match(/\brequire\(["'].*|["']node:.*/g)).toBe(null);
});

test("reading files, HDF5 and the command line are no part of it", () => {
  expect(
    chunk.moduleIds.filter((id) => /h5wasm|commander|src\/(cli|data|training)|loadCase|files\.ts/.test(id)),
  ).toEqual([]);
});

test("gradients alone are at most 50 kB to load", async () => {
  const { code } = await bundleOf("test/fixtures/gradient.ts", "goldspike", true);
  expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(50_000);
});

test("a realm of the web lacks what Node adds", () => {
  for (const name of ["process", "require", "Buffer", "global", "setImmediate"])
    expect(runInContext(`typeof ${name}`, browser())).toBe("undefined");
});

test("it solves a case in a browser's realm as in Node, to the last byte", async () => {
  const realm = browser();
  runInContext(`${chunk.code}; globalThis.goldspike = goldspike`, realm);
  for (const name of ["recurrent-linear", "two-layers-skip"]) {
    const { json, problem } = certifiedCases.find((certified) => certified.name === name)!;
    for (const precision of ["f64", "f32"] as const) {
      Object.assign(realm, { text: JSON.stringify(json), precision });
      const found = await runInContext(
        `(async () => {
          const problem = goldspike.parseCase(JSON.parse(text));
          const solution = await goldspike.solveCase(problem, { precision });
          return [...goldspike.jsonChunks(goldspike.resultOf(problem, solution, precision))].join("");
        })()`,
        realm,
      );
      const here = resultOf(problem, await solveCase(problem, { precision }), precision);
      expect(found).toBe([...jsonChunks(here)].join(""));
    }
  }
});
