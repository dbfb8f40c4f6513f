/** `goldspike conform export`: the suite's numbers as numpy reads them. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { beforeAll, describe, expect, test } from "vitest";
import { readGolden } from "../../src/conformance/suite/golden.ts";
import { bundledSuite, listSuite } from "../../src/conformance/suite/suite.ts";
import { goldspike } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();
const entries = await listSuite(bundledSuite);

beforeAll(async () => {
  const run = await goldspike(["conform", "export", "out"], { cwd: folder });
  expect(run).toMatchObject({ code: 0, stdout: `cases=${entries.length} folder=out\n`, stderr: "" });
});

/** As numpy's own description of the format has it. */
async function load(path: string): Promise<Map<string, { shape: number[]; values: Float64Array }>> {
  const files = unzipSync(await readFile(join(folder, "out", path)));
  return new Map(
    Object.entries(files).map(([name, bytes]) => {
      expect(Array.from(bytes.subarray(0, 8))).toEqual([0x93, 78, 85, 77, 80, 89, 1, 0]);
      const length = bytes[8]! + 256 * bytes[9]!;
      expect((10 + length) % 64).toBe(0);
      const header = Buffer.from(bytes.subarray(10, 10 + length)).toString("latin1");
      const [, tuple] = /^\{'descr': '<f8', 'fortran_order': False, 'shape': \(([\d, ]*)\), \} *\n$/.exec(
        header,
      )!;
      const shape = tuple!
        .split(",")
        .filter((text) => text.trim() !== "")
        .map(Number);
      return [
        name.replace(/\.npy$/, ""),
        { shape, values: new Float64Array(bytes.slice(10 + length).buffer) },
      ];
    }),
  );
}

describe("export", () => {
  test.each(["smoke/recurrence", "core/spike-time-mse", "scale/spoken-word"])(
    "%s: all numbers",
    async (name) => {
      const { answer } = await readGolden(join(bundledSuite, name));
      const arrays = await load(`${name}/golden.npz`);
      expect(arrays.get("loss")).toEqual({ shape: [], values: Float64Array.of(answer!.loss!) });
      expect(arrays.get(`spikes.${Object.keys(answer!.spikes)[0]}.times`)!.values).toEqual(
        Object.values(answer!.spikes)[0]!.times,
      );
      const weight = answer!.gradients.get("projections[0].weight")!;
      expect(arrays.get("gradients.projections[0].weight")).toEqual({
        shape: [...weight.shape],
        values: weight.values,
      });
      expect((await load(`${name}/case.npz`)).has("projections[0].weight")).toBe(true);
    },
  );

  test("leaves what must be refused as it is", async () => {
    await expect(readFile(join(folder, "out", "adversarial", "nan-weight", "case.npz"))).rejects.toThrow(
      /ENOENT/,
    );
    expect(await readFile(join(folder, "out", "adversarial", "nan-weight", "case.json"), "utf8")).toContain(
      "NaN",
    );
  });
});
