/** The library in a browser: one bundle without anything of Node's, that solves a case where only the web is. */
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { build, type Rolldown } from "vite";
import { beforeAll, expect, test } from "vitest";
import { jsonChunks, resultOf, solveCase } from "../../src/index.ts";
import { certifiedCases } from "../support/conformance/certifiedCases.ts";

const entry = fileURLToPath(new URL("../../src/index.ts", import.meta.url));
/** Modules that are Node's, or that the bundler puts in their place. */
const nodes = /^(node:|\0?__vite-browser-external)/;

let chunk: Rolldown.OutputChunk;

beforeAll(async () => {
  const output = (await build({
    configFile: false,
    logLevel: "silent",
    build: { write: false, minify: false, lib: { entry, formats: ["iife"], name: "goldspike" } },
  })) as Rolldown.RolldownOutput[];
  const files = output.flatMap((bundle) => bundle.output);
  expect(files.length).toBe(1);
  chunk = files[0] as Rolldown.OutputChunk;
}, 60_000);

/** A realm with what the library may use of a browser, and nothing of Node. */
function browser(): ReturnType<typeof createContext> {
  return createContext({ atob, performance, TextEncoder, TextDecoder });
}

test("the bundle consists of the library and its dependencies, and imports nothing", () => {
  expect(chunk.imports).toEqual([]);
  expect(chunk.dynamicImports).toEqual([]);
  expect(chunk.moduleIds.filter((id) => nodes.test(id))).toEqual([]);
  expect(chunk.moduleIds.some((id) => id.endsWith("src/engine/engine.ts"))).toBe(true);
  expect(chunk.code.match(/\brequire\(["'].*|["']node:.*/g)).toBe(null);
});

test("reading files, HDF5 and the command line are no part of it", () => {
  expect(
    chunk.moduleIds.filter((id) => /h5wasm|commander|src\/(cli|data|training)|loadCase|files\.ts/.test(id)),
  ).toEqual([]);
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
