/** The action for GitHub: its own steps, done by a script with the environment that a runner sets. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { bundledSuite, listSuite } from "../../../src/conformance/suite/suite.ts";
import { engine } from "../../support/conformance/scriptBackend.ts";
import { rightResults, workerCommand } from "../../support/conformance/workerScript.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly required?: boolean }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

const root = fileURLToPath(new URL("../../../", import.meta.url));
const action = parse(readFileSync(join(root, "action.yml"), "utf8")) as Action;
const folder = temporaryFolder();
const results = join(folder, "right");
const hasBash = spawnSync("bash", ["-c", ""]).status === 0;
let count = 0;

beforeAll(async () => {
  const smoke = (await listSuite(bundledSuite)).filter(({ group }) => group === "smoke");
  await rightResults(smoke, results);
});

/** A text with `${{ inputs.name }}` and the action's own path. */
function filledIn(text: string, given: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{\{ *(\S+) *\}\}/g, (_, name: string) => {
    if (name === "github.action_path") return root;
    const input = action.inputs[name.replace(/^inputs\./, "")];
    if (!input) throw new Error(`no input ${name}`);
    return given[name.replace(/^inputs\./, "")] ?? input.default ?? "";
  });
}

/** Does the steps that are scripts, as long as they succeed. */
function act(given: Readonly<Record<string, string>>) {
  const place = join(folder, `work${count++}`);
  mkdirSync(place);
  const [summary, output] = [join(place, "summary.md"), join(place, "output")];
  for (const file of [summary, output]) writeFileSync(file, "");
  let end = { status: 0 as number | null, stdout: "", stderr: "" };
  for (const { run, env = {} } of action.runs.steps) {
    if (run === undefined || end.status !== 0) continue;
    const own = Object.fromEntries(Object.entries(env).map(([name, text]) => [name, filledIn(text, given)]));
    const known = { GITHUB_ACTION_PATH: root, GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output };
    const cwd = run.includes("npm ci") ? root : place;
    // As a runner starts `shell: bash`.
    end = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], {
      cwd,
      encoding: "utf8",
      env: { ...process.env, ...own, ...known },
    });
  }
  const read = (file: string) => readFileSync(join(place, file), "utf8");
  return { ...end, read };
}

const shell = (command: readonly string[]) => command.map((word) => `'${word}'`).join(" ");

describe.skipIf(!hasBash)("the action (skipped without bash)", () => {
  test("judges a worker, and leaves all reports", () => {
    const run = act({ command: shell(workerCommand(results)), options: "--group smoke --class T1" });
    expect(run).toMatchObject({ status: 0, stderr: "" });
    expect(run.stdout).toMatch(/^pass=4 fail=0 /m);
    expect(run.read("conformance/conform.xml")).toContain('tests="4" failures="0"');
    expect(run.read("conformance/conform.html")).toContain("<!doctype html>");
    const file = /^verdicts=(.*)$/m.exec(run.read("output"))![1]!;
    expect(run.read(file).trimEnd().split("\n")).toHaveLength(6);
    expect(run.read("summary.md")).toMatch(/^### Conformance\n```\n(not delivered.*\n)?pass=4 .*\n```\n$/);
  });

  test("fails with the backend, and says where", () => {
    const command = shell(workerCommand(results, "crash"));
    const run = act({ command, options: "--group smoke", reports: "out" });
    expect(run.status).toBe(1);
    expect(run.read("summary.md")).toMatch(/^smoke\/hidden-spikes +error +ended without an answer/m);
    expect(run.read("out/conform.xml")).toContain('errors="1"');
    const list = join(folder, "known.txt");
    writeFileSync(list, "smoke/hidden-spikes * crashes\n");
    expect(act({ command, options: "--group smoke", expected: list }).status).toBe(0);
  });

  test("starts what is no worker for each case", () => {
    const run = act({ command: shell(engine), worker: "false", options: "--group smoke" });
    expect(run).toMatchObject({ status: 0, stderr: "" });
  });

  test("takes options in lines and with quotes", () => {
    const options = "--group smoke\n  --require 'no such'\n";
    const run = act({ command: shell(workerCommand(results)), options });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('got "no such"');
    const open = act({ command: "true", options: "--group 'smoke" });
    expect(open.status).not.toBe(0);
  });

  test("wrong usage is told", () => {
    const run = act({ command: "true", options: "--class T9" });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain("--class");
  });
});

test("every input has a default or must be given", () => {
  for (const [name, input] of Object.entries(action.inputs))
    expect(input.required === true || input.default !== undefined, name).toBe(true);
});
