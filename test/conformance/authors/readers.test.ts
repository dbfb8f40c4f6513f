/** The readers that authors of other backends copy. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { readGolden } from "../../../src/conformance/suite/golden.ts";
import { loadCase } from "../../../src/format/loadCase.ts";
import { readResult } from "../../../src/format/result.ts";
import { python, run, runs, withoutPython } from "../../support/programs.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const readers = join(root, "readers");
const suite = join(root, "suite");
const folder = temporaryFolder();

const compiler = ["cc", "gcc", "clang"].find((name) => runs(name, "--version"));

const pythonScript = `
import re, sys
sys.path.insert(0, sys.argv[1])
import numpy, goldspike
whole = goldspike.load(sys.argv[2], sys.argv[3])
for path in sys.argv[4:]:
    value = whole
    for name, index in re.findall(r"(\\w+)|\\[(\\d+)\\]", path):
        value = value[name if name and not name.isdigit() else int(name or index)]
    print(path, *numpy.ravel(value).tolist())
`;
const scriptOfNode = `
const [readers, folder, file, ...paths] = process.argv.slice(1);
const { load } = await import(readers + "/goldspike.mjs");
const whole = load(folder, file);
const flat = (value) => typeof value === "number" ? [value] : Array.from(value).flatMap(flat);
for (const path of paths)
  console.log(path, ...flat(path.match(/\\w+/g).reduce((value, key) => value[key], whole)));
`;
const example = join(folder, "example");

/** Prints numbers at paths, one path a line. */
const programs: Readonly<Record<string, { there: boolean; args: readonly string[] }>> = {
  "goldspike.h (skipped without a C compiler)": { there: compiler !== undefined, args: [example] },
  [`goldspike.py ${withoutPython}`]: {
    there: python !== undefined,
    args: [python!, "-c", pythonScript, readers],
  },
  "goldspike.mjs": {
    there: true,
    args: [process.execPath, "--input-type=module", "-e", scriptOfNode, readers],
  },
};

/** The message about an exception of a backend that is asked by `serve`. */
async function failureOf(backend: string): Promise<string> {
  const place = await mkdtemp(join(folder, "serve"));
  copyFileSync(join(readers, "goldspike.py"), join(place, "goldspike.py"));
  writeFileSync(join(place, "mine.py"), backend);
  const input = '{"id": 1, "case": "a", "result": "b"}\n';
  const { stdout } = spawnSync(python!, [join(place, "mine.py")], { input, encoding: "utf8" });
  const { status, message } = JSON.parse(stdout);
  expect(status).toBe("failed");
  return message;
}

beforeAll(() => {
  if (compiler === undefined) return;
  const flags = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-O1"];
  const built = spawnSync(compiler, [...flags, join(readers, "example.c"), "-lm", "-o", example]);
  expect(String(built.stderr)).toBe("");
});

// biome-ignore lint/suspicious/noExplicitAny: JSON of a case that is taken apart
type Json = any;

const plain = join(suite, "smoke", "recurrence");
const paths = [
  "duration",
  "input.times",
  "input.sources",
  "populations[0].tau_mem",
  "projections[1].weight",
  "loss.target",
];
const written: Json = JSON.parse(readFileSync(join(plain, "case.json"), "utf8"));
const expected = [
  [50],
  [1, 4, 6, 9],
  [0, 0, 0, 0],
  [20, 17],
  written.projections[1].weight.flat(),
  [written.loss.target],
];

/** The same case with arrays in raw files of each type; `change` spoils it. */
function rawCase(name: string, change: (json: Json, place: string) => void = () => {}): string {
  const place = join(folder, name);
  mkdirSync(place);
  const json = structuredClone(written);
  writeFileSync(join(place, "times.f64"), new Float64Array(json.input.times));
  json.input.times = { file: "times.f64", dtype: "<f8", shape: [4] };
  writeFileSync(join(place, "sources.i32"), new Int32Array(json.input.sources));
  json.input.sources = { dtype: "<i4", file: "sources.i32", shape: [4] };
  writeFileSync(join(place, "tau.f32"), new Float32Array(json.populations[0].tau_mem));
  json.populations[0].tau_mem = { file: "tau.f32", dtype: "<f4", shape: [2] };
  writeFileSync(join(place, "weight.f64"), new Float64Array(json.projections[1].weight.flat()));
  json.projections[1].weight = { shape: [2, 2], file: "weight.f64", dtype: "<f8" };
  change(json, place);
  writeFileSync(join(place, "case.json"), JSON.stringify(json, null, 2));
  return place;
}

