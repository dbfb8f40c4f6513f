/** What a point's run may end with: a row that says why, or, where it is the machine's fault, the end of the worker. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { stringify } from "yaml";
import { ConfigError, KernelError } from "../../src/base/errors.ts";
import { cannotRead, cannotWrite, replaceFile } from "../../src/base/files.ts";
import { runPoint } from "../../src/study/runPoint.ts";
import { standingsOf } from "../../src/study/standing.ts";
import { prepareStudy, type StudyFolder, studyFor } from "../../src/study/studyFolder.ts";
import { work } from "../../src/study/work.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { tiny, withValidation } from "../support/training/tinyTraining.ts";

vi.mock("../../src/study/runPoint.ts", () => ({ runPoint: vi.fn() }));

afterEach(() => vi.resetAllMocks());

async function twoPoints(): Promise<StudyFolder> {
  const folder = temporaryFolder(onTestFinished);
  const file = join(folder, "study.yaml");
  await replaceFile(file, stringify({ base: tiny(withValidation), seeds: [1, 2] }));
  const study = await studyFor(join(folder, "study"), file);
  await prepareStudy(study);
  return study;
}

function worked(study: StudyFolder): Promise<string> {
  const options = { threads: 1, lease: 60, listener: {}, signal: new AbortController().signal } as const;
  return work(study, options);
}

test.each([
  [new RangeError("WebAssembly.Memory(): could not allocate memory\nat"), /^RangeError: .*memory$/],
  [new Error("a thread was lost"), /^Error: a thread was lost$/],
  [new KernelError("epoch 1: too many spikes"), /^epoch 1: too many spikes$/],
  [new ConfigError("somewhere: no such thing"), /^somewhere: no such thing$/],
])("a row: %s", async (error, line) => {
  const study = await twoPoints();
  vi.mocked(runPoint).mockRejectedValue(error);
  expect(await worked(study)).toBe("done");
  expect(await standingsOf(study, new Set())).toEqual(
    Array.from({ length: 2 }, () =>
      expect.objectContaining({ state: "failed", failure: expect.stringMatching(line) }),
    ),
  );
});

const full = Object.assign(new Error("ENOSPC: no space left on device, write"), {
  ...{ code: "ENOSPC", syscall: "write" },
});
test.each([
  ["a full disk", cannotWrite("run/metrics.jsonl", full)],
  ["a full disk that nobody has given a name to", full],
  ["a file that cannot be read", cannotRead("data.h5", full)],
])("the end of the worker, without a row: %s", async (_, error) => {
  const study = await twoPoints();
  vi.mocked(runPoint).mockRejectedValue(error);
  await expect(worked(study)).rejects.toThrow(error);
  expect((await standingsOf(study, new Set())).map(({ state }) => state)).toEqual(["waiting", "waiting"]);
  // Whoever comes next finds the point free.
  expect(await readdir(join(study.path, "claims"))).toEqual([]);
});
