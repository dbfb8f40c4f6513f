/** What the package says of itself. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { version } from "../../src/base/version.ts";

const root = new URL("../../", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, root), "utf8");
const about = JSON.parse(read("package.json"));

/** Paths in an object, however deep. */
function pathsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(pathsIn) : [];
}

test("everything that it exports is there", () => {
  const { exports, bin, main, types, typesVersions } = about;
  for (const path of pathsIn({ exports, bin, main, types, typesVersions }))
    expect(existsSync(fileURLToPath(new URL(path.replace(/\*.*$/, ""), root))), path).toBe(true);
});

test("every entry has types where Node's own rules of 2015 look for them", () => {
  const entries = Object.keys(about.exports).filter((name) => about.exports[name].types);
  for (const entry of entries.filter((name) => name !== "."))
    expect(about.typesVersions["*"][entry.slice(2)]).toEqual([about.exports[entry].types]);
  expect(about.types).toBe(about.exports["."].types);
});

test("schemas and configurations are exported, and so is package.json", async () => {
  expect(import.meta.resolve("goldspike/package.json")).toBe(new URL("package.json", root).href);
  expect(import.meta.resolve("goldspike/schema/case.schema.json")).toBe(
    new URL("schema/case.schema.json", root).href,
  );
  expect(import.meta.resolve("goldspike/configs/yinyang.yaml")).toBe(
    new URL("configs/yinyang.yaml", root).href,
  );
});

test("the citation and the changes are of this version", () => {
  expect(parse(read("CITATION.cff"))).toMatchObject({ version, license: about.license });
  expect(read("CHANGELOG.md")).toContain(`\n## ${version}\n`);
});

test("the README fits a first look, and every file that it and the guides link to is there", () => {
  expect(read("README.md").split("\n").length).toBeLessThanOrEqual(150);
  for (const file of [
    "README.md",
    "docs/program.md",
    "docs/training.md",
    "docs/conformance.md",
    "docs/exactness.md",
  ])
    for (const [, link] of read(file).matchAll(/\]\((?!http|#)([^)#]+)(?:#[^)]*)?\)/g))
      expect(existsSync(fileURLToPath(new URL(link!, new URL(file, root)))), `${file}: ${link}`).toBe(true);
});
