/** `goldspike conform run` as a backend's author uses it: backends good, bad and hostile, and the files that say so. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runCommand } from "../src/conformance/command.ts";
import { goldspike, main } from "./support/command.ts";
import { temporaryFolder } from "./support/temporaryFolder.ts";

const folder = temporaryFolder();
const options = { cwd: folder };
const engine = [process.execPath, main, "conform", "backend", "engine"];

/** A backend that is this script; `answer()` solves the case well, and `dir` is the folder to write to. */
async function backend(script: string): Promise<string[]> {
  const text = `
import { execFileSync } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
const [from, dir] = process.argv.slice(2);
const answer = () => {
  execFileSync(${JSON.stringify(process.execPath)}, [${JSON.stringify(main)}, "conform", "backend", "engine", from, dir]);
  return JSON.parse(readFileSync(join(dir, "result.json"), "utf8"));
};
const write = (result) => writeFileSync(join(dir, "result.json"), typeof result === "string" ? result : JSON.stringify(result));
${script}
`;
  const path = join(folder, `${Math.abs(hash(script))}.mjs`);
  await writeFile(path, text);
  return [process.execPath, path];
}

function hash(text: string): number {
  let value = 0;
  for (const character of text) value = (31 * value + character.charCodeAt(0)) | 0;
  return value;
}

const judge = (command: readonly string[], ...more: string[]) =>
  goldspike(["conform", "run", ...more, "--", ...command], options);

describe("good backends", () => {
  test("the engine passes its own class, in both precisions", async () => {
    const f64 = await judge(engine, "--group", "smoke", "--class", "T1");
    expect(f64).toMatchObject({ code: 0, stderr: "" });
    expect(f64.stdout).toMatch(/^smoke\/first-spikes +pass$/m);
    expect(f64.stdout).toMatch(/\npass=4 fail=0 error=0 undecidable=0 unsupported=0 class=T1\n$/);
    const f32 = await judge([...engine, "--precision", "f32"], "--group", "smoke", "--class", "T3");
    expect(f32.stdout).toContain("pass=4 fail=0");
    const bits = await judge(engine, "--group", "smoke", "--class", "T0");
    expect(bits.stdout).toContain("pass=4 fail=0");
    const rounded = await judge([...engine, "--precision", "f32"], "--group", "smoke", "--class", "T2");
    expect(rounded.code).toBe(1);
    expect(rounded.stdout).toContain("pass=0 fail=4");
  });

  test("twins pass against themselves and within what their step is predicted to do", async () => {
    const twin = [process.execPath, main, "conform", "backend", "twin", "--dt", "0.05"];
    const only = [
      "--case",
      "hidden-spikes",
      "--case",
      "recurrence",
      "--tensors",
      "weight,delay",
      "--dt",
      "0.05",
    ];
    for (const convention of ["genn_eventprop", "mlgenn-2", "mlgenn-3", "euler"])
      for (const name of ["T4", "T5"]) {
        const run = await judge(
          [...twin, "--convention", convention],
          ...only,
          "--class",
          name,
          "--convention",
          convention,
        );
        expect(run.stdout, `${convention} ${name}`).toMatch(/ fail=0 error=0 /);
      }
    const other = await judge([...twin, "--convention", "euler"], ...only, "--class", "T4");
    expect(other.code).toBe(1);
  });

  test("a single habit that is another is named, of a trial and of a batch", async () => {
    const twin = [process.execPath, main, "conform", "backend", "twin", "--switch"];
    const tensors = ["--class", "T4", "--tensors", "weight,delay"];
    const slope = await judge([...twin, "slope_current=end"], "--case", "recurrence", ...tensors);
    expect(slope.stdout).toMatch(
      /^smoke\/recurrence +fail +projections\[0\].weight: .* off.*; with --switch slope_current=end it passes$/m,
    );
    const stale = await judge([...twin, "stale_backward=true"], "--case", "descending-weights", ...tensors);
    expect(stale.stdout).toMatch(
      /^batch\/descending-weights +fail +trials\[2\].loss: .*; with --switch stale_backward=true it passes$/m,
    );
    const same = await judge(
      [...twin, "stale_backward=true"],
      "--group",
      "batch",
      ...tensors,
      "--switch",
      "stale_backward=true",
    );
    expect(same.stdout).toMatch(/^pass=8 fail=0 /m);
  });

  test("a case that asks for too much may be left out, and nothing but that is no success", async () => {
    const some = await backend(
      'if (from.includes("recurrence")) { console.error("no recurrence"); process.exit(77); }\nanswer();',
    );
    const run = await judge(some, "--group", "smoke");
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/^smoke\/recurrence +unsupported +no recurrence$/m);
    const none = await judge(await backend("process.exit(77);"), "--group", "smoke");
    expect(none.code).toBe(1);
  });
});