const raw = rawCase("raw");
copyFileSync(join(raw, "times.f64"), join(folder, "x"));
const spoiled: Readonly<Record<string, string>> = {
  "a file of the folder above": rawCase("above", (json) => {
    json.input.times.file = "../x";
  }),
  "an absolute name": rawCase("absolute", (json) => {
    json.input.times.file = join(folder, "x");
  }),
  "the folder itself": rawCase("itself", (json) => {
    json.input.times.file = ".";
  }),
  "a link": rawCase("link", (json, place) => {
    json.input.times.file = "link";
    symlinkSync(join(folder, "x"), join(place, "link"));
  }),
  "a file that is not there": rawCase("nothing", (json) => {
    json.input.times.file = "nothing.f64";
  }),
  "a shape of another size": rawCase("size", (json) => {
    json.input.times.shape = [5];
  }),
  "an unknown type": rawCase("type", (json) => {
    json.input.times.dtype = "<f2";
  }),
};

describe.each(Object.entries(programs))("%s", (_, { there, args }) => {
  const [command, ...before] = args;
  const read = (place: string, file: string, ...wanted: string[]) =>
    run(command!, [...before, place, file, ...wanted]);
  const numbers = async (place: string, file: string, ...wanted: string[]) => {
    const { code, stdout, stderr } = await read(place, file, ...wanted);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => line.split(" "));
    expect(lines.map(([path]) => path)).toEqual(wanted);
    return lines.map(([, ...values]) => values.map(Number));
  };

  test.skipIf(!there)("reads a case with raw files and one without to the same numbers", async () => {
    expect(await numbers(plain, "case.json", ...paths)).toEqual(expected);
    expect(await numbers(raw, "case.json", ...paths)).toEqual(expected);
    expect((await loadCase(raw)).network).toEqual((await loadCase(plain)).network);
  });

  test.skipIf(!there)("skips a byte order mark", async () => {
    const place = await mkdtemp(join(folder, "mark"));
    writeFileSync(join(place, "case.json"), `\ufeff${JSON.stringify(written)}`);
    expect(await numbers(place, "case.json", ...paths)).toEqual(expected);
  });

  test.skipIf(!there)("reads every type to its last bit", async () => {
    const place = await mkdtemp(join(folder, "types"));
    const arrays = {
      f8: Float64Array.of(0.1, -(2 ** -1074), Number.MAX_VALUE),
      f4: Float32Array.of(0.1, -(2 ** -149), 3e38),
      i4: Int32Array.of(2 ** 24 + 1, -(2 ** 31), 2 ** 31 - 1),
    };
    const references = Object.entries(arrays).map(([type, values]) => {
      writeFileSync(join(place, type), values);
      return [type, { file: type, dtype: `<${type}`, shape: [3] }];
    });
    writeFileSync(join(place, "case.json"), JSON.stringify(Object.fromEntries(references)));
    const found = await numbers(place, "case.json", ...Object.keys(arrays));
    expect(found).toEqual(Object.values(arrays).map((values) => [...values]));
  });

  test.skipIf(!there).each(["NaN", "-Infinity"])("refuses JSON with %s", async (constant) => {
    const place = await mkdtemp(join(folder, "constant"));
    const json = JSON.stringify({ ...written, duration: "?" }).replace('"?"', constant);
    writeFileSync(join(place, "case.json"), json);
    const { code, stdout, stderr } = await read(place, "case.json", "input.times");
    expect(code).toBeGreaterThan(0);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/JSON/);
  });

  test.skipIf(!there)("reads what is known about a case", async () => {
    const { answer } = await readGolden(plain);
    const wanted = ["loss", "spikes.hidden.times", "gradients.projections[1].weight", "traces.times"];
    const { loss, spikes, gradients, traces } = answer!;
    expect(await numbers(plain, "golden.json", ...wanted)).toEqual([
      [loss],
      [...spikes.hidden!.times],
      [...gradients.get("projections[1].weight")!.values],
      [...traces!.times],
    ]);
  });

  test.skipIf(!there).each(Object.entries(spoiled))("refuses %s", async (_name, place) => {
    const { code, stdout, stderr } = await read(place, "case.json", "input.times");
    expect(code).toBeGreaterThan(0);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/plain name|link|bytes|as long as its shape|No such file|no such file|dtype/);
  });
});

