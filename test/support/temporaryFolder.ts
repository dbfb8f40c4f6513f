/** A folder of its own in the system's one for temporary files, empty. */
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** It is removed by the given hook: after all tests of the file, or after the running one with `onTestFinished`. */
export function temporaryFolder(after: (remove: () => Promise<void>) => void = afterAll): string {
  const path = mkdtempSync(join(tmpdir(), "goldspike-"));
  after(() => rm(path, { recursive: true, force: true }));
  return path;
}
