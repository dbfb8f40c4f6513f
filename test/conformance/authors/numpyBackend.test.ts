/** The backend that comes as an example: a time-stepped one in numpy, which agrees with its twin. */
import { cp, mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { loadBatch } from "../../../src/conformance/batch/batch.ts";
import { readBatchResult } from "../../../src/conformance/batch/batchResult.ts";
import { solveBatch, twinTrial } from "../../../src/conformance/batch/solveBatch.ts";
import { bundledSuite as suite } from "../../../src/conformance/suite/suite.ts";
import { type Convention, conventions } from "../../../src/conformance/twin/convention.ts";
import { solveTwin } from "../../../src/conformance/twin/twin.ts";
import { loadCase } from "../../../src/format/loadCase.ts";
import { readResult } from "../../../src/format/result.ts";
import { norm } from "../../../src/format/tensor.ts";
import { python, run, withoutPython } from "../../support/programs.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

const examples = fileURLToPath(new URL("../../../examples/numpy_backend", import.meta.url));
const plain = join(suite, "smoke", "recurrence");
const folder = temporaryFolder();

describe.skipIf(python === undefined)(`the backend in numpy ${withoutPython}`, () => {
  let count = 0;

  /** Relative Euclidean distances to the twin's gradients, loss and readout; the spikes must be the same. */
  async function distances(name: string, dt: number, convention: Convention, args: readonly string[]) {
    const place = join(folder, `result ${count++}`);
    await mkdir(place);
    const problem = await loadCase(join(suite, name));
    const found = await run(python!, [...args, "--dt", `${dt}`, join(suite, name), place]);
    expect(found).toEqual({ code: 0, stdout: "", stderr: "" });
    const result = await readResult(place, problem.name);
    const twin = await solveTwin(problem, { convention, dt });
    for (const [population, { times, neurons }] of Object.entries(twin.spikes)) {
      expect([...result.spikes.get(population)!.neurons]).toEqual([...neurons]);
      expect([...result.spikes.get(population)!.times]).toEqual([...times]);
    }
    const pairs: [ArrayLike<number>, ArrayLike<number>][] = [
      [[twin.loss], [result.loss!]],
      [twin.readout, result.readout!.values],
    ];
    for (const [k, gradient] of twin.projections.entries())
      for (const part of ["weight", "delay"] as const)
        pairs.push([gradient[part], result.gradients.tensors.get(`projections[${k}].${part}`)!.values]);
    return pairs.map(([a, b]) => {
      expect(b.length).toBe(a.length);
      return norm(Array.from(a, (x, k) => x - b[k]!)) / (norm(Array.from(a)) || 1);
    });
  }

  test.each([
    ["smoke/first-spikes", 0.1],
    ["smoke/hidden-spikes", 0.1],
    ["smoke/postsynaptic-potential", 0.1],
    ["smoke/recurrence", 1],
    ["core/recurrent-linear", 0.1],
    ["core/uniform-delay-sigmoid", 0.1],
    ["core/feed-forward-uniform-equal", 0.1],
    ["core/synapse-delays-uniform", 0.1],
    ["core/delayed-average-twice", 0.1],
    ["core/equal-taus-max", 0.1],
    ["core/first-spike-hyperbolic", 0.1],
    ["core/spike-time-mse", 0.1],
    ["core/two-layers-skip", 0.25],
    ["core/bias-above-threshold", 0.1],
  ] as const)("agrees with its twin: %s at %d ms", async (name, dt) => {
    const args = [join(examples, "backend.py")];
    for (const distance of await distances(name, dt, conventions.genn_eventprop, args))
      expect(distance).toBeLessThan(1e-10);
  });

  test.each(["smoke/recurrence", "core/equal-taus-max", "adversarial/reset-below-rest"])(
    "its switches are the twin's: %s",
    async (name) => {
      const convention: Convention = {
        ...conventions.genn_eventprop,
        readoutLooks: "after",
        zeroOut: false,
        scale: "declared",
        jump: "threshold_minus_reset",
      };
      const script = `
import sys
sys.path.insert(0, ${JSON.stringify(examples)})
import backend
backend.CLEAR_CURRENTS_BEFORE_LAST_STEP = backend.READOUT_SEES_START_OF_STEP = backend.SCALE_BY_READOUT = False
backend.JUMP_HEIGHT_LESS_RESET = True
sys.exit(backend.main())`;
      for (const distance of await distances(name, 0.1, convention, ["-c", script]))
        expect(distance).toBeLessThan(1e-10);
    },
  );

  async function refused(place: string, ...args: string[]) {
    const results = join(folder, `result ${count++}`);
    await mkdir(results);
    const { code, stdout, stderr } = await run(python!, [
      join(examples, "backend.py"),
      ...args,
      place,
      results,
    ]);
    expect(stdout).toBe("");
    expect(await readdir(results)).toEqual([]);
    return { code, stderr };
  }

  test.each([
    ["nan-weight", "case.json: expected JSON, which has no NaN"],
    ["infinite-weight", "projections[0].weight: expected finite numbers"],
    ["unsorted-input", "input.times: expected times that ascend"],
    ["input-at-the-end", "input.times: expected times in [0, 50)"],
    ["input-after-the-end", "input.times: expected times in [0, 50)"],
    ["started-above-threshold", "populations[0].v0: expected numbers below the threshold"],
    ["unknown-key", "populations[0].tau_membrane: unknown key"],
  ])("one line and exit code 2 for %s", async (name, line) => {
    expect(await refused(join(suite, "adversarial", name))).toEqual({ code: 2, stderr: `${line}\n` });
  });

  test("one line and exit code 2 for a raw file of another folder", async () => {
    const place = await mkdtemp(join(folder, "above"));
    const json = JSON.parse(await readFile(join(plain, "case.json"), "utf8"));
    json.input.times = { file: "../x", dtype: "<f8", shape: [4] };
    await writeFile(join(place, "case.json"), JSON.stringify(json));
    const { code, stderr } = await refused(place);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^case.json: file: expected the plain name .*\n$/);
  });

  test("one line and exit code 77 for more steps than it can keep", async () => {
    expect(await refused(plain, "--dt", "1e-7")).toEqual({
      code: 77,
      stderr: "500000000 steps of 4 neurons are more than fit into memory\n",
    });
  });

  test("one line and exit code 77 for a loss that it does not have", async () => {
    expect(await refused(join(suite, "adversarial", "linear-shared-times"))).toEqual({
      code: 77,
      stderr: "a loss that looks at several populations\n",
    });
  });

  test.each(["spikes-under-way", "sum-over-batch", "last-partial-batch", "descending-weights"])(
    "answers a batch as its twin: %s",
    async (name) => {
      const place = await mkdtemp(join(folder, "batch"));
      const batch = (await loadBatch(join(suite, "batch", name)))!;
      const args = [join(examples, "backend.py"), "--dt", "0.1", join(suite, "batch", name), place];
      expect(await run(python!, args)).toEqual({ code: 0, stdout: "", stderr: "" });
      const found = (await readBatchResult(place, name))!;
      const convention = conventions.genn_eventprop;
      const twin = await solveBatch(batch, twinTrial({ convention, dt: 0.1, precision: "f64" }));
      expect(found.batches).toHaveLength(twin.batches.length);
      for (const [b, { gradients }] of twin.batches.entries())
        for (const [tensor, { values }] of gradients.tensors) {
          const own = found.batches[b]!.gradients.tensors.get(tensor)!.values;
          const error = norm(values.map((value, k) => value - own[k]!));
          expect(error, tensor).toBeLessThanOrEqual(1e-10 * norm(values));
        }
      expect(found.trials.map(({ spikes }) => [...spikes.get("hidden")!.times])).toEqual(
        twin.trials.map(({ spikes }) => [...spikes.get("hidden")!.times]),
      );
    },
  );

  test("a batch.json that is none is one line and exit code 2", async () => {
    const place = await mkdtemp(join(folder, "bad-batch"));
    await cp(join(suite, "batch", "sum-over-batch"), place, { recursive: true });
    const json = JSON.parse(await readFile(join(place, "batch.json"), "utf8"));
    await writeFile(join(place, "batch.json"), JSON.stringify({ ...json, batch_size: 0 }));
    const { code, stderr } = await refused(place);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "batch.batch_size: expected an integer from 1 to 2147483648\n",
    });
  });
});
