/** The optimised kernel computes what the unoptimised one does. */
import { deflateRawSync } from "node:zlib";
import { afterEach, expect, test, vi } from "vitest";
import { certifiedCases } from "../support/conformance/certifiedCases.ts";
import { bytesOf } from "../support/kernel/kernels.ts";

const bytesFile = "../../src/engine/kernel/kernelBytes.ts";

/** The library as the debug build would be, with the bytes of its kernel. */
async function debugLibrary(): Promise<typeof import("../../src/index.ts")> {
  vi.resetModules();
  const f64 = deflateRawSync(bytesOf("debug")).toString("base64");
  vi.doMock(bytesFile, () => ({ kernelBytes: { f64, f32: [] } }));
  return import("../../src/index.ts");
}

async function releaseLibrary(): Promise<typeof import("../../src/index.ts")> {
  vi.resetModules();
  vi.doUnmock(bytesFile);
  return import("../../src/index.ts");
}

afterEach(() => {
  vi.doUnmock(bytesFile);
  vi.resetModules();
});

test("every result of a certified case is the same in both, to the last bit", async () => {
  const release = await releaseLibrary();
  const debug = await debugLibrary();
  expect(debug.solveCase).not.toBe(release.solveCase);
  for (const { name, problem } of certifiedCases) {
    const [optimised, plain] = [await release.solveCase(problem), await debug.solveCase(problem)];
    expect(plain, name).toEqual(optimised);
  }
});

test("the debug kernel is the one under test: bytes that are none are noticed", async () => {
  vi.resetModules();
  vi.doMock(bytesFile, () => ({
    kernelBytes: { f64: deflateRawSync(Buffer.alloc(3)).toString("base64"), f32: [] },
  }));
  const { solveCase } = await import("../../src/index.ts");
  await expect(solveCase(certifiedCases[0]!.problem)).rejects.toThrow(WebAssembly.CompileError);
});
