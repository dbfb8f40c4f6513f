/** `goldspike conform run` with options that make no sense: one line each that names place, value and way out. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { goldspike } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();
const options = { cwd: folder };

test.each([
  [["conform", "run", "--", "no-such-command"], "error: no-such-command: cannot be started: "],
  [
    ["conform", "run", "--case", "nothing", "--", "true"],
    'error: --case: expected the name of a case of the suite, got "nothing"\n',
  ],
  [
    ["conform", "run", "--suite", ".", "--", "true"],
    "error: .: expected folders smoke, core, ratio, adversarial, scale, batch, metamorphic of cases, found none\n",
  ],
  [
    ["conform", "run", "--junit", "no/where.xml", "--", "true"],
    "error: no/where.xml: cannot be written: no such file or folder\n",
  ],
  [
    ["conform", "run", "--suite", "nowhere", "--", "true"],
    "error: nowhere: cannot be read: no such file or folder\n",
  ],
  [
    ["conform", "run", "--group", "smoke"],
    "error: command: expected a backend's command after --, as in: goldspike conform run -- python3 my_backend.py\n",
  ],
  [["conform", "run", "--", ""], "error: command: expected a backend's command after --, as in: "],
  [
    ["conform", "run", "--case", "", "--", "true"],
    'error: --case: expected the name of a case of the suite, got ""\n',
  ],
  [
    ["conform", "run", "--group", "nope", "--", "true"],
    "error: option '--group <name>' argument 'nope' is invalid. Expected one of smoke, ",
  ],
  [
    ["conform", "run", "--group", "", "--", "true"],
    "error: option '--group <name>' argument '' is invalid. Expected one of smoke, ",
  ],
  [
    ["conform", "run", "--dt", "0", "--", "true"],
    "error: option '--dt <ms>' argument '0' is invalid. Expected a number > 0.\n",
  ],
  [
    ["conform", "run", "--dt", "nan", "--", "true"],
    "error: option '--dt <ms>' argument 'nan' is invalid. Expected a number > 0.\n",
  ],
  [
    ["conform", "run", "--jobs", "0", "--", "true"],
    "error: option '--jobs <n>' argument '0' is invalid. Expected an integer ≥ 1.\n",
  ],
  [
    ["conform", "run", "--timeout", "-1", "--", "true"],
    "error: option '--timeout <s>' argument '-1' is invalid. Expected a number > 0.\n",
  ],
  [
    ["conform", "run", "--tensors", ",", "--", "true"],
    "error: option '--tensors <names>' argument ',' is invalid. Expected words with commas between them.\n",
  ],
  [
    [
      "conform",
      "run",
      "--tensors",
      "weight,tauw",
      "--case",
      "nan-weight",
      "--case",
      "recurrence",
      "--",
      "true",
    ],
    'error: --tensors: expected words that are in the name of a gradient of these cases, got "tauw"; there are ',
  ],
  [
    ["conform", "run", "--keep", "file", "--", "true"],
    "error: file: cannot be written: it is not a folder\n",
  ],
  [
    ["conform", "run", "--keep", "", "--", "true"],
    "error: option '--keep <dir>' argument '' is invalid. Expected a path.\n",
  ],
  [
    ["conform", "run", "--junit", "", "--", "true"],
    "error: option '--junit <file>' argument '' is invalid. Expected a path.\n",
  ],
  [
    ["conform", "run", "--junit", "v.xml", "--html", "./v.xml", "--", "true"],
    "error: --html: expected another file than --junit, got ./v.xml\n",
  ],
])("%j: exit code 2", async (args, message) => {
  await writeFile(join(folder, "file"), "");
  const run = await goldspike(args, options);
  expect(run.code).toBe(2);
  expect(run.stderr.slice(0, message.length)).toBe(message);
  expect(run.stderr.trimEnd().split("\n").length).toBeLessThanOrEqual(run.stderr.includes("\nSee: ") ? 2 : 1);
});
