/** `goldspike conform list`: what the cases of the suite are there to catch. */
import { expect, test } from "vitest";
import { bundledSuite, listSuite } from "../../src/conformance/suite/suite.ts";
import { suiteCases } from "../oracle/suite/suite.ts";
import { goldspike } from "../support/command.ts";

const list = (...args: string[]) => goldspike(["conform", "list", ...args]);

test("a line for every case: its name and the bug", async () => {
  const run = await list();
  expect(run).toMatchObject({ code: 0, stderr: "" });
  const lines = run.stdout.trimEnd().split("\n");
  const entries = await listSuite(bundledSuite);
  expect(lines).toHaveLength(entries.length);
  for (const [k, { group, name }] of entries.entries()) {
    const { catches } = suiteCases.find((recipe) => recipe.name === name)!;
    expect(lines[k]).toMatch(new RegExp(`^${group}/${name} {2,}\\S`));
    expect(lines[k]!.endsWith(`  ${catches}`)).toBe(true);
  }
});

test("of some groups only", async () => {
  const run = await list("--group", "metamorphic", "--group", "smoke");
  const groups = run.stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.split("/")[0]);
  expect(groups).toEqual([...Array(4).fill("smoke"), ...Array(8).fill("metamorphic")]);
});

test("help and errors", async () => {
  expect((await list("--help")).stdout).toMatch(/Examples?:\n {2}\$ goldspike conform list/);
  const wrong = await list("--group", "nope");
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toMatch(
    /^error: option '--group <name>' argument 'nope' is invalid. Expected one of smoke, /,
  );
  const nowhere = await list("--suite", "nowhere");
  expect(nowhere).toMatchObject({
    code: 2,
    stderr: "error: nowhere: cannot be read: no such file or folder\n",
  });
});
