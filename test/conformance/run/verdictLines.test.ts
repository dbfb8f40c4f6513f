/** What a verdict's line says: the worst part, what is missing, and errors beside a scale where there is one. */
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { areOffGrid, gridOf } from "../../../src/conformance/run/remedies.ts";
import { tellingLine } from "../../../src/conformance/run/tellingLine.ts";
import { goldspike, main } from "../../support/command.ts";
import { engine, scriptBackends } from "../../support/conformance/scriptBackend.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

const folder = temporaryFolder();
const { backend, judge } = scriptBackends(folder);
const one = ["--case", "hidden-spikes"];
const twin = [process.execPath, main, "conform", "backend", "twin"];

describe("the worst part first", () => {
  test.each<[string, string, RegExp]>([
    [
      "by error over what is granted",
      "const r = answer(); r.loss *= 1 + 1e-9; r.gradients.projections[0].weight[0][0] *= 1 + 1e-8; r.gradients.input_times[0] = 1; write(r);",
      /fail +input_times: \S+ times its norm off \(and 2 more\)$/m,
    ],
    ["a missing loss", "const { loss, ...rest } = answer(); write(rest);", /fail +loss: missing: /],
    ["missing spikes", "write({ ...answer(), spikes: {} });", /fail +spikes.hidden: missing: /],
  ])("%s", async (_, script, line) => {
    expect((await judge(await backend(script), ...one)).stdout).toMatch(line);
  });

  test.each<[string, string, RegExp]>([
    [
      "after what is wrong",
      "const r = answer(); delete r.gradients.populations; delete r.gradients.projections[0].weight; r.gradients.input_times[0] += 1e-3; write(r);",
      /fail +input_times: .* off \(and \d+ more missing\)$/m,
    ],
    [
      "alone",
      "const r = answer(); delete r.gradients.input_times; write(r);",
      /fail +input_times: missing: expected shape \[4\]$/m,
    ],
  ])("what is missing and must be there: %s", async (_, script, line) => {
    const run = await judge(await backend(script), ...one, "--require", "weight,tau,input_times");
    expect(run.stdout).toMatch(line);
  });

  test("no share of what is no scale", async () => {
    const script = "const r = answer(); r.gradients.input_times[0] = 1e-4; write(r);";
    const run = await judge(
      await backend(script),
      "--case",
      "coincident-crossings",
      "--tensors",
      "input_times",
    );
    expect(run.stdout).toMatch(
      /input_times: off by 1.0e-4, where \S+ is granted: the reference's norm is \S+$/m,
    );
    expect(run.stdout).not.toContain("%");
  });
});

describe("a run that computed nothing", () => {
  const reads = 'if (/"name": ?"(nan|unsorted)/.test("")) process.exit(2); process.exit(77);';
  test.each(["process.exit(2);", "process.exit(77);", reads])(
    "is not green: %s",
    async (script) => {
      const run = await judge(await backend(script), "--group", "adversarial");
      expect(run.code).toBe(1);
      expect(run.stdout).toMatch(/^pass=0 fail=0 /m);
    },
    120_000,
  );

  test("refusals are counted apart", async () => {
    const run = await judge(engine, "--group", "adversarial");
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/^pass=64 fail=0 error=0 undecidable=0 unsupported=0 refused=7 class=T2$/m);
  });
});

