/** A folder for temporary files that cannot be removed: told in one line, with all verdicts given. */
import { rm } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { runSuite } from "../../src/conformance/run/runSuite.ts";
import { bundledSuite, listSuite } from "../../src/conformance/suite/suite.ts";
import { conventions } from "../../src/conformance/twin/convention.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();

vi.mock("../../src/conformance/run/removal.ts", () => ({
  removeFolder: (path: string) => {
    if (path.includes("goldspike-"))
      throw Object.assign(new Error("EPERM"), { code: "EPERM", syscall: "rm", path });
  },
}));

test.each([undefined, folder])("kept: %s", async (keep) => {
  const entries = (await listSuite(bundledSuite)).filter(({ group }) => group === "smoke");
  const remarks: string[] = [];
  const verdicts = await runSuite(entries, {
    choice: { name: "T2", convention: conventions.euler, dt: 0.1, precision: "f64" },
    demand: { wanted: () => true },
    limits: { seconds: 10, bytes: 1e6 },
    command: process.execPath,
    args: ["-e", "process.exit(3)"],
    jobs: 2,
    keep,
    onRemark: (line) => remarks.push(line),
  });
  expect(verdicts).toHaveLength(4);
  const message =
    keep === undefined ? /^exit code 3$/ : /: cannot be made ready: .*; remove it, or give another --keep$/;
  for (const verdict of verdicts)
    expect(verdict).toMatchObject({ status: "error", message: expect.stringMatching(message) });
  for (const line of remarks) await rm(line.split(":")[0]!, { recursive: true });
  expect(remarks).toEqual(
    keep === undefined ? [expect.stringMatching(/^\S+: cannot be removed: permission denied$/)] : [],
  );
});
