/** A run goes on, and ends, with what is its own: its checkpoints, its data, its epochs. */
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { KernelError } from "../../src/base/errors.ts";
import { version } from "../../src/base/version.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import { oneThread } from "../../src/engine/batch/threads.ts";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "../../src/run/checkpoint.ts";
import { loadExperiment } from "../../src/run/experiment.ts";
import { restoreLast, restoreSelected } from "../../src/run/restoreRun.ts";
import { type RunFile, RunFolder, runFile } from "../../src/run/runFolder.ts";
import { Trainer } from "../../src/training/trainer.ts";
import { refusalOf } from "../support/conformance/refusal.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { traces, trainIn } from "../support/training/runFolders.ts";
import { everyState, resolved } from "../support/training/tinyTraining.ts";

const parent = temporaryFolder();
let run: string;
beforeAll(async () => {
  run = join(parent, "run");
  await trainIn(run, everyState);
  await writeFile(runFile(run, "result"), "{}");
});

let copies = 0;
async function copied(): Promise<string> {
  const path = join(parent, `copy ${copies++}`);
  await cp(run, path, { recursive: true });
  return path;
}

async function contents(path: string): Promise<Record<string, string>> {
  const names = await readdir(path);
  const entries = names.map(async (name) => [name, await readFile(join(path, name), "base64")] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** What `restoreLast` says to a run in the folder; nothing in it may change. */
async function gone(path: string, changes: object = {}, spoil = (_: Dataset) => {}): Promise<string[]> {
  const { config, dataset } = await loadExperiment(resolved({ ...everyState, ...changes }));
  spoil(dataset);
  const trainer = await Trainer.create(config, dataset, oneThread);
  const before = await contents(path);
  const folder = await RunFolder.resume(path);
  try {
    return await restoreLast(trainer, folder);
  } finally {
    await folder.close();
    trainer.engine.close();
    expect(await contents(path)).toEqual(before);
  }
}

async function signed(path: string, file: RunFile, changes: object): Promise<void> {
  const checkpoint = await readCheckpoint(runFile(path, file));
  await writeCheckpoint(runFile(path, file), { ...checkpoint, ...changes } as Checkpoint);
}

describe("a run whose last.safetensors and the one before are missing", () => {
  const without = async (...files: RunFile[]) => {
    const path = await copied();
    for (const file of files) await rm(runFile(path, file));
    return path;
  };

  test.each<[string, RunFile[]]>([
    ["has lines of several epochs", ["last", "previous", "result"]],
    ["has a result", ["last", "previous", "metrics", "best"]],
    ["has a best epoch without its line", ["last", "previous", "metrics", "result"]],
  ])("and that %s is refused with what is left to do", async (_, files) => {
    const path = await without(...files);
    const evaluate = files.includes("best")
      ? ""
      : `best.safetensors is left (goldspike evaluate '${path}'), or `;
    expect(await refusalOf(gone(path))).toBe(
      `${path}/last.safetensors: is missing, without which the run cannot go on; ${evaluate}train anew with: goldspike ` +
        `train '${path}/config.yaml' -o ANOTHER`,
    );
  });

  test("after no more than its first epoch starts again, and ends the same", async () => {
    const path = await without("result");
    const text = await readFile(runFile(path, "metrics"), "utf8");
    for (const line of [`${text.split("\n")[0]}\n`, text.slice(0, 20)]) {
      await writeFile(runFile(path, "metrics"), line);
      for (const file of ["last", "previous"] as const) await rm(runFile(path, file));
      await trainIn(path, everyState, { resume: true });
      expect(await traces(path)).toEqual(await traces(run));
    }
  });
});

async function cutShort(path: string, file: RunFile): Promise<void> {
  const whole = await readFile(runFile(path, file));
  await writeFile(runFile(path, file), whole.subarray(0, whole.length - 9));
}

describe("a damaged last.safetensors", () => {
  const refusal =
    /last\.safetensors: is cut short: .*; best\.safetensors is left \(goldspike evaluate '.*'\), or train anew with: /;

  test("is refused with what is left to do where there is none before", async () => {
    const path = await copied();
    await cutShort(path, "last");
    await rm(runFile(path, "previous"));
    expect(await refusalOf(gone(path))).toMatch(refusal);
  });

  test("is refused with what is left to do where the one before is damaged as well", async () => {
    const path = await copied();
    await cutShort(path, "last");
    await cutShort(path, "previous");
    expect(await refusalOf(gone(path))).toMatch(refusal);
  });
});

describe("the checkpoint before the last", () => {
  const spoilt: [string, (path: string) => Promise<void>, RegExp][] = [
    ["is missing", (path) => rm(runFile(path, "last")), /last\.safetensors: is missing; /],
    ["is damaged", (path) => cutShort(path, "last"), /last\.safetensors: is cut short: .*; /],
  ];

  test.each(spoilt)(
    "is what a run goes on from where the last %s, and it ends the same",
    async (_, spoil, why) => {
      const path = await copied();
      await spoil(path);
      const [remark, ...more] = await gone(path);
      expect(more).toEqual([]);
      expect(remark).toMatch(/^warning: /);
      expect(remark).toMatch(why);
      expect(remark).toContain(`going on from the one before, ${runFile(path, "previous")}, after epoch 3`);
      await trainIn(path, everyState, { resume: true });
      expect(await traces(path)).toEqual(await traces(run));
      expect(await gone(path)).toEqual([]);
    },
  );

  test("does not give way to a damaged one", async () => {
    const path = await copied();
    await cutShort(path, "last");
    const stop = new AbortController();
    const listener = { onBatch: () => stop.abort() };
    await trainIn(path, everyState, { resume: true, listener, signal: stop.signal });
    for (const file of ["previous", "last"] as const) {
      const { epoch, batch } = await readCheckpoint(runFile(path, file));
      expect([file, epoch, batch]).toEqual([file, ...(file === "last" ? [4, 1] : [3, 0])]);
    }
  });
});

test("fewer epochs than are done are refused", async () => {
  expect(await refusalOf(gone(await copied(), { epochs: 3 }))).toBe(
    "--epochs: expected at least the 4 epochs that are done, got 3",
  );
});

describe("other data under the same settings are refused, naming the part:", () => {
  const spoils: Record<string, (dataset: Dataset) => void> = {
    train: ({ train }) => {
      train.times[7]! += 0.25;
    },
    validation: ({ validation }) => {
      validation!.sources[3]! ^= 1;
    },
    test: ({ test }) => {
      const { labels } = test!;
      labels[0] = (labels[0]! + 1) % 3;
    },
  };
  test.each(Object.entries(spoils))("%s", async (part, spoil) => {
    const path = await copied();
    const refusal = await refusalOf(gone(path, {}, spoil));
    expect(refusal).toMatch(
      new RegExp(`^yinyang seed \\d+: as ${part} part: expected \\d+ trials with \\d+ spikes`),
    );
    expect(refusal).toContain("--data");
  });

  test("and the same data are not", async () => {
    expect(await gone(await copied())).toEqual([]);
  });
});

describe("a checkpoint with a right digest", () => {
  type State = Checkpoint["progress"];
  test.each<[string, (progress: State, checkpoint: Checkpoint) => object, RegExp]>([
    [
      "of layers of other sizes",
      (progress) => ({ progress: { ...progress, tally: { ...progress.tally, counts: [[1, 2]] } } }),
      /progress\.tally\.counts: expected \[8\], got \[2\]$/,
    ],
    [
      "of other parameters",
      (progress) => ({ progress: { ...progress, adam: {} } }),
      /progress\.adam: expected \["pop/,
    ],
    [
      "of another epoch",
      (progress) => ({ progress: { ...progress, epoch: 9 } }),
      /progress\.epoch: expected 5, got 9$/,
    ],
    ["that contradicts itself", () => ({ epoch: 2 }), /: epoch: expected 4, got 2$/],
    [
      "whose history has a gap",
      (_, { history }) => ({ history: [history[0], ...history.slice(2)] }),
      /history\[1\]\.epoch: expected 2, got 3$/,
    ],
    [
      "whose history knows no validation",
      (_, { history }) => ({ history: history.map(({ validation, ...record }) => record) }),
      /history\[0\]: expected \["train", "validation"\], got \["train"\]$/,
    ],
  ])("%s is refused", async (_, changes, message) => {
    const path = await copied();
    const checkpoint = await readCheckpoint(runFile(path, "last"));
    await signed(path, "last", changes(checkpoint.progress, checkpoint));
    expect(await refusalOf(gone(path))).toMatch(message);
  });

  test("of another program goes on, with a warning", async () => {
    const path = await copied();
    await signed(path, "last", { version: "9.9.9" });
    const [line, ...more] = await gone(path);
    expect(more).toEqual([]);
    expect(line).toMatch(/^warning: .*last\.safetensors: goldspike 9\.9\.9 wrote it, this is .* other bits/);
    expect(line).toContain(version);
  });
});

describe("the end of a run", () => {
  async function ended(path: string): Promise<void> {
    const { config, dataset } = await loadExperiment(resolved(everyState));
    const trainer = await Trainer.create(config, dataset, oneThread);
    const folder = await RunFolder.resume(path);
    try {
      await restoreLast(trainer, folder);
      await restoreSelected(trainer, folder);
    } finally {
      await folder.close();
      trainer.engine.close();
    }
  }

  test("takes its own best.safetensors", async () => {
    await expect(ended(await copied())).resolves.toBeUndefined();
  });

  test("refuses one of another run or another epoch, and says what is left", async () => {
    const path = await copied();
    const { configuration, epoch } = await readCheckpoint(runFile(path, "best"));
    await signed(path, "best", { configuration: { ...configuration, seed: 7 } });
    expect(await refusalOf(ended(path))).toBe(
      `${path}/best.safetensors: seed: expected 1 as in the run, got 7; the parameters of the last epoch are left: ` +
        `goldspike evaluate '${path}' --checkpoint last`,
    );
    await signed(path, "best", { configuration, epoch: epoch + 1 });
    expect(await refusalOf(ended(path))).toContain(
      `best.safetensors: epoch: expected ${epoch}, which the run has selected, got ${epoch + 1}; `,
    );
  });
});

test("a run that goes on and fails before anything new leaves its end and its settings", async () => {
  const path = await copied();
  const before = await contents(path);
  const failing = trainIn(path, { ...everyState, epochs: 9, max_events: 1 }, { resume: true });
  await expect(failing).rejects.toThrow(KernelError);
  expect(await contents(path)).toEqual(before);
});
