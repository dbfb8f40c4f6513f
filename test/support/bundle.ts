/** A program as a bundler gives it to a browser: one file, in memory. */
import { fileURLToPath } from "node:url";
import { build, type Rolldown } from "vite";
import { expect } from "vitest";

/** Modules that are Node's, or that the bundler puts in their place. */
export const nodeModule = /^(node:|\0?__vite-browser-external)/;

/**
 * @param file from the project's folder
 * @param name of the global that has the program's exports
 */
export async function bundleOf(file: string, name: string, minify = false): Promise<Rolldown.OutputChunk> {
  const entry = fileURLToPath(new URL(`../../${file}`, import.meta.url));
  const output = (await build({
    configFile: false,
    logLevel: "silent",
    build: { write: false, minify, lib: { entry, formats: ["iife"], name } },
  })) as Rolldown.RolldownOutput[];
  const files = output.flatMap((bundle) => bundle.output);
  expect(files.length).toBe(1);
  return files[0] as Rolldown.OutputChunk;
}
