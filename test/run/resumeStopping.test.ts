/** A run that goes on with other rules for its end stops where one that always had them stops. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { readCheckpoint } from "../../src/run/checkpoint.ts";
import { runFile } from "../../src/run/runFolder.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { traces, trainIn } from "../support/training/runFolders.ts";
import { withValidation } from "../support/training/tinyTraining.ts";

const parent = temporaryFolder();

let folders = 0;
const newPath = () => join(parent, `run${folders++}`);

const settings = (stopping: object, epochs: number) => ({ ...withValidation, stopping, epochs });

/** Epochs after which the run has stopped by itself. */
async function endOf(path: string): Promise<number> {
  return (await readCheckpoint(runFile(path, "last"))).history.length;
}

test.each([
  ["of the training trials, with patience", { of: "train", patience: 3 }],
  ["of the validation part, with patience", { of: "validation", patience: 4 }],
  ["of the training trials, when it is high enough", { of: "train", at_accuracy: 0.6 }],
])("by the accuracy %s", async (_, stopping) => {
  const whole = newPath();
  const end = await trainIn(whole, settings(stopping, 60));
  expect(end).toBe("patience" in stopping ? "patience" : "at_accuracy");
  const epochs = await endOf(whole);
  expect(epochs).toBeGreaterThan(3);
  const traced = await traces(whole);
  // Whatever they were before, and as late as can be.
  for (const first of [{}, { of: "validation", patience: 59 }, { of: "train", at_accuracy: 1 }]) {
    const path = newPath();
    expect(await trainIn(path, settings(first, epochs - 1))).toBe("epochs");
    expect(await trainIn(path, settings(stopping, 60), { resume: true })).toBe(end);
    expect(await endOf(path)).toBe(epochs);
    const { last, metrics } = await traces(path);
    expect({ last, metrics }).toEqual({ last: traced.last, metrics: traced.metrics });
  }
});

test("by less patience than it has already had, at once and with nothing changed", async () => {
  const path = newPath();
  await trainIn(path, settings({ of: "train", patience: 4 }, 60));
  const epochs = await endOf(path);
  expect(await trainIn(path, settings({ of: "train", patience: 2 }, 60), { resume: true })).toBe("patience");
  expect(await endOf(path)).toBe(epochs);
});
