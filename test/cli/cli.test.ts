/** The built command: data on stdout, words on stderr, exit codes, and one line for whatever is wrong. */
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { wrapped } from "../../src/cli/wrapped.ts";
import { main, type Run, goldspike as run } from "../support/command.ts";
import { type SmallCase, smallCase } from "../support/networks/smallCase.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const packageJson = new URL("../../package.json", import.meta.url);

const goldspike = (...args: string[]): Promise<Run> => run(args);

const folder = temporaryFolder();
let file: string;
beforeAll(async () => {
  file = await write("case.json");
});

async function write(name: string, spoil: (problem: SmallCase) => void = () => {}): Promise<string> {
  const problem = smallCase();
  spoil(problem);
  await writeFile(join(folder, name), JSON.stringify(problem));
  return join(folder, name);
}

const commands = [
  "solve",
  "check",
  "time",
  "encode",
  "predict",
  "data",
  "train",
  "resume",
  "evaluate",
  "xval",
  "demo",
];

describe("help and usage", () => {
  test("the version is the package's", async () => {
    const { version } = JSON.parse(await readFile(packageJson, "utf8")) as { version: string };
    expect(await goldspike("--version")).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  test("help lists every command with a description", async () => {
    const { code, stdout } = await goldspike("--help");
    expect(code).toBe(0);
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^ {2}${command}\\b.* {2}\\S`, "m"));
  });

  test.each(commands)("%s has a help with options and examples", async (command) => {
    const { code, stdout, stderr } = await goldspike(command, "--help");
    expect(code).toBe(0);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/Options:[\s\S]*--help/);
    expect(stdout).toMatch(new RegExp(`Examples?:[\\s\\S]*goldspike ${command}`));
  });

  test.each(["data get", "data info", "data show", "demo"])(
    "the description of %s fills the lines of a page, and none is cut short",
    async (command) => {
      const { stdout } = await goldspike(...command.split(" "), "--help");
      const description = stdout.split("\n\n")[1]!.split("\n");
      for (const line of description) expect(line.length).toBeLessThanOrEqual(80);
      for (const line of description.slice(0, -1)) expect(line.length).toBeGreaterThan(60);
    },
  );

  test("help of a narrow terminal is broken at spaces, what is to be typed stays whole", () => {
    const text =
      "Exit codes:\n  0  everything that was asked for is done\n  $ goldspike solve a/very/long/path/of/a/case.json\n";
    expect(wrapped(text, 28)).toBe(
      "Exit codes:\n  0  everything that was\n     asked for is done\n  $ goldspike solve a/very/long/path/of/a/case.json\n",
    );
    const option = "  --time-unit <unit>  of the file; only ms keeps every bit\n";
    const under = " ".repeat(22);
    expect(wrapped(option, 36)).toBe(
      `  --time-unit <unit>  of the file;\n${under}only ms keeps\n${under}every bit\n`,
    );
    expect(wrapped(option, 30)).toBe("  --time-unit <unit>  of the\n  file; only ms keeps every\n  bit\n");
    for (const columns of [1, 10, 40, 200])
      expect(wrapped(text, columns).replaceAll(/\s+/g, " ")).toBe(text.replaceAll(/\s+/g, " "));
    expect(wrapped(text, undefined)).toBe(text);
  });

  test.each([
    [[], "Usage: goldspike"],
    [["solve"], "error: missing required argument 'case'"],
    [["solve", "x", "--frobnicate"], "error: unknown option '--frobnicate'"],
    [
      ["solve", "x", "--precision", "f16"],
      "error: option '--precision <precision>' argument 'f16' is invalid.",
    ],
    [["solve", "x", "--max-events", "-1"], "error: option '--max-events <n>' argument '-1' is invalid."],
    [["train", "x", "--max-events", "0"], "error: option '--max-events <n>' argument '0' is invalid."],
    [["train", "x", "--threads", "none"], "error: option '--threads <n>' argument 'none' is invalid."],
    [["train", "x", "--seed", "4294967296"], "error: option '--seed <n>' argument '4294967296' is invalid."],
    [["resume"], "error: missing required argument 'run'"],
    [["resume", "x", "--seed", "1"], "error: unknown option '--seed'"],
    [["evaluate", "x", "--part", "all"], "error: option '--part <part>' argument 'all' is invalid."],
    [["evaluate", "x", "--frobnicate"], "error: unknown option '--frobnicate'"],
    [["xval", "x"], "error: required option '-o, --output <dir>' not specified"],
    [["demo", "--frobnicate"], "error: unknown option '--frobnicate'"],
    [["check", "x", "--step", "0"], "error: option '--step <h>' argument '0' is invalid."],
    [["solve", "x", "y"], "error: too many arguments"],
    [["frobnicate"], "error: unknown command 'frobnicate'"],
  ])("%j is refused with exit code 2", async (args, message) => {
    const { code, stdout, stderr } = await goldspike(...args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr.startsWith(message)).toBe(true);
    const [command] = args;
    const help = commands.includes(command ?? "") ? `goldspike ${command} --help` : "goldspike";
    expect(stderr).toContain(help);
  });
});

test("an empty name of a file is wrong usage", async () => {
  expect(await goldspike("data", "info", "")).toEqual({
    code: 2,
    stdout: "",
    stderr:
      "error: command-argument value '' is invalid for argument 'file'. Expected the name of a file.\n" +
      "See: goldspike data info --help\n",
  });
});

describe("bad input gives one line on stderr and exit code 2", () => {
  test.each(["solve", "check", "time"])("to %s", async (command) => {
    const bad = await write("bad.json", (problem) => {
      problem.populations[0]!.tau_mem = [20, -5];
    });
    expect(await goldspike(command, bad)).toEqual({
      code: 2,
      stdout: "",
      stderr: `error: ${bad}: populations[0].tau_mem[1]: expected a positive number, got -5\n`,
    });
  });

  test("for a missing file", async () => {
    const { code, stdout, stderr } = await goldspike("solve", join(folder, "none.json"));
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^error: .*none\.json: [^\n]*no such file or folder\n$/);
  });

  test("for a result that cannot be written", async () => {
    const { code, stdout, stderr } = await goldspike("solve", file, "-o", join(folder, "no", "result.json"));
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^error: .*result\.json: cannot be written: no such file or folder\n$/);
  });
});

describe("solve", () => {
  test("prints the result alone on stdout", async () => {
    const { code, stdout, stderr } = await goldspike("solve", file);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const result = JSON.parse(stdout);
    expect(Object.keys(result)).toEqual([
      "format",
      "case",
      "backend",
      "precision",
      "spikes",
      "loss",
      "readout",
      "gradients",
      "diagnostics",
    ]);
    expect(result).toMatchObject({ format: "goldspike/result@1", case: "small", precision: "f64" });
    expect(result.spikes.hidden.times.length).toBeGreaterThan(0);
    const { projections, populations, input_times, spike_times } = result.gradients;
    expect(projections[0].weight.map((row: number[]) => row.length)).toEqual([3, 3]);
    expect(projections[0].delay.map((row: number[]) => row.length)).toEqual([3, 3]);
    const inBoth = ["tau_mem", "tau_syn", "bias", "v0", "i0"];
    expect(Object.keys(populations.hidden).sort()).toEqual([...inBoth, "reset", "threshold"].sort());
    expect(Object.keys(populations.output).sort()).toEqual([...inBoth].sort());
    expect(input_times.length).toBe(4);
    expect(spike_times.hidden.length).toBe(result.spikes.hidden.times.length);
    expect(result.diagnostics.slopes.hidden.length).toBe(result.spikes.hidden.times.length);
    expect(Object.keys(result.diagnostics.closest_graze)).toEqual(["population", "neuron", "time", "margin"]);
  });

  test("-o writes what stdout would have got, and leaves nothing else behind", async () => {
    const out = join(folder, "out");
    await mkdir(out);
    await writeFile(join(out, "result.json"), "old");
    const { stdout } = await goldspike("solve", file);
    expect(await goldspike("solve", file, "-o", join(out, "result.json"))).toEqual({
      code: 0,
      stdout: "",
      stderr: "",
    });
    expect(await readFile(join(out, "result.json"), "utf8")).toBe(stdout);
    expect(await readdir(out)).toEqual(["result.json"]);
  });

  test("leaves loss, readout and gradients out of a case without a loss", async () => {
    const none = await write("none.json", (problem) => {
      problem.loss = { kind: "none" };
    });
    const { code, stdout } = await goldspike("solve", none);
    expect(code).toBe(0);
    expect(Object.keys(JSON.parse(stdout))).toEqual([
      "format",
      "case",
      "backend",
      "precision",
      "spikes",
      "diagnostics",
    ]);
  });

  test("computes in the precision asked for", async () => {
    const [f64, f32] = await Promise.all(
      ["f64", "f32"].map(async (name) =>
        JSON.parse((await goldspike("solve", file, "--precision", name)).stdout),
      ),
    );
    expect(f32.precision).toBe("f32");
    expect(f32.loss).not.toBe(f64.loss);
    expect(f32.loss).toBeCloseTo(f64.loss, 4);
  });

  test.each(["solve", "check", "time"])(
    "and %s ends with one line and exit code 1 where the spike budget is used up",
    async (command) => {
      const { code, stdout, stderr } = await goldspike(command, file, "--max-events", "1");
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toMatch(/^error: [^\n]*budget of 1 spikes[^\n]*\(--max-events\)\n$/);
    },
  );

  test("says nothing when the reader of its output has gone", async () => {
    const script = `"${process.execPath}" "${main}" solve "${file}" | head -c 1`;
    const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve) => {
      execFile("sh", ["-c", script], (_, out, err) => resolve({ stdout: out, stderr: err }));
    });
    expect({ stdout, stderr }).toEqual({ stdout: "{", stderr: "" });
  });
});

describe("check", () => {
  test("prints a row for every tensor and passes", async () => {
    const { code, stdout, stderr } = await goldspike("check", file);
    expect(stdout).toMatch(/^tensor +entries +worst error +where +verdict/);
    expect(stdout).toMatch(/^projections\[0\]\.weight +6 +\S+ +\[\d\]\[\d\] +ok/m);
    expect(stdout.trim().split("\n").length).toBe(1 + 6 + 7 + 5 + 1);
    expect(stderr).toContain("all tensors pass");
    expect(code).toBe(0);
  });

  test("exits with 1 beyond the tolerance", async () => {
    const { code, stdout, stderr } = await goldspike("check", file, "--tolerance", "1e-10", "--step", "1e-2");
    expect(code).toBe(1);
    expect(stdout).toContain("FAILS");
    expect(stderr).toMatch(/\d+ of 19 tensors fail/);
  });

  test("says how many entries of a large tensor it compared", async () => {
    const { stdout } = await goldspike("check", file, "--max-entries", "2");
    expect(stdout).toMatch(/^projections\[0\]\.weight +2 of 6 /m);
  });

  test("lists an entry whose perturbation changes the set of spikes, and does not pass a tensor of only such", async () => {
    // A single input lifts V to w · 4^(−1/3) / 4: with this w the neuron spikes, with 1e-9 of it less it does not.
    const grazing = await write("grazing.json", (problem) => {
      problem.input = { channels: 1, times: [1], sources: [0] };
      const hidden = { name: "hidden", size: 1, model: "lif", tau_mem: 20, tau_syn: 5 };
      problem.populations = [hidden];
      problem.projections = [{ from: "input", to: "hidden", weight: [[6.3496042078727974 * (1 + 1e-10)]] }];
      problem.loss = { kind: "spike_time_mse", population: "hidden", targets: [[9]] };
    });
    const { code, stdout, stderr } = await goldspike("check", grazing);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^projections\[0\]\.weight +0 of 1 +- +- +NOTHING COMPARED +spike set changes in 1: \[0\]\[0\]$/m,
    );
    expect(stderr).toContain("entries not compared");
  });

  test("refuses a case without a loss", async () => {
    const none = await write("none.json", (problem) => {
      problem.loss = { kind: "none" };
    });
    const { code, stderr } = await goldspike("check", none);
    expect(code).toBe(2);
    expect(stderr).toBe('error: small: loss.kind: expected a loss with gradients, got "none"\n');
  });
});

describe("time", () => {
  test("--json prints one line with exactly five values", async () => {
    const { code, stdout, stderr } = await goldspike(
      "time",
      file,
      "--precision",
      "f32",
      "--json",
      "--repetitions",
      "3",
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^[^\n]+\n$/);
    const line = JSON.parse(stdout);
    expect(Object.keys(line)).toEqual(["precision", "spikes", "forward_ms", "adjoint_ms", "total_ms"]);
    expect(line.precision).toBe("f32");
    expect(line.spikes).toBeGreaterThan(0);
    expect(line.total_ms).toBeCloseTo(line.forward_ms + line.adjoint_ms, 9);
  });

  test("without it prints words", async () => {
    const { stdout } = await goldspike("time", file, "--repetitions", "3", "--gradients", "all");
    expect(stdout).toMatch(/^f64, \d+ spikes: forward .* ms \+ adjoint .* ms = .* ms\n$/);
  });

  test("--profile tells where the time goes, and what the search looked at", async () => {
    const { code, stdout } = await goldspike("time", file, "--profile", "--json", "--repetitions", "3");
    const { ms, entries, counters } = JSON.parse(stdout);
    const problem = JSON.parse(await readFile(file, "utf8"));
    const arrivals = new Set(problem.input.times).size;
    expect(code).toBe(0);
    expect(Object.keys(ms)).toEqual(Object.keys(entries));
    expect(entries.flow).toBe(counters.intervals);
    expect(counters.intervals).toBeGreaterThan(arrivals);
    expect(counters.solves).toBeLessThanOrEqual(counters.candidates);
    const { stdout: words } = await goldspike("time", file, "--profile", "--repetitions", "3");
    expect(words).toMatch(/^f64, gradients of the weights, .* ms\n(.* ms +[\d.]+ %\n){10}\d+ intervals; /);
  });
});
