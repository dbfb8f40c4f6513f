/** A folder for temporary files that cannot be removed: told in one line, with all verdicts given. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { runSuite } from "../../src/conformance/run/runSuite.ts";
import { bundledSuite, listSuite } from "../../src/conformance/suite/suite.ts";
import { conventions } from "../../src/conformance/twin/convention.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();

const removals = vi.hoisted((): string[] => []);
vi.mock("../../src/conformance/run/removal.ts", () => ({
  removeFolder: (path: string) => {
    removals.push(path);
    if (path.includes("goldspike-"))
      throw Object.assign(new Error("EPERM"), { code: "EPERM", syscall: "rm", path });
  },
}));

test.each([{}, { keep: folder }, { results: folder }])(
  "kept: %s",
  async (keeping: { readonly keep?: string; readonly results?: string }) => {
    const [place] = Object.keys(keeping);
    removals.length = 0;
    const entries = (await listSuite(bundledSuite)).filter(({ group }) => group === "smoke");
    const remarks: string[] = [];
    const verdicts = await runSuite(entries, {
      choice: { name: "T2", convention: conventions.euler, dt: 0.1, precision: "f64" },
      demand: { wanted: () => true },
      limits: { seconds: 10, bytes: 1e6 },
      command: process.execPath,
      args: ["-e", "process.exit(3)"],
      jobs: 2,
      ...keeping,
      onRemark: (line) => remarks.push(line),
    });
    expect(verdicts).toHaveLength(4);
    const message =
      place === undefined
        ? /^exit code 3$/
        : new RegExp(`: cannot be made ready: permission denied; remove it, or give another --${place}$`);
    for (const verdict of verdicts)
      expect(verdict).toMatchObject({ status: "error", message: expect.stringMatching(message) });
    for (const line of remarks) await rm(line.split(":")[0]!, { recursive: true });
    expect(remarks).toEqual(
      place !== "keep" ? [expect.stringMatching(/^\S+: cannot be removed: permission denied$/)] : [],
    );
    if (place === "results") {
      const own = removals.filter((path) => path.startsWith(folder));
      expect(own.sort()).toEqual(entries.map(({ group, name }) => join(folder, group, name)).sort());
    }
  },
);
