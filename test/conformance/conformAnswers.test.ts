/** What is wrong with an answer is said in one line, by a verdict. */
import { describe, expect, test } from "vitest";
import { scriptBackends } from "../support/conformance/scriptBackend.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const { backend, judge } = scriptBackends(temporaryFolder());

describe("in one case", () => {
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
      /fail +loss: missing: expected the loss, a number$/m,
    ],
    [
      "missing gradients",
      "const { gradients, ...rest } = answer(); write(rest);",
      /fail +gradients: expected at least one of 18 tensors, got none$/m,
    ],
    [
      "missing spikes",
      "write({ ...answer(), spikes: {} });",
      /fail +spikes.hidden: missing: expected \{times, neurons\} of the population/,
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
      /projections\[\d\].weight: 95 % off: it is 1\/tau_mem times the gradient of the declared loss/,
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
    const hint = /^where it goes wrong: run with --keep DIR, then goldspike conform explain \S+ \S+\n$/;
    if (run.stderr !== "") expect(run.stderr).toMatch(hint);
  });
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

test("an answer to a case that must be refused", async () => {
  const script = await backend("write({});");
  const run = await judge(script, "--case", "nan-weight");
  expect(run.stdout).toMatch(/fail +answered a case that must be refused \(a weight NaN/);
  const refusing = await judge(await backend("process.exit(2);"), "--case", "nan-weight");
  expect(refusing.stdout).toMatch(/^adversarial\/nan-weight +refused$/m);
  expect(refusing.code).toBe(1);
  const crashing = await judge(
    await backend('process.kill(process.pid, "SIGKILL"); setTimeout(() => {}, 1e6);'),
    "--case",
    "nan-weight",
  );
  expect(crashing.stdout).toMatch(/error +ended by SIGKILL/);
});