describe("what is wrong is said", () => {
  const cases: [string, string, RegExp][] = [
    ["a crash", 'console.error("lost"); process.exit(3);', /error +exit code 3: lost$/m],
    [
      "a signal",
      'process.kill(process.pid, "SIGSEGV"); setTimeout(() => {}, 1e6);',
      /error +ended by SIGSEGV/,
    ],
    [
      "nothing written",
      "",
      /error +exit code 0, but no result.json in the folder that is the last argument$/m,
    ],
    ["stdout", 'console.log("{}");', /but no result.json .*; what is printed to stdout is not read$/m],
    ["no JSON", 'write("hello");', /fail +result.json: line 1, column 1: expected a value, got hello$/m],
    [
      "NaN in JSON",
      'write(JSON.stringify(answer()).replace(/"loss":[^,]*/, \'"loss":NaN\'));',
      /loss: expected a value, got NaN$/m,
    ],
    [
      "another case",
      'write({ ...answer(), case: "x" });',
      /fail +result.json: case: expected "hidden-spikes", got "x"$/m,
    ],
    ["an unknown key", "write({ ...answer(), speed: 3 });", /fail +result.json: speed: unknown key/],
    [
      "a missing loss",
      "const { loss, ...rest } = answer(); write(rest);",
      /fail +loss: expected the loss, a number$/m,
    ],
    [
      "missing gradients",
      "const { gradients, ...rest } = answer(); write(rest);",
      /fail +projections\[0\].weight: expected shape \[2,1\]; leave tensors out with --tensors \(and \d+ more\)$/m,
    ],
    [
      "missing spikes",
      "write({ ...answer(), spikes: {} });",
      /fail +spikes.hidden: expected \{times, neurons\} of the population/,
    ],
    [
      "another population",
      "const r = answer(); r.spikes.nobody = r.spikes.hidden; write(r);",
      /spikes.nobody: no spiking population has this name/,
    ],
    [
      "too many projections",
      "const r = answer(); r.gradients.projections.push(r.gradients.projections[0]); write(r);",
      /projections\[2\].weight: the case has no such tensor/,
    ],
    [
      "unsorted spikes",
      "const r = answer(); r.spikes.hidden.times.reverse(); write(r);",
      /spikes.hidden: times\[1\]: expected times that ascend/,
    ],
    [
      "a lost spike",
      "const r = answer(); r.spikes.hidden.times.pop(); r.spikes.hidden.neurons.pop(); write(r);",
      /spikes.hidden: spike \d+ of neuron \d at \S+ ms is missing/,
    ],
    [
      "seconds",
      "const r = answer(); r.spikes.hidden.times = r.spikes.hidden.times.map((t) => t / 1000); write(r);",
      /units: seconds for milliseconds/,
    ],
    [
      "a transpose",
      "const r = answer(); const p = r.gradients.projections[1]; p.weight = p.weight[0].map((_, k) => p.weight.map((row) => row[k])); write(r);",
      /projections\[1\].weight: .*it is the transpose/,
    ],
    [
      "another scale",
      "const r = answer(); for (const p of r.gradients.projections) p.weight = p.weight.map((row) => row.map((x) => x / 20)); write(r);",
      /projections\[0\].weight: 95 % off: it is 1\/tau_mem times the gradient of the declared loss/,
    ],
    [
      "another shape",
      "const r = answer(); r.readout = [1]; write(r);",
      /readout: expected shape \[2\], got \[1\]/,
    ],
    [
      "ragged rows",
      "const r = answer(); r.gradients.projections[1].weight[1] = [1]; write(r);",
      /gradients.projections\[1\].weight\[1\]: expected 2 entries as in the rows before/,
    ],
    [
      "words for numbers",
      'const r = answer(); r.gradients.projections[0].weight[0] = ["much"]; write(r);',
      /gradients.projections\[0\].weight\[0\]\[0\]: expected a number, got "much"/,
    ],
    [
      "NaN in a raw file",
      'const r = answer(); writeFileSync(join(dir, "w.f64"), new Uint8Array(new Float64Array([1, NaN]).buffer)); r.gradients.projections[0].weight = { file: "w.f64", dtype: "<f8", shape: [2, 1] }; write(r);',
      /projections\[0\].weight: entry \[1\]\[0\] is NaN/,
    ],
    [
      "a raw file too short",
      'const r = answer(); writeFileSync(join(dir, "w.f64"), "short"); r.gradients.projections[0].weight = { file: "w.f64", dtype: "<f8", shape: [2, 1] }; write(r);',
      /expected a file of 16 bytes \(2 values of <f8\), found 5 bytes/,
    ],
    [
      "a path that leads out",
      'const r = answer(); r.gradients.projections[0].weight = { file: "../../x", dtype: "<f8", shape: [2, 1] }; write(r);',
      /fail +.*expected the plain name of a file in the same folder|expected an array or \{file, dtype, shape\}/,
    ],
    [
      "a link that leads out",
      'const r = answer(); symlinkSync("/etc/hostname", join(dir, "w.f64")); r.gradients.projections[0].weight = { file: "w.f64", dtype: "<f8", shape: [2, 1] }; write(r);',
      /it leads out of the folder/,
    ],
    [
      "a result that is a link",
      'symlinkSync("/etc/hostname", join(dir, "result.json"));',
      /result.json: cannot be read: it is a link/,
    ],
    [
      "a shape beyond all memory",
      'const r = answer(); r.gradients.projections[0].weight = { file: "w.f64", dtype: "<f8", shape: [1e9, 1e9] }; write(r);',
      /expected at most \d+ numbers, got/,
    ],
  ];
  test.each(cases)("%s", async (_, script, message) => {
    const run = await judge(await backend(script), "--case", "hidden-spikes");
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(message);
    expect(run.stderr).toBe("");
  });

  test("a backend that hangs, and what it has started, is ended", async () => {
    const script = await backend(
      'import("node:child_process").then(({ spawn }) => spawn("sleep", ["1000"])); setTimeout(() => {}, 1e9);',
    );
    const run = await judge(script, "--case", "hidden-spikes", "--timeout", "1");
    expect(run.stdout).toMatch(/error +not done after 1 s; --timeout gives it longer$/m);
  });

  test.each(["dir", "from"])("a backend that fills the disk is ended: %s", async (where) => {
    const script = await backend(
      `for (let k = 0; k < 200; k++) { writeFileSync(join(${where}, "f" + k), Buffer.alloc(1 << 20)); await new Promise((r) => setTimeout(r, 20)); }`,
    );
    const run = await judge(script, "--case", "hidden-spikes", "--max-mib", "3", "--keep", where);
    expect(run.stdout).toMatch(/error +wrote more than 3 MiB/);
    const written = await readdir(join(folder, where, "smoke", "hidden-spikes"), { recursive: true });
    expect(written.length).toBeLessThan(100);
  });

  test("what lies in the folders before is not counted", async () => {
    await mkdir(join(folder, "large"));
    await writeFile(join(folder, "large", "case.json"), "x".repeat(1000));
    const limits = { seconds: 10, bytes: 100 };
    const ending = await runCommand(process.execPath, ["-e", ""], [join(folder, "large")], limits);
    expect(ending).toMatchObject({ code: 0, stopped: undefined });
  });

  test("a relation that does not hold", async () => {
    const lazy = await backend(
      'const r = answer(); const c = JSON.parse(readFileSync(join(from, "case.json"), "utf8")); if (c.projections.length > 4) r.gradients.projections[0].weight[0][0] *= 1.01; write(r);',
    );
    const run = await judge(lazy, "--group", "metamorphic");
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^metamorphic\/split-weights-delayed +fail +projections\[0\].weight: /m);
    expect(run.stdout).toMatch(/^metamorphic\/reverse-neurons-delayed +pass$/m);
    const crash = await judge(await backend("process.exit(4);"), "--case", "idle-parts-delayed");
    expect(crash.stdout).toMatch(/error +exit code 4$/m);
  });

  test("an empty answer, one with too many parts, or one to another case, where only a relation is asked for", async () => {
    const relation = ["--case", "reverse-neurons-delayed"];
    const empty = await backend(
      "const { format, case: name, backend, precision } = answer(); write({ format, case: name, backend, precision, spikes: {} });",
    );
    expect((await judge(empty, ...relation)).stdout).toMatch(/fail +spikes.hidden: is missing$/m);
    const other = await backend('write({ ...answer(), case: "x" });');
    expect((await judge(other, ...relation)).stdout).toMatch(/fail +result.json: case: expected/);
    const more = await backend(
      "const r = answer(); r.gradients.projections.push(r.gradients.projections[0]); write(r);",
    );
    const run = await judge(more, ...relation);
    expect(run).toMatchObject({ code: 1, stderr: "" });
    expect(run.stdout).toMatch(/^metamorphic\/reverse-neurons-delayed +fail /m);
  });

  test("what a backend leaves in the background neither holds up the run nor spoils its answer", async () => {
    const script = await backend(
      'answer(); import("node:child_process").then(({ spawn }) => { spawn("sleep", ["30"], { stdio: "inherit" }); process.exit(0); });',
    );
    const run = await judge(script, "--case", "hidden-spikes", "--timeout", "10");
    expect(run.stdout).toMatch(/^smoke\/hidden-spikes +pass$/m);
  }, 15_000);

  test("too much written at the last moment, and a folder that was replaced by a link", async () => {
    const late = await backend('answer(); writeFileSync(join(dir, "junk"), Buffer.alloc(4 << 20));');
    const much = await judge(late, "--case", "hidden-spikes", "--max-mib", "1");
    expect(much.stdout).toMatch(/error +wrote more than 1 MiB/);
    const link = await backend(
      'answer(); const { renameSync } = await import("node:fs"); renameSync(dir, dir + 2); symlinkSync(dir + 2, dir);',
    );
    const linked = await judge(link, "--case", "hidden-spikes");
    expect(linked.stdout).toMatch(/error +exit code 0, but no result.json in the folder/);
  });

  test("an answer to a case that must be refused", async () => {
    const script = await backend("write({});");
    const run = await judge(script, "--case", "nan-weight");
    expect(run.stdout).toMatch(/fail +answered a case that must be refused \(a weight NaN/);
    const refusing = await judge(await backend("process.exit(2);"), "--case", "nan-weight");
    expect(refusing.code).toBe(0);
    const crashing = await judge(
      await backend('process.kill(process.pid, "SIGKILL"); setTimeout(() => {}, 1e6);'),
      "--case",
      "nan-weight",
    );
    expect(crashing.stdout).toMatch(/error +ended by SIGKILL/);
  });

  test.each(["T4", "T5"])("a step longer than the trial cannot be judged: class %s", async (name) => {
    const run = await judge(engine, "--case", "recurrence", "--class", name, "--dt", "51");
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(
      /unsupported +class T[45]: dt: expected a step of at most the trial's 50 ms, got 51$/m,
    );
  });
});

