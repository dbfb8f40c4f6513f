/** `goldspike conform certify`: what a case's certificate says does not depend on who asks, and nothing is half done. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readGolden } from "../../../src/conformance/suite/golden.ts";
import { goldspike, started } from "../../support/command.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

const suite = fileURLToPath(new URL("../../../suite", import.meta.url));
const place = temporaryFolder();
const limit = 600_000;

/** The case's own files in a folder GROUP/NAME elsewhere. */
function copied(group: string, name: string, to = group): string {
  const folder = join(place, `${to}-${name}`, to, name);
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(join(suite, group, name)))
    if (!/^golden/.test(file)) cpSync(join(suite, group, name, file), join(folder, file));
  return folder;
}

function contentOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), "latin1")]),
  );
}

test.each([
  ["smoke", "recurrence", 1],
  ["smoke", "recurrence", 3],
  ["adversarial", "tied-classes", 2],
  ["adversarial", "input-at-zero", 2],
  ["batch", "last-partial-batch", 2],
] as const)(
  "%s/%s with %i threads: the bytes of the suite",
  async (group, name, jobs) => {
    const folder = copied(group, name);
    const theirs = contentOf(join(suite, group, name));
    const { catches } = JSON.parse(theirs["golden.json"]!) as { catches: string };
    const { code, stdout } = await goldspike([
      "conform",
      "certify",
      folder,
      "--catches",
      catches,
      "--jobs",
      `${jobs}`,
    ]);
    expect([code, stdout]).toEqual([0, `golden=${join(folder, "golden.json")}\n`]);
    expect(contentOf(folder)).toEqual(theirs);
  },
  limit,
);

test(
  "traces are those of the times asked for, and what a case is there to catch is kept",
  async () => {
    const folder = copied("smoke", "hidden-spikes");
    await goldspike(["conform", "certify", folder, "--catches", "a bug", "--at", "4,1"]);
    const { answer, catches, group } = await readGolden(folder);
    expect([...answer!.traces!.times, catches, group]).toEqual([1, 4, "a bug", "smoke"]);
    expect((await goldspike(["conform", "certify", folder])).code).toBe(0);
    expect((await readGolden(folder)).catches).toBe("a bug");
  },
  limit,
);

test(
  "a folder in none of the groups becomes a case of core",
  async () => {
    expect((await goldspike(["conform", "certify", copied("smoke", "hidden-spikes", "mine")])).code).toBe(0);
    expect((await readGolden(join(place, "mine-hidden-spikes", "mine", "hidden-spikes"))).group).toBe("core");
  },
  limit,
);

test(
  "Ctrl-C leaves what was there",
  async () => {
    const folder = copied("scale", "spoken-word");
    writeFileSync(join(folder, "golden.json"), '{"catches": "mine"}');
    const before = contentOf(folder);
    const run = started(["conform", "certify", folder, "--jobs", "1"]);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    run.kill("SIGINT");
    expect((await run.ended).signal).toBe("SIGINT");
    expect(contentOf(folder)).toEqual(before);
  },
  limit,
);

const broken = copied("smoke", "hidden-spikes", "core");
const withLoss = (name: string, loss: Readonly<Record<string, unknown>>): string => {
  const folder = join(place, name);
  cpSync(broken, folder, { recursive: true });
  const json = JSON.parse(readFileSync(join(folder, "case.json"), "utf8")) as Record<string, unknown>;
  writeFileSync(join(folder, "case.json"), JSON.stringify({ ...json, loss }));
  return folder;
};

const refused: readonly (readonly [
  what: string,
  () => string,
  options: readonly string[],
  message: string,
])[] = [
  ["no folder", () => "nowhere", [], "nowhere: cannot be read: no such file or folder"],
  [
    "a folder without a case",
    () => place,
    [],
    "expected a case file or a folder with case.json: no such file or folder",
  ],
  ["a file", () => join(broken, "case.json"), [], "case.json: expected a folder with case.json, got a file"],
  [
    "a time that is none",
    () => broken,
    ["--at", "1,,2"],
    "error: option '--at <ms>' argument '1,,2' is invalid. Expected numbers ≥ 0 with commas between them.",
  ],
  ["a time after the end", () => broken, ["--at", "1,1e6"], "--at: expected times in [0, "],
  ["no threads", () => broken, ["--jobs", "0"], "argument '0' is invalid. Expected an integer ≥ 1."],
  ["a case to be refused", () => copied("adversarial", "nan-weight"), [], "case.json: "],
  ["a related case", () => copied("metamorphic", "idle-parts-delayed"), [], "has relation.json: "],
  [
    "a batch with times",
    () => copied("batch", "last-partial-batch", "core"),
    ["--at", "1"],
    "--at: a batch has no traces, leave it out",
  ],
  [
    "a group of batches",
    () => copied("smoke", "hidden-spikes", "batch"),
    [],
    "expected batch.json in a folder of the group batch",
  ],
  [
    "targets without spikes",
    () =>
      withLoss("targets", {
        kind: "spike_time_mse",
        population: "hidden",
        targets: [[1, 2, 3, 4, 5, 6, 7, 8, 9], []],
      }),
    [],
    "cannot be certified: hidden 0 spikes ",
  ],
];

test.each(refused)(
  "%s: one line, exit code 2, nothing written",
  async (_, folderOf, options, message) => {
    const folder = folderOf();
    const { code, stdout, stderr } = await goldspike(["conform", "certify", folder, ...options]);
    expect(stderr).toContain(message);
    expect([
      code,
      stdout,
      stderr.split("\n").filter((line) => line !== "" && !line.startsWith("See:")).length,
    ]).toEqual([2, "", 1]);
  },
  limit,
);

test("a golden.json that is a link is left alone", async () => {
  const folder = copied("smoke", "hidden-spikes", "adversarial");
  const other = join(place, "other.json");
  writeFileSync(other, "{}");
  symlinkSync(other, join(folder, "golden.json"));
  const { code, stderr } = await goldspike(["conform", "certify", folder]);
  expect([code, stderr]).toEqual([
    2,
    `error: ${join(folder, "golden.json")}: is a link: remove it, to have a file there\n`,
  ]);
  expect(readFileSync(other, "utf8")).toBe("{}");
  rmSync(join(folder, "golden.json"));
});
