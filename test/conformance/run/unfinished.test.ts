/** Verdicts as they come, and what is left of a run that is ended before its time. */
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bundledSuite, listSuite } from "../../../src/conformance/suite/suite.ts";
import { goldspike, started } from "../../support/command.ts";
import { engine } from "../../support/conformance/scriptBackend.ts";
import { rightResults, workerCommand } from "../../support/conformance/workerScript.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

const folder = temporaryFolder();
const smoke = (await listSuite(bundledSuite)).filter(({ group }) => group === "smoke");
const results = join(folder, "right");
await rightResults(smoke, results);

interface Line {
  readonly run?: { readonly class: string; readonly cases: number };
  readonly verdict?: { readonly case: string; readonly status: string; readonly message: string };
  readonly summary?: Readonly<Record<string, unknown>>;
}

const linesOf = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
const group = ["conform", "run", "--group", "smoke", "--jobs", "1"];
/** That answers two cases and never the third. */
const stuck = () => workerCommand(results, "never", "postsynaptic-potential");

test("a line of JSON for the run, each verdict, and the summary", async () => {
  const command = workerCommand(results, "crash");
  const { stdout, code } = await goldspike([...group, "--json", "--worker", "--", ...command]);
  expect(code).toBe(1);
  const lines = linesOf(stdout);
  expect(lines[0]!.run).toMatchObject({ class: "T2", cases: 4 });
  expect(lines.slice(1, -1).map(({ verdict }) => `${verdict!.case} ${verdict!.status}`)).toEqual([
    "first-spikes pass",
    "hidden-spikes error",
    "postsynaptic-potential pass",
    "recurrence pass",
  ]);
  expect(lines.at(-1)!.summary).toMatchObject({
    pass: 3,
    error: 1,
    judged: 4,
    cases: 4,
    finished: true,
    success: false,
  });
});

describe("ended before its time", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s leaves all reports of what was judged", async (signal, code) => {
    const place = join(folder, signal);
    await mkdir(place);
    const reports = ["--junit", "v.xml", "--html", "v.html", "--results", "kept"];
    const command = stuck();
    const run = started([...group, ...reports, "--worker", "--", ...command], { cwd: place });
    await run.until("smoke/hidden-spikes");
    run.kill(signal);
    const { stdout, stderr, ...end } = await run.ended;
    expect(end).toEqual({ code, signal: null });
    expect(stdout).toMatch(
      new RegExp(
        `^smoke/first-spikes +pass\nsmoke/hidden-spikes +pass\nunfinished, 2 of 4 cases: ended by ${signal}\npass=2 `,
      ),
    );
    expect(stderr).toBe("stopping, with what has been judged; Ctrl-C once more ends at once\n");
    const xml = await readFile(join(place, "v.xml"), "utf8");
    expect(xml).toContain(`<property name="unfinished" value="ended by ${signal}"/>`);
    expect(xml).toContain('tests="2"');
    expect(await readFile(join(place, "v.html"), "utf8")).toContain(`ended by ${signal}`);
    const kept = linesOf(await readFile(join(place, "kept", "verdicts.jsonl"), "utf8"));
    expect(kept.at(-1)!.summary).toMatchObject({
      finished: false,
      unfinished: `ended by ${signal}`,
      judged: 2,
    });
  });

  test("killed, it leaves what it had written", async () => {
    const place = join(folder, "killed");
    await mkdir(place);
    const command = stuck();
    const run = started([...group, "--json", "--junit", "v.xml", "--worker", "--", ...command], {
      cwd: place,
    });
    await run.until('"hidden-spikes"');
    // The file is written beside the runner's work.
    await expect
      .poll(
        async () =>
          (await readFile(join(place, "v.xml"), "utf8").catch(() => "")).match(/<testcase /g)?.length,
        {
          timeout: 300_000,
        },
      )
      .toBe(2);
    run.kill("SIGKILL");
    const { stdout } = await run.ended;
    expect(linesOf(stdout).map(({ verdict }) => verdict?.status)).toEqual([undefined, "pass", "pass"]);
    expect(await readFile(join(place, "v.xml"), "utf8")).toContain('<property name="unfinished"');
  });

  test("what a command has changed in the suite is put back", async () => {
    const suite = join(folder, "suite");
    await cp(bundledSuite, suite, { recursive: true });
    const golden = join(suite, "smoke", "recurrence", "golden.json");
    const before = await readFile(golden, "utf8");
    const spoil = `writeFileSync(${JSON.stringify(golden)}, "{}");`;
    const command = workerCommand(results, "never", "postsynaptic-potential", spoil);
    const run = started([...group, "--suite", suite, "--worker", "--", ...command], { cwd: folder });
    await run.until("smoke/hidden-spikes");
    run.kill("SIGTERM");
    const { code, stderr } = await run.ended;
    expect(code).toBe(143);
    expect(stderr).toMatch(
      /recurrence\/golden.json: the command changed the suite; what stood there has been put back$/m,
    );
    expect(await readFile(golden, "utf8")).toBe(before);
    await rm(suite, { recursive: true });
  });

  test("no folder for temporary files is left", async () => {
    const place = join(folder, "temporary");
    await mkdir(place);
    const run = started([...group, "--worker", "--", "env", `TMPDIR=${place}`, ...stuck()], { cwd: place });
    await run.until("smoke/hidden-spikes");
    run.kill("SIGTERM");
    await run.ended;
    expect(await readdir(place)).toEqual([]);
  });
});

