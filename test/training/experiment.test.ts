/** What `input` makes of the data still has spikes to train with, and large files are announced. */
import { copyFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { loadExperiment } from "../../src/run/experiment.ts";
import { runConfigSchema } from "../../src/training/config/run.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { tiny } from "../support/training/tinyTraining.ts";

const config = (changes: Record<string, unknown>) => runConfigSchema.parse(tiny(changes));
const fixtures = fileURLToPath(new URL("../fixtures", import.meta.url));
const shd = { kind: "shd", folder: fixtures, train: "shd.h5", test: "shd_names.h5.gz", channels: 5 };

test.each([
  [{ kind: "yinyang", train: 8, test: 4 }, 30, 1e6],
  [shd, 1000, 1e6],
  // Until times are scaled, all are kept.
  [{ ...shd, train: "shd_late.h5.gz" }, 1, 0.5],
])("spikes of %j that a factor moves behind the trial are refused", async (dataset, duration, time_scale) => {
  await expect(loadExperiment(config({ dataset, duration, input: { time_scale } }))).rejects.toThrow(
    /^input\.time_scale: expected a factor that leaves spikes of .+ before duration, \d+ ms, got \d.*, which moves all \d+ behind it$/,
  );
});

test("a large file is announced on stderr before it is read, a small one not", async () => {
  const folder = temporaryFolder(onTestFinished);
  await copyFile(join(fixtures, "shd.h5"), join(folder, "large.h5"));
  await truncate(join(folder, "large.h5"), 10e6);
  const told = vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => told.mockRestore());
  await loadExperiment(config({ dataset: shd, duration: 1000 }));
  expect(told).not.toHaveBeenCalled();
  await loadExperiment(
    config({ dataset: { ...shd, folder, train: "large.h5", test: "large.h5" }, duration: 1000 }),
  );
  const line = `reading ${join(folder, "large.h5")}`;
  expect(told.mock.calls).toEqual([[line], [line]]);
});