describe("results", () => {
  const pythonResult = `
import sys
sys.path.insert(0, sys.argv[1])
import numpy as np, goldspike
goldspike.save_result(sys.argv[2], case="recurrence", backend="test", precision="f64", loss=np.float64(0.25),
    spikes={"hidden": {"times": np.arange(1500) / 8, "neurons": np.arange(1500) % 2}}, readout=[0.5, -1],
    gradients={"projections": [{"from": "input", "to": "hidden", "weight": np.array([[1.5], [np.nan]])}]})
`;
  const nodeResult = `
const { saveResult } = await import(process.argv[1] + "/goldspike.mjs");
const count = [...Array(1500).keys()];
saveResult(process.argv[2], { case: "recurrence", backend: "test", precision: "f64", loss: 0.25,
  spikes: { hidden: { times: Float64Array.from(count, (k) => k / 8), neurons: Int32Array.from(count, (k) => k % 2) } },
  readout: [0.5, -1],
  gradients: { projections: [
    { from: "input", to: "hidden", weight: [Float64Array.of(1.5), Float64Array.of(NaN)] }] } });
`;
  const pythonFormat = `
import sys
sys.path.insert(0, sys.argv[1])
import goldspike
goldspike.save_result(sys.argv[2], format="mine@2")
`;
  const nodeFormat = `
const { saveResult } = await import(process.argv[1] + "/goldspike.mjs");
saveResult(process.argv[2], { format: "mine@2" });
`;
  const done = { code: 0, stdout: "", stderr: "" };
  const node = [process.execPath, "--input-type=module", "-e"] as const;
  const writers = [
    [`goldspike.py ${withoutPython}`, python !== undefined, [python!, "-c"], pythonResult, pythonFormat],
    ["goldspike.mjs", true, node, nodeResult, nodeFormat],
  ] as const;
  describe.each(writers)("%s", (_, there, [command, ...args], someResult, otherFormat) => {
    test.skipIf(!there)("writes what the kit reads", async () => {
      const place = await mkdtemp(join(folder, "written"));
      expect(await run(command, [...args, someResult, readers, place])).toEqual(done);
      const result = await readResult(place, "recurrence");
      expect(result.unreadable.size + result.gradients.unreadable.size).toBe(0);
      expect(result.loss).toBe(0.25);
      expect([...result.readout!.values]).toEqual([0.5, -1]);
      const { times, neurons } = result.spikes.get("hidden")!;
      expect([times.length, times[1499], neurons[1499]]).toEqual([1500, 1499 / 8, 1]);
      expect(result.gradients.tensors.get("projections[0].weight")).toEqual({
        shape: [2, 1],
        values: Float64Array.of(1.5, Number.NaN),
      });
      expect((await readdir(place)).sort()).toEqual([
        "array0.f64",
        "array1.f64",
        "array2.f64",
        "result.json",
      ]);
    });

    test.skipIf(!there)("writes another format where one is named", async () => {
      const place = await mkdtemp(join(folder, "written"));
      expect(await run(command, [...args, otherFormat, readers, place])).toEqual(done);
      expect(JSON.parse(readFileSync(join(place, "result.json"), "utf8"))).toEqual({ format: "mine@2" });
    });
  });

  test.skipIf(compiler === undefined)("goldspike.h writes raw files that the kit reads", async () => {
    const place = await mkdtemp(join(folder, "written"));
    expect(await run(example, [plain, place])).toEqual(done);
    const { gradients } = await readResult(place, "recurrence");
    expect(gradients.unreadable.size).toBe(0);
    expect(gradients.tensors.get("projections[0].weight")).toEqual({
      shape: [2, 1],
      values: Float64Array.from(written.projections[0].weight.flat()),
    });
  });
});

describe.skipIf(python === undefined)(`serve of goldspike.py ${withoutPython}`, () => {
  test.each([
    [
      "in the backend itself",
      'def solve(case, result):\n    raise KeyError("lost")',
      "mine.py:3: KeyError: 'lost'",
    ],
    [
      "in a library that it calls: where it calls it",
      'import json\ndef parse(text):\n    return json.loads(text)\ndef solve(case, result):\n    parse("{")',
      "mine.py:4: JSONDecodeError: Expecting property name",
    ],
    [
      "of several lines",
      'def solve(case, result):\n    raise ValueError("first\\n  second")',
      "mine.py:3: ValueError: first second",
    ],
    ["without a word", "def solve(case, result):\n    assert False", "mine.py:3: AssertionError"],
  ])("says where an exception came from: %s", async (_, backend, message) => {
    const found = await failureOf(`from goldspike import serve\n${backend}\nserve(solve)\n`);
    expect(found.slice(0, message.length)).toBe(message);
    expect(found).not.toContain("\n");
  });
});
