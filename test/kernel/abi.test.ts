/** The contract between host and kernel: numbers and one memory, nothing else. */
import { describe, expect, test } from "vitest";
import { layoutVersion } from "../../src/engine/kernel/description.ts";
import { type Build, builds, bytesOf, instantiate } from "../support/kernel/kernels.ts";
import { customNames, sectionIds } from "../support/kernel/wasmSections.ts";

const functions = [
  "closestGraze",
  "coefficients",
  "crossing",
  "difference2",
  "difference3",
  "difference4",
  "differentiate",
  "evaluate",
  "evaluateLoss",
  "exp",
  "expm1",
  "gainDerivatives",
  "heapBase",
  "log",
  "log1p",
  "phi1",
  "phi2",
  "realBytes",
  "repeatedDifference",
  "work",
];

const release: Build[] = ["f64", "f32"];
const moduleOf = (build: Build) => new WebAssembly.Module(bytesOf(build));
const namesOf = (build: Build, kind: string) =>
  WebAssembly.Module.exports(moduleOf(build))
    .filter((entry) => entry.kind === kind)
    .map(({ name }) => name)
    .sort();

describe.each(builds)("the %s kernel", (build) => {
  test("imports one memory and nothing else", () => {
    const imports = WebAssembly.Module.imports(moduleOf(build));
    expect(imports).toEqual([expect.objectContaining({ module: "env", name: "memory", kind: "memory" })]);
  });

  test("refuses a memory that cannot be shared between threads", () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
    expect(() => instantiate(build, memory)).toThrow(/shared/);
  });

  test("exports exactly the functions of the contract, and the version of its memory", () => {
    expect(namesOf(build, "function")).toEqual(functions);
    const kinds = new Set(WebAssembly.Module.exports(moduleOf(build)).map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(["function", "global"]));
  });

  test("writes no byte of its memory when it comes to life", () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    new Uint8Array(memory.buffer).fill(0xa5);
    instantiate(build, memory);
    expect(new Uint8Array(memory.buffer).every((byte) => byte === 0xa5)).toBe(true);
  });

  test("keeps no state outside its memory: its only global is constant", () => {
    const globals = Object.entries(instantiate(build)).filter(
      ([, value]) => value instanceof WebAssembly.Global,
    );
    expect(globals.map(([name]) => name)).toEqual(["layoutVersion"]);
    for (const [, constant] of globals) {
      expect(() => {
        (constant as WebAssembly.Global).value = 1;
      }).toThrow(/immutable/);
    }
  });
});

test("releases consist of types, imports, functions, globals, exports and code: no start, no data, no tables", () => {
  for (const build of release) {
    for (const id of sectionIds(bytesOf(build))) expect([1, 2, 3, 6, 7, 10]).toContain(id);
  }
});

test("the debug kernel adds an empty table and names", () => {
  const bytes = bytesOf("debug");
  // 0: custom, 4: table, 9: element, both of which every unoptimised module of the compiler has.
  for (const id of sectionIds(bytes)) expect([0, 1, 2, 3, 4, 6, 7, 9, 10]).toContain(id);
  expect(customNames(bytes)).toContain("name");
});

test("all builds have the same layout, that of their host, whatever the precision of a number is", () => {
  for (const build of builds) {
    const { value } = instantiate(build).layoutVersion as WebAssembly.Global;
    expect(value >>> 0).toBe(layoutVersion);
  }
});

test.each([
  ["f64", 8],
  ["f32", 4],
  ["debug", 8],
] as const)("a number of the %s kernel has %i bytes", (build, bytes) => {
  expect((instantiate(build).realBytes as () => number)()).toBe(bytes);
});