describe("precision and remedies", () => {
  test("precision is that of result.json; another one is told", async () => {
    const f32 = [...twin, "--precision", "f32", "--dt", "1"];
    const options = [...one, "--class", "T4", "--dt", "1", "--tensors", "weight"];
    expect((await judge(f32, ...options)).stdout).toMatch(/hidden-spikes +pass$/m);
    const other = await judge(f32, ...options, "--precision", "f64");
    expect(other.stdout).toMatch(/fail .*\(result.json says precision "f32", --precision f64\)$/m);
    const wider = await judge([...twin, "--dt", "1"], ...options, "--precision", "f32");
    expect(wider.stdout).toMatch(/pass +\(result.json says precision "f64", --precision f32\)$/m);
    const single = await judge([...engine, "--precision", "f32"], ...one, "--tensors", "weight");
    expect(single.stdout).toMatch(/; with --class T3 it passes$/m);
  });

  test("another convention, and a grid", async () => {
    const steps = [...twin, "--convention", "mlgenn-2", "--dt", "1"];
    const tensors = [...one, "--tensors", "weight"];
    const whose = await judge(steps, ...tensors, "--class", "T4", "--dt", "1");
    expect(whose.stdout).toMatch(/; with --convention mlgenn-2 it passes$/m);
    const exact = await judge(steps, ...tensors);
    expect(exact.stdout).toMatch(
      /; times lie on a grid of 1 ms: with --class T4 --dt 1 --convention mlgenn-2 it passes$/m,
    );
    const finer = await judge([...twin, "--dt", "0.3"], ...tensors, "--class", "T4", "--dt", "0.1");
    expect(finer.stdout).toMatch(/; times lie on a grid of 0.3 ms: with --dt 0.3 it passes$/m);
    const unknown = [
      ...twin,
      "--dt",
      "1",
      "--switch",
      "slope_current=end",
      "--switch",
      "jump=threshold_minus_reset",
    ];
    const neither = await judge([...unknown, "--switch", "integrator=step_start"], ...tensors);
    expect(neither.stdout).toMatch(/; times lie on a grid of 1 ms: try --class T4 --dt 1$/m);
    expect(neither.stdout).not.toContain("it passes");
    expect((await judge(engine, ...tensors)).stdout).not.toContain("grid");
  });

  test("a backend without steps, judged by classes with steps", async () => {
    const inSteps = (name: string) => [...one, "--class", name, "--dt", "0.1"];
    const off = "; spike times lie on no grid of 0.1 ms: ";
    const exact = await judge(engine, ...inSteps("T4"));
    expect(exact.stdout).toContain(`${off}with --class T2 it passes\n`);
    const single = await judge([...engine, "--precision", "f32"], ...inSteps("T4"));
    expect(single.stdout).toContain(`${off}with --class T3 it passes\n`);
    const wrong = await backend(
      "const r = answer(); for (const row of r.gradients.projections[0].weight) row[0] *= 100; write(r);",
    );
    for (const name of ["T4", "T5"])
      expect((await judge(wrong, ...inSteps(name))).stdout).toContain(
        `${off}event-driven backends are judged by T2 or T3\n`,
      );
  });

  test("which times lie on no grid", () => {
    const exact = [4.691730713784881, 6.469669103385412, 6.828132774783885];
    expect(areOffGrid(exact, 0.1)).toBe(true);
    expect(areOffGrid(exact.map(Math.fround), 0.1)).toBe(true);
    expect(areOffGrid(exact.slice(0, 1), 0.1)).toBe(true);
    expect(areOffGrid([...exact, 7.3], 0.1)).toBe(false);
    const many = Array.from({ length: 40 }, (_, k) => Math.SQRT2 * (k + 1));
    expect(areOffGrid([...many, 0.1, 7.3], 0.1)).toBe(true);
    expect(areOffGrid([...many, 0.1, 7.3, 8, 9], 0.1)).toBe(false);
    expect(areOffGrid([0.05, 0.15, 7.35], 0.1)).toBe(false);
    expect(areOffGrid([0.1, 0.30000000000000004, Math.fround(10.7)], 0.1)).toBe(false);
    expect(areOffGrid(exact, 1e-6)).toBe(false);
    expect(areOffGrid([], 0.1)).toBe(false);
    expect(areOffGrid([Number.NaN], 0.1)).toBe(false);
    expect(areOffGrid(Array(300_000).fill(0.125), 0.1)).toBe(true);
  });

  test("which grid times lie on", () => {
    expect(gridOf([0.1, 0.2, 0.4, 1.7])).toBe(0.1);
    expect(gridOf([3, 5, 9])).toBe(1);
    expect(gridOf([0.30000000000000004, 0.6, 2.1])).toBe(0.3);
    expect(gridOf([Math.fround(10.7), Math.fround(20.9), Math.fround(99.9)])).toBe(0.1);
    expect(gridOf([1, 2])).toBeUndefined();
    expect(gridOf([4.691730713784881, 6.469669103385412, 6.828132774783885])).toBeUndefined();
    expect(gridOf([])).toBeUndefined();
    expect(gridOf([Number.NaN, 1, 2, 3])).toBe(1);
  });
});

