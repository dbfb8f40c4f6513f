/** What has changed between kept runs: each kind of change is told once, and files of any kind are read without trust. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import domino from "domino";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { goldspike } from "../../support/command.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

const folder = temporaryFolder();

const about = {
  command: "./mine",
  class: "T2",
  suite: "suite",
  suite_version: "8b00903f512b",
  version: "0.1.0",
  date: "2026-11-28T23:03:08.309Z",
  host: "box",
  cases: 3,
};

type Line = Readonly<Record<string, unknown>>;

function verdictLine(name: string, status: string, message = "", parts: readonly object[] = []): Line {
  return {
    verdict: { case: name, group: "core", catches: "bugs", class: "T2", status, message, parts, seconds: 1 },
  };
}

function weight(error: number | null, status = "pass"): object {
  return { name: "projections[0].weight", status, error, tolerance: 1e-6 };
}

const end: Line = { summary: { finished: true } };

let count = 0;
/** A kept run's folder. */
async function kept(lines: readonly Line[], changes: object = {}, tail = ""): Promise<string> {
  const place = join(folder, `run${count++}`);
  await mkdir(place);
  const text = [{ run: { ...about, ...changes } }, ...lines]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join("");
  await writeFile(join(place, "verdicts.jsonl"), text + tail);
  return place;
}

async function history(...paths: readonly string[]): Promise<string[]> {
  const { stdout, stderr, code } = await goldspike(["conform", "history", ...paths]);
  expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  return stdout.trimEnd().split("\n");
}

describe("between two runs", () => {
  test("other verdicts, new and gone cases, and errors that have grown", async () => {
    const before = await kept([
      verdictLine("same", "pass", "", [weight(1e-9)]),
      verdictLine("breaks", "pass", "", [weight(1e-9)]),
      verdictLine("grows", "pass", "", [weight(1e-8)]),
      verdictLine("goes", "unsupported", "no delays"),
      end,
    ]);
    const after = await kept([
      verdictLine("same", "pass", "", [weight(9e-9)]),
      verdictLine("breaks", "fail", "projections[0].weight: 3 % off", [weight(1, "fail")]),
      verdictLine("grows", "pass", "", [weight(5e-7)]),
      verdictLine("comes", "pass"),
      end,
    ]);
    expect(await history(before, after)).toEqual([
      `1  2026-11-28 23:03:08  T2  box  pass=3 fail=0 error=0 undecidable=0 unsupported=1  ${before}`,
      `2  2026-11-28 23:03:08  T2  box  pass=3 fail=1 error=0 undecidable=0 unsupported=0  ${after}`,
      "1 → 2  4 changed",
      "  core/breaks  pass → fail (projections[0].weight: 3 % off)",
      "  core/grows   projections[0].weight: 0.01 → 0.5 of what is granted",
      "  core/comes   new: pass",
      "  core/goes    gone, was unsupported (no delays)",
    ]);
  });

  test("a failure that moves a little is the same, one in another part is not", async () => {
    const failing = (error: number, name: string) =>
      verdictLine("a", "fail", `${name}: ${error} off`, [{ ...weight(error, "fail"), name }]);
    const runs = await Promise.all([
      kept([failing(0.3, "loss"), end]),
      kept([failing(0.31, "loss"), end]),
      kept([failing(0.31, "readout"), end]),
    ]);
    expect((await history(...runs)).slice(3)).toEqual([
      "1 → 2  no case has changed",
      "2 → 3  1 changed",
      "  core/a  fail (loss: 0.31 off) → fail (readout: 0.31 off)",
    ]);
  });

  test("last bits are no growth, and infinite errors are some", async () => {
    const runs = await Promise.all([
      kept([verdictLine("a", "pass", "", [weight(0)]), end]),
      kept([verdictLine("a", "pass", "", [weight(1e-12)]), end]),
      kept([verdictLine("a", "undecidable", "loss: open", [weight(1e-12)]), end]),
      kept([verdictLine("a", "undecidable", "loss: open", [weight(null)]), end]),
    ]);
    const lines = await history(...runs);
    expect(lines[4]).toBe("1 → 2  no case has changed");
    expect(lines.at(-1)).toBe("  core/a  projections[0].weight: 0.000001 → Infinity of what is granted");
  });

  test.each<[object, string]>([
    [{ class: "T3" }, "class T3, before T2"],
    [{ suite_version: "0000" }, "suite_version 0000, before 8b00903f512b"],
    [{ tensors: ["weight", "tau"] }, "tensors weight, tau, before none"],
    [{ rtol: 1e-6 }, "rtol 0.000001, before none"],
  ])("asked otherwise: %s", async (changes, text) => {
    const before = await kept([verdictLine("a", "pass", "", [weight(1e-9)]), end]);
    const after = await kept([verdictLine("a", "pass", "", [weight(5e-7)]), end], changes);
    expect((await history(before, after)).at(-1)).toBe(
      `1 → 2  asked otherwise: ${text}; no case has changed`,
    );
  });

  test("an unfinished run: what it did not come to is not gone", async () => {
    const before = await kept([verdictLine("a", "pass"), verdictLine("b", "pass"), end]);
    const cut = await kept([
      verdictLine("a", "pass"),
      { summary: { finished: false, unfinished: "ended by SIGINT" } },
    ]);
    const killed = await kept([verdictLine("a", "pass")], {}, '{"verdict":{"case":"b","gro');
    const lines = await history(before, cut, killed);
    expect(lines[1]).toMatch(/ {2}unfinished, 1 of 3 cases: ended by SIGINT$/);
    expect(lines[2]).toMatch(/ {2}unfinished, 1 of 3 cases: it was ended$/);
    expect(lines.slice(3)).toEqual([
      "1 → 2  not reached: 1; no case has changed",
      "2 → 3  no case has changed",
    ]);
  });

  test("a verdict that was amended counts as amended; keys of later versions are let be", async () => {
    const run = await kept(
      [verdictLine("a", "pass"), { ...verdictLine("a", "fail", "loss: missing"), amended: true }, end],
      { colour: "blue" },
    );
    expect((await history(run))[0]).toContain("pass=0 fail=1");
  });
});

