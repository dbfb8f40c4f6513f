/** Checkpoints alone: of runs and of programs' own networks; whole and signed, but with values that no run can have. */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readCheckpoint, writeCheckpoint } from "../../src/run/checkpoint.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/run/safetensors.ts";
import { runConfigSchema } from "../../src/training/config/run.ts";
import { configuredTraining, saveCheckpoint } from "../../src/training.ts";
import { verify } from "../../src/verify/verify.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { points, smallTraining } from "../support/training/ownTrainings.ts";
import { trainIn } from "../support/training/runFolders.ts";
import { everyState, tiny } from "../support/training/tinyTraining.ts";

const folder = temporaryFolder();
const path = join(folder, "last.safetensors");

async function told(file = path): Promise<string> {
  for await (const { state, message } of (await verify(file)).findings) return `${state}: ${message}`;
  return "nothing";
}

test("of a program's own network", async () => {
  const training = await smallTraining();
  await training.epoch();
  await saveCheckpoint(training, path);
  expect(await told()).toBe("ok: of a program's own network, 1 epoch");
  const { metadata, tensors } = decodeSafetensors(await readFile(path), path);
  [...tensors.values()][0]!.data[0] = Number.NaN;
  const { sha256: _, ...rest } = metadata;
  const hash = createHash("sha256");
  for (const piece of encodeSafetensors({ metadata: rest, tensors })) hash.update(piece);
  const signed = { ...rest, sha256: hash.digest("hex") };
  await writeFile(
    path,
    Buffer.concat(encodeSafetensors({ metadata: signed, tensors }).map((piece) => Buffer.from(piece))),
  );
  expect(await told()).toMatch(/^damaged: .*: expected finite numbers, got others$/);
});

test("of a configuration that a program has trained with data of other channels", async () => {
  const settings = tiny({ dataset: { kind: "shd", folder, train: "a.h5", test: "b.h5" } });
  const training = await configuredTraining(runConfigSchema.parse(settings), points);
  await training.epoch();
  await saveCheckpoint(training, path);
  expect(await told()).toBe("ok: after epoch 1");
});

test.each([
  ["populations.hidden.tau_mem", -20, "populations.hidden.tau_mem: entry 0: expected a number from "],
  ["projections[0].weight", Number.NaN, "projections[0].weight: entry 0: expected a finite number, got NaN"],
  ["projections[0].weight.v", -1, "projections[0].weight.v: entry 0: expected a finite number ≥ 0, got -1"],
])("signed anew with %s = %f", async (name, value, message) => {
  const run = join(folder, "run");
  await trainIn(join(run, name), everyState);
  const file = join(run, name, "last.safetensors");
  expect(await told(file)).toBe("ok: after epoch 4");
  const checkpoint = await readCheckpoint(file);
  checkpoint.tensors.get(name)!.data[0] = value;
  await writeCheckpoint(file, checkpoint);
  expect(await told(file)).toContain(`damaged: ${message}`);
});

test("with a history that no run can have", async () => {
  const run = join(folder, "history");
  await trainIn(run, {});
  const file = join(run, "last.safetensors");
  const checkpoint = await readCheckpoint(file);
  const history = checkpoint.history.map((record) => ({
    ...record,
    train: { ...record.train, accuracy: 2 },
  }));
  await writeCheckpoint(file, { ...checkpoint, history });
  expect(await told(file)).toContain(
    "damaged: history[0].train.accuracy: expected a number from 0 to 1, got 2",
  );
});