test("nothing that a backend says or names reaches the terminal as a command to it", async () => {
  const odd = "\\u001b]0;x\\u0007\\u202e";
  const scripts = [
    `console.error("${odd}lost\\r"); process.exit(3);`,
    `console.error("${odd}no"); process.exit(77);`,
    `const r = answer(); r.spikes["${odd}"] = r.spikes.hidden; write(r);`,
    `const r = answer(); r.gradients.spike_times["${odd}"] = [1]; write(r);`,
    `const r = answer(); r.spikes.hidden.times[0] = "${odd}"; write(r);`,
    `write({ ...answer(), case: "${odd}" });`,
    `write({ ...answer(), "${odd}": 1 });`,
    'write("\\u202e");',
  ];
  for (const script of scripts) {
    const run = await judge(await backend(script), "--case", "hidden-spikes", "--junit", "odd.xml");
    expect(run.code).toBe(1);
    const xml = await readFile(join(folder, "odd.xml"), "utf8");
    for (const text of [run.stdout, run.stderr, xml])
      expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\ufffd]/u);
  }
});

test("JUnit XML and a page tell the same, whatever a backend prints", async () => {
  const script = await backend(
    'if (from.includes("recurrence")) { console.error("a <b> & \\u0007"); process.exit(1); }\nanswer();',
  );
  const run = await judge(script, "--group", "smoke", "--junit", "v.xml", "--html", "v.html");
  expect(run.code).toBe(1);
  const xml = await readFile(join(folder, "v.xml"), "utf8");
  expect(xml).toMatch(/<testsuite name="[^"]*" tests="4" failures="0" errors="1" skipped="0"/);
  expect(xml).toContain('<error message="exit code 1: a &lt;b&gt; &amp; \\u{7}">');
  expect(xml.match(/<testcase /g)).toHaveLength(4);
  const page = await readFile(join(folder, "v.html"), "utf8");
  expect(page).toContain("exit code 1: a &lt;b&gt; &amp; \\u{7}");
  expect(page).not.toMatch(/<script|https?:\/\//);
});
