/** A checkpoint gives back the whole state bit by bit, notices damage, and is never half written. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { ConfigError } from "../../src/base/errors.ts";
import { replaceFile } from "../../src/base/files.ts";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "../../src/run/checkpoint.ts";
import { requireCompatible } from "../../src/run/compatible.ts";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "../../src/run/safetensors.ts";
import { resolveRun } from "../../src/training/config/resolve.ts";
import { runConfigSchema } from "../../src/training/config/run.ts";
import { refusalOf } from "../support/conformance/refusal.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();
let path: string;
beforeAll(async () => {
  path = join(folder, "last.safetensors");
});

const configuration = resolveRun(
  runConfigSchema.parse({
    dataset: { kind: "yinyang" },
    duration: 30,
    network: { hidden: [{ size: 2, train: ["tau_mem"] }] },
    epochs: 9,
  }),
  false,
);

const checkpoint: Checkpoint = {
  version: "0.1.0",
  configuration,
  classes: ["yin", "yang", "dot ·"],
  epoch: 3,
  batch: 17,
  history: [
    {
      epoch: 1,
      learningRate: 0.1 + 0.2,
      train: { trials: 9, loss: 1 / 3, accuracy: 5e-324 },
      hiddenSpikes: 1.5,
      silentNeurons: 0,
    },
  ],
  data: {
    train: { trials: 9, spikes: 45, sha256: "0a" },
    test: { trials: 2, spikes: 10, sha256: "1b" },
  },
  progress: {
    epoch: 3,
    batch: 17,
    schedule: { rate: 1e-3 / 3, ease: 1, fast: 0.1 + 0.7, slow: 0, lastDrop: 0 },
    adam: { "projections[0].weight": { beta1: 0.9 ** 20, beta2: 0.999 ** 20 } },
    selected: { epoch: 1, accuracy: 5e-324 },
    tally: { trials: 4, loss: Math.PI, correct: 1, counts: [[3, 0]] },
  },
  tensors: new Map<string, Tensor>([
    [
      "projections[0].weight",
      { dtype: "F32", shape: [2, 4], data: new Float32Array([1, -0, NaN, 1e-45, 5, 6, 7, 8]) },
    ],
    ["populations.hidden.tau_mem", { dtype: "F64", shape: [2], data: new Float64Array([1 / 3, 20]) }],
    ["adam.step", { dtype: "U32", shape: [], data: new Uint32Array([4e9]) }],
  ]),
};

async function refusal(of: Promise<unknown>): Promise<string> {
  return (await refusalOf(of)).replace(folder, "run");
}

describe("a checkpoint", () => {
  test("comes back as it was", async () => {
    await writeCheckpoint(path, checkpoint);
    expect(await readCheckpoint(path)).toEqual(checkpoint);
  });

  test("is the same bytes for the same state", async () => {
    await writeCheckpoint(path, checkpoint);
    const first = await readFile(path);
    const tensors = new Map([...checkpoint.tensors].reverse());
    await writeCheckpoint(path, { ...(await readCheckpoint(path)), tensors });
    expect(await readFile(path)).toEqual(first);
  });

  test("may hold tensors in memory that threads share", async () => {
    const data = new Float64Array(new SharedArrayBuffer(24), 8, 2);
    data.set([3, 4]);
    const tensors = new Map<string, Tensor>([["w", { dtype: "F64", shape: [2], data }]]);
    await writeCheckpoint(path, { ...checkpoint, tensors });
    expect((await readCheckpoint(path)).tensors.get("w")!.data).toEqual(Float64Array.of(3, 4));
  });

  test("refuses a state that JSON cannot hold", async () => {
    const { progress } = checkpoint;
    const tally = { ...progress.tally, loss: NaN };
    await expect(writeCheckpoint(path, { ...checkpoint, progress: { ...progress, tally } })).rejects.toThrow(
      "loss is NaN",
    );
  });
});

describe("a file that", () => {
  test("was changed in any byte is refused in one line", async () => {
    await writeCheckpoint(path, checkpoint);
    const whole = await readFile(path);
    for (let at = 0; at < whole.length; at += 7) {
      // Blanks after the header may be anything that JSON skips.
      if (whole[at] === 0x20) continue;
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 1;
      await writeFile(path, damaged);
      expect(await refusal(readCheckpoint(path))).toMatch(/^run\/last\.safetensors: /);
    }
  });

  test("was cut is refused in one line", async () => {
    await writeCheckpoint(path, checkpoint);
    const whole = await readFile(path);
    for (const length of [0, 5, 100, whole.length - 1]) {
      await writeFile(path, whole.subarray(0, length));
      // Too short to tell what it was.
      const told =
        length < 8 ? /^run\/last\.safetensors: / : /^run\/last\.safetensors: is cut short: expected /;
      expect(await refusal(readCheckpoint(path))).toMatch(told);
    }
  });

  test("is missing, is no checkpoint or one of another format is refused by name", async () => {
    expect(await refusal(readCheckpoint(join(folder, "none")))).toBe(
      "run/none: cannot be read: no such file or folder",
    );
    await writeFile(path, Buffer.concat(encodeSafetensors({ metadata: {}, tensors: new Map() })));
    expect(await refusal(readCheckpoint(path))).toContain(
      "expected a checkpoint of format goldspike/checkpoint@3",
    );
    await writeFile(
      path,
      Buffer.concat(encodeSafetensors({ metadata: { format: "x@2" }, tensors: new Map() })),
    );
    expect(await refusal(readCheckpoint(path))).toContain("got x@2");
  });

  test.each<[string, object, string]>([
    [
      "a history of other things",
      { history: [{}] },
      "history[0].epoch: expected a finite number, got nothing",
    ],
    [
      "a history with a field more",
      { history: [{ ...checkpoint.history[0], more: 1 }] },
      "history[0].more: unknown key (expected one of epoch, learningRate, train, ",
    ],
    ["no progress", { progress: null }, "progress: expected an object, got null"],
    ["empty progress", { progress: {} }, "progress.epoch: expected a finite number, got nothing"],
    [
      "progress without a schedule",
      { progress: { ...checkpoint.progress, schedule: "fast" } },
      'progress.schedule: expected an object, got "fast"',
    ],
    ["no word about its data", { data: {} }, "data.train: expected an object, got nothing"],
  ])("has %s is refused although its digest is right", async (_, changes, expected) => {
    await writeCheckpoint(path, { ...checkpoint, ...changes } as Checkpoint);
    expect(await refusal(readCheckpoint(path))).toContain(`run/last.safetensors: ${expected}`);
  });

  test("has no digest is refused", async () => {
    await writeCheckpoint(path, checkpoint);
    const { metadata, tensors } = decodeSafetensors(await readFile(path), path);
    const { sha256: _, ...rest } = metadata;
    await writeFile(path, Buffer.concat(encodeSafetensors({ metadata: rest, tensors })));
    expect(await refusal(readCheckpoint(path))).toBe(
      "run/last.safetensors: expected a checkpoint with its SHA-256, got one without",
    );
  });

  test("has a tensor more than its digest knows is refused", async () => {
    await writeCheckpoint(path, checkpoint);
    const { metadata, tensors } = decodeSafetensors(await readFile(path), path);
    const more = new Map(tensors).set("more", { dtype: "U8", shape: [0], data: new Uint8Array(0) });
    await writeFile(path, Buffer.concat(encodeSafetensors({ metadata, tensors: more })));
    expect(await refusal(readCheckpoint(path))).toMatch(
      /is damaged: expected SHA-256 [0-9a-f]{64}, got [0-9a-f]{64}$/,
    );
  });
});

describe("writing", () => {
  test("that fails half way leaves the old file and nothing else", async () => {
    await writeCheckpoint(path, checkpoint);
    const before = [await readFile(path), await readdir(folder)];
    function* pieces() {
      yield new Uint8Array(1e6);
      throw Object.assign(new Error("ENOSPC: no space left on device, write\nat"), { code: "ENOSPC" });
    }
    expect(await refusal(replaceFile(path, pieces()))).toBe(
      "run/last.safetensors: cannot be written: no space is left",
    );
    expect([await readFile(path), await readdir(folder)]).toEqual(before);
  });

  test("into a folder that is missing is one line", async () => {
    expect(await refusal(writeCheckpoint(join(folder, "no", "x"), checkpoint))).toBe(
      "run/no/x: cannot be written: no such file or folder",
    );
  });
});

describe("a checkpoint and the run that is to go on with it", () => {
  const { tensors, classes } = checkpoint;
  const refused = (changes: Partial<Parameters<typeof requireCompatible>[2]>) => () =>
    requireCompatible("last", checkpoint, { configuration, classes, tensors, ...changes });

  test("fit if they are the same, or differ in what changes no batch", () => {
    expect(refused({})).not.toThrow();
    const longer = {
      ...configuration,
      epochs: 99,
      threads: 3,
      max_events: 7,
      stopping: { of: "train" as const, patience: 2 },
    };
    expect(refused({ configuration: longer })).not.toThrow();
  });

  const layer = { ...configuration.network.hidden[0]!, size: 3 };
  const weight = tensors.get("projections[0].weight")!;
  test.each<[string, Parameters<typeof refused>[0], string]>([
    [
      "sizes",
      { configuration: { ...configuration, network: { ...configuration.network, hidden: [layer] } } },
      "last: network.hidden[0].size: expected 3 as in the run, got 2",
    ],
    [
      "layers",
      { configuration: { ...configuration, network: { ...configuration.network, hidden: [layer, layer] } } },
      "last: network.hidden[0].size",
    ],
    [
      "precision",
      { configuration: { ...configuration, precision: "f64" } },
      'last: precision: expected "f64" as in the run, got "f32"',
    ],
    ["seed", { configuration: { ...configuration, seed: 2 } }, "last: seed: expected 2 as in the run, got 1"],
    [
      "a setting that only one has",
      {
        configuration: {
          ...configuration,
          regularization: { ...configuration.regularization, global: { limit: 1, strength: 1 } },
        },
      },
      'last: regularization.global: expected an object with keys "limit", "strength" as in the run, got nothing',
    ],
    [
      "classes",
      { classes: ["yin", "yang", "eye"] },
      'last: classes[2]: expected "eye" as in the run, got "dot ·"',
    ],
    [
      "the number of classes",
      { classes: ["yin"] },
      'last: classes[1]: expected nothing as in the run, got "yang"',
    ],
    [
      "a shape",
      { tensors: new Map(tensors).set("projections[0].weight", { ...weight, shape: [4, 2] }) },
      "last: projections[0].weight: expected F32 [4, 2], got F32 [2, 4]",
    ],
    [
      "a type",
      { tensors: new Map(tensors).set("projections[0].weight", { ...weight, dtype: "F64" }) },
      "expected F64 [2, 4], got F32 [2, 4]",
    ],
    [
      "a missing tensor",
      { tensors: new Map(tensors).set("x.weight", weight) },
      "last: x.weight: expected F32 [2, 4], got nothing",
    ],
    [
      "a tensor too many",
      { tensors: new Map([...tensors].slice(1)) },
      "last: projections[0].weight: expected nothing, got F32 [2, 4]",
    ],
  ])("do not fit if they differ in %s", (_, changes, expected) => {
    expect(refused(changes)).toThrow(ConfigError);
    expect(refused(changes)).toThrow(expected);
  });
});
