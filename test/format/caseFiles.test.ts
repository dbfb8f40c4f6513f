/** Cases come from files, folders and raw arrays beside them; nothing outside the folder is read. */
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { ConfigError } from "../../src/base/errors.ts";
import { loadCase } from "../../src/format/loadCase.ts";
import { type SmallCase, smallCase } from "../support/networks/smallCase.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

let folder: string;
let file: string;

beforeEach(() => {
  folder = temporaryFolder(onTestFinished);
  file = join(folder, "case.json");
});

async function write(spoil: (problem: SmallCase) => void = () => {}): Promise<void> {
  const problem = smallCase();
  spoil(problem);
  await writeFile(file, JSON.stringify(problem));
}

async function complaintOf(path: string): Promise<string> {
  const error: unknown = await loadCase(path).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).message;
}

function setWeight(blob: unknown): (problem: SmallCase) => void {
  return (problem) => {
    problem.projections[0]!.weight = blob;
  };
}

describe("a case is read from", () => {
  test("a file", async () => {
    await write();
    expect((await loadCase(file)).name).toBe("small");
  });

  test("a folder with case.json", async () => {
    await write();
    expect((await loadCase(folder)).name).toBe("small");
  });

  test("a file that adds the expected values", async () => {
    await writeFile(file, JSON.stringify({ case: smallCase(), expected: { loss: 0.5 } }));
    expect((await loadCase(file)).name).toBe("small");
  });

  test("raw arrays of every type, which stand for any array", async () => {
    await writeFile(join(folder, "times.f8"), Float64Array.of(0.5, 0.5, 7.25, 8));
    await writeFile(join(folder, "sources.i4"), Int32Array.of(0, 2, 1, 0));
    await writeFile(join(folder, "weight.f4"), Float32Array.of(1, 2, 3, 4, 5, 0.1));
    await writeFile(join(folder, "tau.f8"), Float64Array.of(20, 21));
    await writeFile(join(folder, "delay.f8"), Float64Array.of(1, 2, 0.5, 3));
    await write((problem) => {
      Object.assign(problem.input, {
        times: { file: "times.f8", dtype: "<f8", shape: [4] },
        sources: { file: "sources.i4", dtype: "<i4", shape: [4] },
      });
      problem.projections[0]!.weight = { file: "weight.f4", dtype: "<f4", shape: [2, 3] };
      problem.projections[1]!.delay = { file: "delay.f8", dtype: "<f8", shape: [2, 2] };
      problem.populations[0]!.tau_mem = { file: "tau.f8", dtype: "<f8", shape: [2] };
    });
    const { input, network } = await loadCase(file);
    expect([...input.times]).toEqual([0.5, 0.5, 7.25, 8]);
    expect([...input.sources]).toEqual([0, 2, 1, 0]);
    expect([...network.projections[0]!.weight]).toEqual([1, 2, 3, 4, 5, Math.fround(0.1)]);
    expect(network.projections[1]!.delay).toEqual(Float64Array.of(1, 2, 0.5, 3));
    expect([...network.populations[0]!.tauMem]).toEqual([20, 21]);
  });
});

describe("a raw array is refused whose", () => {
  test.each(["../case.json", "sub/w.f8", "/etc/hostname", "..", ".", "sub\\w.f8", "", "w\u0000.f8"])(
    "name is %j, not plain",
    async (name) => {
      await write(setWeight({ file: name, dtype: "<f8", shape: [2, 3] }));
      expect(await complaintOf(file)).toBe(
        `${file}: projections[0].weight.file: expected the plain name of a file in the same folder, got ${JSON.stringify(name)}`,
      );
    },
  );

  test("file is a link out of the folder", async () => {
    const elsewhere = temporaryFolder(onTestFinished);
    await writeFile(join(elsewhere, "w.f8"), new Float64Array(6));
    await symlink(join(elsewhere, "w.f8"), join(folder, "w.f8"));
    await write(setWeight({ file: "w.f8", dtype: "<f8", shape: [2, 3] }));
    expect(await complaintOf(file)).toContain(
      "projections[0].weight.file: expected a file in the same folder (it leads",
    );
  });

  test("file is missing or a folder", async () => {
    await write(setWeight({ file: "w.f8", dtype: "<f8", shape: [2, 3] }));
    expect(await complaintOf(file)).toBe(
      `${file}: projections[0].weight.file: expected a file in the same folder (no such file or folder), got "w.f8"`,
    );
    await mkdir(join(folder, "w.f8"));
    expect(await complaintOf(file)).toContain("(it is a folder)");
  });

  test("file is shorter than its shape", async () => {
    await writeFile(join(folder, "w.f8"), new Float64Array(5));
    await write(setWeight({ file: "w.f8", dtype: "<f8", shape: [2, 3] }));
    expect(await complaintOf(file)).toBe(
      `${file}: projections[0].weight.file: expected a file of 48 bytes (6 values of <f8), found 40 bytes, got "w.f8"`,
    );
  });

  test("shape is not the expected one", async () => {
    await writeFile(join(folder, "w.f8"), new Float64Array(6));
    await write(setWeight({ file: "w.f8", dtype: "<f8", shape: [3, 2] }));
    expect(await complaintOf(file)).toBe(`${file}: projections[0].weight.shape: expected [2, 3], got [3, 2]`);
  });

  test("type is unknown", async () => {
    await write(setWeight({ file: "w.i8", dtype: "<i8", shape: [2, 3] }));
    expect(await complaintOf(file)).toContain('weight.dtype: expected "<f8" or "<f4" or "<i4", got "<i8"');
  });

  test("values are not all finite", async () => {
    await writeFile(join(folder, "w.f8"), Float64Array.of(0, 0, 0, 0, Number.NaN, 0));
    await write(setWeight({ file: "w.f8", dtype: "<f8", shape: [2, 3] }));
    expect(await complaintOf(file)).toBe(
      `${file}: projections[0].weight[1][1]: expected a finite number, got NaN`,
    );
  });
});

describe("one line says what is wrong with a file that is", () => {
  test("missing", async () => {
    expect(await complaintOf(file)).toBe(
      `${file}: expected a case file or a folder with case.json: no such file or folder`,
    );
    expect(await complaintOf(folder)).toContain("no such file or folder");
  });

  test("empty", async () => {
    await writeFile(file, "");
    expect(await complaintOf(file)).toBe(
      `${file}: line 1, column 1: expected a value, got the end of the file`,
    );
  });

  test("truncated anywhere", async () => {
    const text = JSON.stringify(smallCase(), null, 1);
    for (let length = 0; length < text.length; length += 7) {
      await writeFile(file, text.slice(0, length));
      expect(await complaintOf(file)).toMatch(
        /case\.json: line \d+, column \d+: [^\n]*expected [^\n]+, got [^\n]+$/,
      );
    }
  });

  test("not JSON, with the path of the value", async () => {
    await writeFile(file, '{\n  "input": { "times": [0.5, NaN] }\n}');
    expect(await complaintOf(file)).toBe(
      `${file}: line 2, column 29: input.times[1]: expected a value, got NaN`,
    );
    await writeFile(file, '{"a": 1,}');
    expect(await complaintOf(file)).toBe(`${file}: line 1, column 9: expected a key in double quotes, got }`);
    await writeFile(file, '{"note": "tab\there"}');
    expect(await complaintOf(file)).toBe(
      `${file}: line 1, column 10: note: expected a value, got a string without end or with a wrong escape`,
    );
  });
});
