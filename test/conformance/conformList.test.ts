/** `goldspike conform list`: what the cases of the suite are there to catch. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { features, featuresOf } from "../../src/conformance/suite/features.ts";
import { bundledSuite, listSuite } from "../../src/conformance/suite/suite.ts";
import type { CaseJson } from "../../src/oracle/certify/caseJson.ts";
import { suiteCases } from "../oracle/suite/suite.ts";
import { goldspike } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const place = temporaryFolder();

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
    expect(lines[k]).toMatch(/ {2}\[[a-z_0-9 ]*\]$/);
    expect(lines[k]!.replace(/ {2}\[[^[]*\]$/, "").endsWith(`  ${catches}`)).toBe(true);
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

/** Of each case what it asks for, as the list has it. */
async function listed(...args: string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const { stdout } = await list(...args);
  const rows = stdout.trimEnd().split("\n");
  return new Map(rows.map((row) => [row.split(" ", 1)[0]!, /\[([^[]*)\]$/.exec(row)![1]!.split(" ")]));
}

test("what a case asks for decides whether it is chosen", async () => {
  const all = await listed();
  const asked: [string[], string[]][] = [
    [["delays", "recurrence"], []],
    [[], ["delays", "resets", "refusal"]],
    [["loss_linear"], ["time_constants_per_neuron", "other_ratios"]],
    [["batch"], ["many_neurons"]],
    [["relation"], []],
    [["refusal"], []],
  ];
  for (const [needs, without] of asked) {
    const options = [
      ...(needs.length > 0 ? ["--needs", needs.join()] : []),
      ...without.flatMap((name) => ["--without", name]),
    ];
    const expected = [...all].filter(
      ([, its]) => needs.every((name) => its.includes(name)) && !without.some((name) => its.includes(name)),
    );
    expect(expected.length).toBeGreaterThan(0);
    expect([...(await listed(...options))]).toEqual(expected);
  }
});

test("every feature but what the oracle does not know is asked for by some case, and not by all", async () => {
  const all = [...(await listed()).values()];
  const counts = features.map((name) => [name, all.filter((its) => its.includes(name)).length] as const);
  expect(counts.filter(([, count]) => count === 0).map(([name]) => name)).toEqual([
    "loss_none",
    "weighting_input",
  ]);
  expect(counts.filter(([, count]) => count === all.length)).toEqual([]);
});

/** A case of the suite with a change, in a suite of its own. */
async function featuresWith(change: (json: CaseJson) => void): Promise<string[]> {
  const folder = mkdtempSync(join(place, "case-"));
  const json = JSON.parse(readFileSync(join(bundledSuite, "smoke/hidden-spikes/case.json"), "utf8"));
  change(json);
  writeFileSync(join(folder, "case.json"), JSON.stringify(json));
  return featuresOf({ group: "core", name: "changed", folder });
}

const plain = await featuresWith(() => {});

const additions: readonly (readonly [name: string, (json: CaseJson) => void])[] = [
  [
    "delays",
    (json) => {
      json.projections[0]!.delay = 1;
    },
  ],
  [
    "resets",
    (json) => {
      json.populations[0]!.reset = -0.5;
    },
  ],
  [
    "thresholds",
    (json) => {
      json.populations[0]!.threshold = 1.5;
    },
  ],
  [
    "bias",
    (json) => {
      json.populations[1]!.bias = 0.5;
    },
  ],
  [
    "start_states",
    (json) => {
      json.populations[1]!.i0 = 0.5;
    },
  ],
  [
    "long",
    (json) => {
      json.duration = 101;
    },
  ],
  [
    "coincident_inputs",
    (json) => {
      json.input.times[1] = json.input.times[0]!;
    },
  ],
  [
    "parallel_projections",
    (json) => {
      json.projections.push(json.projections[0]!);
    },
  ],
];

test.each(additions)("%s is there once the case has it, and nothing else changes", async (name, change) => {
  expect(plain).not.toContain(name);
  const its = await featuresWith(change);
  expect(its.filter((other) => !plain.includes(other))).toEqual([name]);
  expect(plain.filter((other) => !its.includes(other))).toEqual([]);
});

test("help and errors", async () => {
  expect((await list("--help")).stdout).toMatch(/Examples?:\n {2}\$ goldspike conform list/);
  const wrong = await list("--group", "nope");
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toMatch(
    /^error: option '--group <name>' argument 'nope' is invalid. Expected one of smoke, /,
  );
  const strange = await list("--needs", "delays,wings");
  expect(strange.code).toBe(2);
  expect(strange.stderr).toMatch(
    /^error: option '--needs <features>' argument 'delays,wings' is invalid. Expected features, got "wings"; there are delays, /,
  );
  expect(await list("--needs", "delays", "--without", "delays")).toMatchObject({
    code: 2,
    stderr:
      "error: --needs, --without: expected features of some case, got with delays without delays, which none is\n",
  });
  const nowhere = await list("--suite", "nowhere");
  expect(nowhere).toMatchObject({
    code: 2,
    stderr: "error: nowhere: cannot be read: no such file or folder\n",
  });
});

test("of single cases", async () => {
  const run = await list("--case", "recurrence");
  expect(run.stdout).toMatch(/^smoke\/recurrence .*\n$/);
});