test("what a run has kept and what it has printed are the same, and a file may hold several", async () => {
  const run = await goldspike(
    [
      "conform",
      "run",
      "--case",
      "hidden-spikes",
      "--results",
      "real",
      "--json",
      "--",
      process.execPath,
      "-e",
      "process.exit(77)",
    ],
    { cwd: folder },
  );
  const printed = join(folder, "printed.jsonl");
  await writeFile(printed, run.stdout + run.stdout);
  const lines = await history(join(folder, "real"), printed);
  expect(lines).toHaveLength(5);
  expect(lines.slice(3)).toEqual(["1 → 2  no case has changed", "2 → 3  no case has changed"]);
});

test("the page has a column a run and a row a case, and frames what has changed", async () => {
  const runs = await Promise.all([
    kept([verdictLine("a", "pass", "", [weight(1e-9)]), verdictLine("<b>", "pass"), end]),
    kept([verdictLine("a", "error", "<script>"), end], { command: "./mine <2>" }),
  ]);
  const path = join(folder, "history.html");
  await history(...runs, "--html", path);
  const text = await readFile(path, "utf8");
  expect(text).not.toMatch(/<script|https?:|url\(/);
  const page = domino.createDocument(text);
  const cells = [...page.querySelectorAll(".grid tbody tr")].map((row) =>
    Array.from<Element>(row.children).map(
      (cell) => `${cell.textContent}${/changed/.test(cell.className) ? "!" : ""}`,
    ),
  );
  expect(cells).toEqual([
    ["core/a", "pass", "error!"],
    ["core/<b>", "pass", ""],
  ]);
});

describe("files that are none", () => {
  const first = JSON.stringify({ run: about });
  test.each<[string, string, RegExp]>([
    ["empty", "", /expected lines of conform run, the first with the key "run", got none$/],
    [
      "a verdict first",
      `${JSON.stringify(verdictLine("a", "pass"))}\n`,
      /line 1: expected a line with the key "run"/,
    ],
    ["not JSON", `${first}\nhello\n`, /line 2: line 1, column 1: expected a value, got hello$/],
    ["another status", `${first}\n${JSON.stringify(verdictLine("a", "fine"))}\n`, /line 2: .*"fine"$/],
    ["another class", `${JSON.stringify({ run: { ...about, class: "T9" } })}\n`, /line 1: .*"T9"$/],
    ["a number", "7\n", /line 1: /],
  ])("%s", async (name, text, message) => {
    const path = join(folder, `${name}.jsonl`);
    await writeFile(path, text);
    const { stderr, stdout, code } = await goldspike(["conform", "history", path]);
    expect({ stdout, code }).toEqual({ stdout: "", code: 2 });
    expect(stderr).toMatch(/^error: [^\n]*\n$/);
    expect(stderr.trimEnd()).toMatch(message);
  });

  test("a path that leads nowhere, and a page that cannot be written", async () => {
    expect(await goldspike(["conform", "history", "/nowhere"])).toMatchObject({
      code: 2,
      stderr: "error: /nowhere: cannot be read: no such file or folder\n",
    });
    expect(await goldspike(["conform", "history", folder])).toMatchObject({
      code: 2,
      stderr: `error: ${folder}: expected a folder that conform run --results has left, with verdicts.jsonl, or a file of its --json\n`,
    });
    const run = await kept([end]);
    const { code, stderr } = await goldspike(["conform", "history", run, "--html", "/nowhere/h.html"]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "error: /nowhere/h.html: cannot be written: no such file or folder\n",
    });
  });

  test("whatever names and messages are, a case stays a line", async () => {
    const text = fc.string({ unit: "binary", maxLength: 30 });
    const drawn = fc.sample(fc.tuple(text, text, text), { seed: 1, numRuns: 12 });
    for (const [name, message, host] of drawn) {
      const before = await kept([verdictLine(name, "pass"), end], { host });
      const after = await kept([verdictLine(name, "error", message), end], { host, date: message });
      const lines = await history(before, after);
      expect(lines).toHaveLength(4);
      expect(lines.join("")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
  });
});
