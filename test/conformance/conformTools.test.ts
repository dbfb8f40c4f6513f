/** `goldspike conform compare`, and the same comparison in a test. */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { expectGradientsToMatch } from "../../src/conformance/expectGradientsToMatch.ts";
import { bundledSuite } from "../../src/conformance/suite/suite.ts";
import { goldspike } from "../support/command.ts";
import { changedResults, type ResultJson } from "../support/conformance/changedResult.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();
const options = { cwd: folder };
const recurrence = join(bundledSuite, "smoke", "recurrence");

const changed = changedResults(folder);

beforeAll(async () => {
  await mkdir(join(folder, "good"));
  await goldspike(["conform", "backend", "engine", recurrence, "good"], options);
});

describe("compare", () => {
  test("two equal results differ nowhere", async () => {
    const run = await goldspike(["conform", "compare", "good", "good"], options);
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(
      run.stdout
        .trimEnd()
        .split("\n")
        .every((line) => line.includes("  pass")),
    ).toBe(true);
  });

  test("says what differs, and by how much", async () => {
    await changed("doubled", ({ gradients }) => {
      gradients.projections[1]!.weight = gradients.projections[1]!.weight.map((row) => row.map((x) => 2 * x));
    });
    const run = await goldspike(["conform", "compare", "good", "doubled"], options);
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(
      /^projections\[1\].weight +fail .* 100 % off: it is 2.00000 times the reference$/m,
    );
    expect(run.stdout).toMatch(/^projections\[0\].weight +pass/m);
  });

  test("compares gradients where neither result has a loss", async () => {
    const without = (factor: number) => (result: ResultJson) => {
      Object.assign(result, { loss: undefined });
      result.gradients.projections[0]!.weight[0]![0]! *= factor;
    };
    await changed("a", without(1));
    await changed("b", without(3));
    const run = await goldspike(["conform", "compare", "a", "b"], options);
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^projections\[0\].weight +fail/m);
  });

  test("shows odd names of a result as what they are", async () => {
    const name = "\u001b[2Jhid\u202eden";
    await changed("odd", ({ spikes }) => {
      Object.assign(spikes, { [name]: spikes.hidden });
    });
    const run = await goldspike(["conform", "compare", "good", "odd"], options);
    expect(run.stdout).toMatch(/^spikes\.\\u\{1b\}\[2Jhid\\u\{202e\}den +extra/m);
    await changed("odder", (result) => {
      Object.assign(result, { [name]: 1 });
    });
    const refused = await goldspike(["conform", "explain", recurrence, "odder"], options);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /^error: odder.result.json: [^\p{Cc}\p{Cf}]*unknown key[^\p{Cc}\p{Cf}]*\n$/u,
    );
  });

  test("names the folder without a result", async () => {
    const run = await goldspike(["conform", "compare", "good", "."], options);
    expect(run).toMatchObject({
      code: 2,
      stderr: "error: result.json: cannot be read: no such file or folder\n",
    });
  });
});

describe("expectGradientsToMatch", () => {
  const good = async () => JSON.parse(await readFile(join(folder, "good", "result.json"), "utf8"));

  test("takes a result as an object or as a folder", async () => {
    await expectGradientsToMatch(recurrence, await good(), { name: "T1" });
    await expectGradientsToMatch(recurrence, join(folder, "good"), { name: "T0" });
  });

  test("takes a class by its name alone, and typed arrays", async () => {
    const { gradients, ...result } = await good();
    const readout = Float64Array.from(result.readout);
    await expectGradientsToMatch(recurrence, { ...result, gradients, readout }, "T2");
    await expect(expectGradientsToMatch(recurrence, result, "T9" as "T1")).rejects.toThrow(
      'class: expected one of T0, T1, T2, T3, T4, T5, got "T9"',
    );
  });

  test("throws a line for every part that is wrong, and only for those that are looked at", async () => {
    const result = await good();
    result.gradients.projections[0].weight[0][0] *= 1.01;
    result.gradients.projections[2].delay[0][0] += 1;
    await expect(expectGradientsToMatch(recurrence, result, { name: "T3" })).rejects.toThrow(
      /^recurrence is not as class T3 asks:\n {2}projections\[0\].weight: .*\n {2}projections\[2\].delay: .*$/,
    );
    await expect(
      expectGradientsToMatch(recurrence, result, { name: "T3", tensors: ["tau", "bias"] }),
    ).resolves.toBeUndefined();
  });

  test("takes a batch", async () => {
    const batch = join(bundledSuite, "batch", "sum-over-batch");
    const place = join(folder, "batch");
    await mkdir(place);
    await goldspike(["conform", "backend", "engine", batch, place], options);
    await expectGradientsToMatch(batch, place, { name: "T1" });
    const json = JSON.parse(await readFile(join(place, "result.json"), "utf8"));
    json.batches[0].gradients.projections[0].weight[0][0] *= 1.01;
    await expect(expectGradientsToMatch(batch, json, { name: "T3" })).rejects.toThrow(
      /^sum-over-batch is not as class T3 asks:\n {2}batches\[0\].projections\[0\].weight: [^\n]*$/,
    );
  });
});
