/** A run that is stopped or dies at any point and goes on ends as one that was never stopped, to the last byte. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type RunFolder, readRunConfig, runFile } from "../../src/run/runFolder.ts";
import type { Listener } from "../../src/run/trainRun.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { traces, trainIn } from "../support/training/runFolders.ts";
import { everyState, hidden } from "../support/training/tinyTraining.ts";

const parent = temporaryFolder();

let folders = 0;
const newPath = () => join(parent, `run${folders++}`);

/** Stops a run at its n-th sign of life, counted from 1. */
function stopAt(n: number): { signal: AbortSignal; listener: Listener } {
  const stop = new AbortController();
  let signs = 0;
  const onBatch = () => {
    if (++signs === n) stop.abort();
  };
  return { signal: stop.signal, listener: { onBatch } };
}

const settings = {
  "everything at once": everyState,
  "no validation part, first spikes, lift_silent": {
    loss: { kind: "first_spike" },
    network: { ...hidden({ threshold: 2 }), weights: { hidden_output: { mean: 2, sd: 1 } } },
    regularization: { silent: { policy: "lift_silent", lift: 0.1 } },
    augmentation: [{ kind: "shift", channels: 2 }, { kind: "balance_classes" }],
  },
  "lift_all, shared counts": {
    regularization: {
      silent: { policy: "lift_all" },
      spike_count: { target: 1, upper: 0.1, lower: 0, counts: "trial" },
      global: { limit: 5, strength: 0.01 },
    },
    optimizer: { kind: "adam", learning_rate: 0.05, ease_in: { from: 0.5, factor: 1.1 } },
  },
};

describe.each(Object.entries(settings))("with %s", (_, changes) => {
  let whole: Awaited<ReturnType<typeof traces>>;
  let signs = 0;
  beforeAll(async () => {
    const path = newPath();
    await trainIn(path, changes, { listener: { onBatch: () => void signs++ } });
    whole = await traces(path);
  });

  test("a run stopped after any batch, of training or validation, ends the same", async () => {
    expect(signs).toBeGreaterThanOrEqual(6);
    for (let n = 1; n <= signs; n++) {
      const path = newPath();
      expect(await trainIn(path, changes, stopAt(n))).toBe("interrupted");
      await trainIn(path, changes, { resume: true });
      expect(await traces(path)).toEqual(whole);
    }
  });

  test("a run stopped again and again ends the same", async () => {
    const path = newPath();
    let end = await trainIn(path, changes, { signal: AbortSignal.abort() });
    for (let n = 1; end === "interrupted"; n = (n % 3) + 1) {
      end = await trainIn(path, changes, { resume: true, ...stopAt(n) });
    }
    expect(await traces(path)).toEqual(whole);
  });

  test("a run that dies between any two of its writes ends the same", async () => {
    for (let n = 1, died = true; died; n++) {
      const path = newPath();
      died = await trainIn(path, changes, { spoil: (folder) => dying(folder, n) }).then(
        () => false,
        (error: Error) => error.message === "died",
      );
      await trainIn(path, changes, { resume: true });
      expect(await traces(path)).toEqual(whole);
    }
  });
});

/** A folder in which the n-th write does not happen. */
function dying(folder: RunFolder, n: number): RunFolder {
  let writes = 0;
  const orDie = () => {
    if (++writes === n) throw new Error("died");
  };
  return Object.create(folder, {
    path: { value: folder.path },
    file: {
      value: (name: "best" | "last") => {
        orDie();
        return runFile(folder.path, name);
      },
    },
    appendMetrics: {
      value: (...line: Parameters<RunFolder["appendMetrics"]>) => {
        orDie();
        return folder.appendMetrics(...line);
      },
    },
  });
}

test("a finished run that goes on with more epochs equals one long run", async () => {
  const [long, short] = [newPath(), newPath()];
  await trainIn(long, { ...everyState, epochs: 5 });
  await trainIn(short, { ...everyState, epochs: 2 });
  expect(await trainIn(short, { ...everyState, epochs: 5 }, { resume: true })).toBe("epochs");
  const [one, other] = [await traces(long), await traces(short)];
  expect([other.last, other.metrics]).toEqual([one.last, one.metrics]);
});

test("a run that goes on keeps its new settings, and loses what told of its end", async () => {
  const path = newPath();
  await trainIn(path, { epochs: 1 });
  for (const file of ["result", "report"] as const) await writeFile(runFile(path, file), "old");
  await trainIn(path, { epochs: 3 }, { resume: true, ...stopAt(1) });
  expect((await readRunConfig(path)).epochs).toBe(3);
  expect((await readdir(path)).filter((name) => /result|report/.test(name))).toEqual([]);
});

test("a finished run that goes on with as many epochs does nothing", async () => {
  const path = newPath();
  await trainIn(path, {});
  const contents = async () =>
    Promise.all((await readdir(path)).map((name) => readFile(join(path, name), "base64")));
  const before = await contents();
  expect(await trainIn(path, {}, { resume: true })).toBe("epochs");
  expect(await contents()).toEqual(before);
});