describe("the program's own error", () => {
  const jax = `Traceback (most recent call last):
  File "x.py", line 5, in <module>
    jax.jit(f)(jnp.ones(5))
TypeError: dot_general requires contracting dimensions to have the same shape, got (5,) and (3,).
--------------------
For simplicity, JAX has removed its internal frames from the traceback of the following exception. Set JAX_TRACEBACK_FILTERING=off to include these.
`;
  const older = `jax._src.source_info_util.JaxStackTraceBeforeTransformation: ValueError: nan

The preceding stack trace is the source of the JAX operation that, once transformed by JAX, triggered the following exception.
--------------------
The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "x.py", line 2
ValueError: nan
`;
  test.each([
    [
      jax,
      "TypeError: dot_general requires contracting dimensions to have the same shape, got (5,) and (3,).",
    ],
    [older, "ValueError: nan"],
    [
      "/x.mjs:3\nthrow new Error('lost');\n      ^\n\nError: lost\n    at file:///x.mjs:3:7\n\nNode.js v22.1.0\n",
      "Error: lost",
    ],
    [
      "thread 'main' panicked at src/main.rs:2:5:\nno spikes\nnote: run with `RUST_BACKTRACE=1`\n",
      "thread 'main' panicked at src/main.rs:2:5: no spikes",
    ],
    [
      "terminate called after throwing an instance of 'std::runtime_error'\n  what():  no GPU\nAborted (core dumped)\n",
      "what(): no GPU",
    ],
    ["ERROR: LoadError: no spikes\nStacktrace:\n [1] top-level scope\n", "ERROR: LoadError: no spikes"],
    ["KeyError: 0\n", "KeyError: 0"],
    ["warning: slow\nlost\n", "lost"],
    ["", ""],
    ["-----\n", "-----"],
  ])("%j", (printed, line) => {
    expect(tellingLine(printed)).toBe(line);
  });

  test("is in the table, and all of stderr is kept", async () => {
    const script = `console.error("x".repeat(3e5)); console.error(${JSON.stringify(jax)}); process.exitCode = 1;`;
    const run = await judge(await backend(script), ...one, "--keep", "kept");
    expect(run.stdout).toMatch(/error +exit code 1: TypeError: dot_general requires/);
    const kept = await readFile(join(folder, "kept/smoke/hidden-spikes/stderr.txt"), "utf8");
    expect(kept).toBe(`${"x".repeat(3e5)}\n${jax}\n`);
    await judge(engine, ...one, "--keep", "kept");
    expect(existsSync(join(folder, "kept/smoke/hidden-spikes/stderr.txt"))).toBe(false);
  });
});

test("thousands of nested folders are cleaned up", async () => {
  const script = `
import { mkdirSync } from "node:fs";
process.chdir(dir);
for (let k = 0; k < 3000; k++) { mkdirSync("nested"); process.chdir("nested"); }
writeFileSync("last", "");`;
  const temporary = join(folder, "temporary");
  await mkdir(temporary);
  const args = ["conform", "run", ...one, "--", ...(await backend(script))];
  const run = await goldspike(args, { cwd: folder, variables: { TMPDIR: temporary, TEMP: temporary } });
  expect(run.stderr).toBe("");
  expect(run.stdout).toMatch(/error +exit code 0, but no result.json/);
  expect(await readdir(temporary)).toEqual([]);
  const deep = await judge(await backend(script), ...one, "--keep", "deep");
  expect(deep.code).toBe(1);
  expect((await judge(engine, ...one, "--keep", "deep")).code).toBe(0);
});

describe("explain and compare", () => {
  test("explain prints the tensor that is off, in columns of its own", async () => {
    const script =
      "const r = answer(); r.gradients.input_times[2] = 1; delete r.gradients.spike_times; write(r);";
    await judge(await backend(script), ...one, "--keep", "off");
    const result = join(folder, "off/smoke/hidden-spikes/result");
    const place = join(folder, "off/smoke/hidden-spikes/case");
    const run = await goldspike(["conform", "explain", place, result]);
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/^all spikes agree; input_times is off: /);
    expect(run.stdout).toMatch(/^ +\[2\] +\S+ +1\.0000000 +\S+$/m);
    expect(run.stdout.match(/^ +\[\d\]/gm)).toHaveLength(4);
    expect(run.stdout).not.toContain("found dL/dt");
    const right = await goldspike(["conform", "explain", place, result, "--dt", "1"]);
    expect(right.stdout).not.toMatch(/\d-\d*\.\d/);
  });

  test("compare knows its options", async () => {
    const script = "const r = answer(); delete r.gradients.populations; write(r);";
    await judge(await backend(script), ...one, "--keep", "b");
    await judge(engine, ...one, "--keep", "a");
    const [a, b] = ["a", "b"].map((name) => join(folder, name, "smoke/hidden-spikes/result"));
    const run = await goldspike(["conform", "compare", a!, b!]);
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^populations.hidden.tau_mem +missing +expected shape \[2\]$/m);
    expect(run.stdout).toMatch(/^12 missing: --tensors names those that are to be compared$/m);
    expect(run.stdout).not.toMatch(/ of +$/m);
    const some = await goldspike(["conform", "compare", a!, b!, "--tensors", "weight,times"]);
    expect(some.code).toBe(0);
  });
});
