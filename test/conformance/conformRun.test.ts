/** `goldspike conform run` as a backend's author uses it: backends that are good, and the files that say what is not. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { main } from "../support/command.ts";
import { engine, scriptBackends } from "../support/conformance/scriptBackend.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();
const { backend, judge } = scriptBackends(folder);

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
      /^smoke\/recurrence +fail +projections\[\d\].(weight|delay): .* off.*; with --switch slope_current=end it passes$/m,
    );
    const stale = await judge([...twin, "stale_backward=true"], "--case", "descending-weights", ...tensors);
    expect(stale.stdout).toMatch(
      /^batch\/descending-weights +fail +\S+: .*; with --switch stale_backward=true it passes$/m,
    );
    const same = await judge(
      [...twin, "stale_backward=true"],
      "--group",
      "batch",
      ...tensors,
      "--switch",
      "stale_backward=true",
    );
    expect(same.stdout).toMatch(/^pass=9 fail=0 /m);
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

test.each(["T4", "T5"])("a step longer than the trial cannot be judged: class %s", async (name) => {
  const run = await judge(engine, "--case", "recurrence", "--class", name, "--dt", "51");
  expect(run.code).toBe(1);
  expect(run.stdout).toMatch(
    /unsupported +class T[45]: dt: expected a step of at most the trial's 50 ms, got 51$/m,
  );
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
