/** Seeded bugs are noticed: in implementations by the suite, in the kit by its tests. `node test/mutants/score.mjs` prints by which. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("../mutants/score.mjs", import.meta.url));

test.each([
  ["event", 43],
  ["step", 17],
  ["batch", 13],
  ["worker", 13],
  ["judging", 16],
  ["expected", 11],
])("every seeded bug is noticed, and what has none is not complained about: %s", async (kind, least) => {
  const { stdout } = await promisify(execFile)(process.execPath, [script, kind]);
  const [, killed, all] = /^(\d+) of (\d+) seeded bugs killed, 0 false alarms$/m.exec(stdout)!;
  expect(killed).toBe(all);
  expect(Number(all)).toBeGreaterThanOrEqual(least);
});