describe("results that are judged again, from the command line", () => {
  test("of a run that kept them, by another class, without its command", async () => {
    const kept = join(folder, "kept");
    const first = await goldspike([...group, "--results", kept, "--", ...engine, "--precision", "f32"]);
    expect(first).toMatchObject({ code: 1 });
    const again = await goldspike(["conform", "judge", kept, "--group", "smoke", "--class", "T3"]);
    expect(again).toMatchObject({ code: 0, stderr: "" });
    expect(again.stdout).toMatch(/^pass=4 fail=0 error=0 .*class=T3$/m);
    const all = await goldspike([
      "conform",
      "judge",
      kept,
      "--class",
      "T3",
      "--group",
      "smoke",
      "--group",
      "batch",
    ]);
    expect(all.code).toBe(1);
    expect(all.stderr).toMatch(
      /^\S+kept: no folder batch, so \d+ cases have no result; --group chooses groups\n$/,
    );
    const other = await goldspike([...group, "--results", kept, "--", ...engine]);
    expect(other.code).toBe(0);
  });

  test("of an exported suite, the related cases too", async () => {
    const cases = join(folder, "cases");
    await goldspike(["conform", "export", cases]);
    const relation = join("metamorphic", "idle-parts-layered");
    for (const part of [relation, join(relation, "related")]) {
      await mkdir(join(folder, "gpu", part), { recursive: true });
      const [program, ...args] = [...engine, join(cases, part), join(folder, "gpu", part)];
      const { spawnSync } = await import("node:child_process");
      expect(spawnSync(program!, args).status).toBe(0);
    }
    const judged = await goldspike(["conform", "judge", join(folder, "gpu"), "--case", "idle-parts-layered"]);
    expect(judged).toMatchObject({ code: 0, stderr: "" });
    expect(judged.stdout).toMatch(/^metamorphic\/idle-parts-layered +pass$/m);
  });
});

describe("expected failures, from the command line", () => {
  test("a list is written, excuses what it lists, and is told of what passes again", async () => {
    const list = join(folder, "known.txt");
    const judge = (deed: "crash" | "nothing", ...more: string[]) =>
      goldspike([...group, "--expected", list, ...more, "--worker", "--", ...workerCommand(results, deed)]);
    expect(await judge("crash")).toMatchObject({
      code: 2,
      stderr: `error: ${list}: cannot be read: no such file or folder\n`,
    });
    expect((await judge("crash", "--update-expected")).code).toBe(0);
    const text = await readFile(list, "utf8");
    expect(text).toMatch(/^smoke\/hidden-spikes \* ended without an answer, exit code 3: ValueError: lost$/m);
    const known = await judge("crash", "--junit", join(folder, "known.xml"));
    expect(known.code).toBe(0);
    expect(known.stdout).toMatch(/^smoke\/hidden-spikes +expected +ended without .*$/m);
    expect(known.stdout).toMatch(/^pass=3 .* expected=1 /m);
    expect(await readFile(join(folder, "known.xml"), "utf8")).toContain('skipped="1"');
    const mended = await judge("nothing");
    expect(mended.code).toBe(1);
    expect(mended.stdout).toMatch(
      /^smoke\/hidden-spikes +fail +smoke\/hidden-spikes passes, though listed as failing; /m,
    );
    expect((await judge("nothing", "--update-expected")).code).toBe(0);
    expect((await judge("nothing")).code).toBe(0);
    await writeFile(list, "smoke/nowhere * x\n");
    expect(await judge("nothing")).toMatchObject({
      code: 2,
      stdout: "",
      stderr: `error: ${list}: line 1: expected GROUP/NAME of a case of the suite, got "smoke/nowhere"; take the line out\n`,
    });
  });
});

