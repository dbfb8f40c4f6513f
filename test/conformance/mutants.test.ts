/** The suite notices seeded bugs; `node test/mutants/score.mjs` prints which case notices which. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("../mutants/score.mjs", import.meta.url));

test("every seeded bug is noticed, and what has none is not complained about", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script]);
  const [, killed, all] = /^(\d+) of (\d+) seeded bugs killed, 0 false alarms$/m.exec(stdout)!;
  expect(killed).toBe(all);
  expect(Number(all)).toBeGreaterThanOrEqual(25);
});
