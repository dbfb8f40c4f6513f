/** Parameters on a floor that single precision cannot represent do not tell whether the run was ever stopped. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readCheckpoint } from "../../src/run/checkpoint.ts";
import { runFile } from "../../src/run/runFolder.ts";
import { trainRun } from "../../src/run/trainRun.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { traces, trainIn } from "../support/training/runFolders.ts";
import { hidden, parametersOf, trainerOf, withValidation } from "../support/training/tinyTraining.ts";

const parent = temporaryFolder();

const floors = { min_tau_mem: 19.9, min_tau_syn: 4.9, min_threshold: 0.95 };

/** Steps so long that they end on the floors. */
const changes = {
  ...withValidation,
  precision: "f32",
  network: hidden({ train: ["tau_mem", "tau_syn", "threshold"], ...floors }),
  optimizer: { kind: "adam", learning_rate: 0.3, groups: { "projections[0].weight": { rate_factor: 0.1 } } },
  epochs: 2,
};

const held: Record<string, number> = {
  "populations.hidden.tau_mem": 19.9,
  "populations.hidden.tau_syn": 4.9,
  "populations.hidden.threshold": 0.95,
};

describe("a run whose parameters lie on floors that f32 rounds", () => {
  test("ends the same, to the last byte, wherever it is stopped", async () => {
    const whole = join(parent, "whole");
    let signs = 0;
    await trainIn(whole, changes, { listener: { onBatch: () => void signs++ } });
    const traced = await traces(whole);
    // Which of them lie there when a run goes on.
    const reached = new Set<string>();
    for (let n = 1; n < signs; n++) {
      const path = join(parent, `stopped${n}`);
      const stop = new AbortController();
      let told = 0;
      const onBatch = () => void (++told === n && stop.abort());
      await trainIn(path, changes, { signal: stop.signal, listener: { onBatch } });
      const { tensors } = await readCheckpoint(runFile(path, "last"));
      for (const [name, floor] of Object.entries(held))
        if (tensors.get(name)!.data.includes(Math.fround(floor))) reached.add(name);
      await trainIn(path, changes, { resume: true });
      expect(await traces(path)).toEqual(traced);
    }
    expect([...reached].sort()).toEqual(Object.keys(held).sort());
  });

  test("holds what a checkpoint keeps", async () => {
    const trainer = await trainerOf(changes);
    const least: Record<string, number> = {};
    const onBatch = () => {
      for (const [name, values] of Object.entries(parametersOf(trainer))) {
        expect(values).toEqual(values.map(Math.fround));
        least[name] = Math.min(least[name] ?? Infinity, ...values);
      }
    };
    await trainRun(trainer, { listener: { onBatch } });
    for (const [name, floor] of Object.entries(held)) {
      expect(Math.fround(floor)).not.toBe(floor);
      expect([name, least[name]]).toEqual([name, Math.fround(floor)]);
    }
  });
});