test.each<[string[], RegExp]>([
  [["--rtol", "1e-6", "--class", "T4"], /^error: --rtol: expected a class from T1 to T3 with it, got T4\n$/],
  [["--rtol", "-1"], /--rtol.*Expected a number > 0/],
  [["--update-expected"], /^error: --update-expected: expected --expected with the file to write\n$/],
  [
    ["--results", "."],
    /^error: \.: expected an empty folder, or results of an earlier run with verdicts.jsonl\n$/,
  ],
  [["--results", "a", "--keep", "b"], /--results.* cannot be used with option '--keep/],
  [
    ["--require", "tau_membrane"],
    /^error: --require: expected words that are in the name of a gradient.*"tau_membrane"/,
  ],
  [["--worker", "--first-timeout", "0"], /--first-timeout.*Expected a number > 0/],
  [["--first-timeout", "9"], /^error: --first-timeout: expected --worker with it, got 9 alone\n$/],
  [
    ["--expected", "x", "--junit", "./x"],
    /^error: --junit: expected another file than --expected, got .\/x\n$/,
  ],
])("wrong usage: %s", async (options, line) => {
  const { code, stdout, stderr } = await goldspike([...group, ...options, "--", ...engine], { cwd: folder });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(line);
});

test("results are not written through links", async () => {
  const [place, elsewhere] = [join(folder, "linked"), join(folder, "elsewhere")];
  await mkdir(place);
  await mkdir(join(elsewhere, "recurrence"), { recursive: true });
  await writeFile(join(elsewhere, "recurrence", "thesis.txt"), "");
  await writeFile(join(place, "verdicts.jsonl"), "");
  await symlink(elsewhere, join(place, "smoke"));
  const { code, stderr } = await goldspike([...group, "--results", place, "--", ...engine]);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: `error: ${place}/smoke: is a link, which results are not written through\n`,
  });
  expect(await readdir(join(elsewhere, "recurrence"))).toEqual(["thesis.txt"]);
});

test("reports of an earlier run do not outlive the start of another", async () => {
  const report = join(folder, "green.xml");
  await writeFile(report, "green");
  const command = workerCommand(results, "never", "first-spikes");
  const run = started([...group, "--junit", report, "--worker", "--", ...command]);
  await expect.poll(() => readFile(report, "utf8"), { timeout: 300_000 }).toContain('name="unfinished"');
  run.kill("SIGKILL");
});

// Where no folder can be made though its parent is there.
test.skipIf(process.platform !== "linux").each(["--results", "--keep"])(
  "a place where nothing can be made: %s",
  async (option) => {
    for (const place of ["/proc/none", "/proc/none/deep"])
      expect(await goldspike([...group, option, place, "--", ...engine])).toEqual({
        code: 2,
        stdout: "",
        stderr: `error: ${place}: cannot be written: no such file or folder\n`,
      });
  },
);

test("a worker that cannot be started", async () => {
  const run = await goldspike([...group, "--worker", "--", "/no/such/program"]);
  expect(run).toEqual({
    code: 2,
    stdout: "",
    stderr: "error: /no/such/program: cannot be started: spawn /no/such/program ENOENT\n",
  });
});

test.each([
  ["none/", /^error: \S+: cannot be read: no such file or folder\n$/],
  ["file", /^error: \S+\/file: expected a folder of results, GROUP\/NAME\/result.json, got a file\n$/],
])("results that are none: %s", async (name, line) => {
  await writeFile(join(folder, "file"), "");
  const { code, stderr } = await goldspike(["conform", "judge", join(folder, name)]);
  expect(code).toBe(2);
  expect(stderr).toMatch(line);
});
