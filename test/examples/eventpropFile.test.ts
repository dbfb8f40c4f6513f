/** The page is one page: a file of its own that runs by itself. */
import { execFileSync } from "node:child_process";
import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const text = readFileSync(new URL("../../examples/eventprop.ts", import.meta.url), "utf8");

test("it has 230 lines at most, none wider than 120, and imports nothing", () => {
  const lines = text.trimEnd().split("\n");
  expect(lines.length).toBeLessThanOrEqual(230);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
  expect(text).not.toMatch(/\bimport\b(?!\.meta\.url)|\brequire\b/);
});

test("run directly it prints a loss and derivatives", () => {
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const path = join(realpathSync(temporaryFolder()), "eventprop.mjs");
  writeFileSync(path, ts.transpile(text, options));
  const output = execFileSync(process.execPath, [path], { encoding: "utf8" });
  expect(output).toMatch(/^L = 0\.69\d+\n(dL\/dw = -?0\.00\d+ at w = [9238]\n){4}$/);
});
