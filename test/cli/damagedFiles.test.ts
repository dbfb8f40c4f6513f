/** Damaged files of every kind that the commands read: `bench/damaged.mjs` tries hundreds, here some of each. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const bench = fileURLToPath(new URL("../../bench/damaged.mjs", import.meta.url));

/** Some ten seconds; more where others work too. */
const patience = 900_000;

test.each(["h5", "h5.gz", "wav", "json", "yaml", "csv", "nir", "npz", "safetensors"])(
  "20 of %s end in time, in bounded memory and with one line",
  async (kind) => {
    const printed = await new Promise<string>((resolve) => {
      execFile(
        process.execPath,
        [bench, "--kind", kind, "--count", "20", "--seed", "7", "--seconds", "100"],
        (error, stdout, stderr) => {
          resolve(`${error ? `exit code ${error.code}\n` : ""}${stdout}${stderr}`);
        },
      );
    });
    // Names of columns, and a row: 20 files, refused and read, seconds, MiB, no violation.
    const [, row = ""] = printed.trimEnd().split("\n");
    expect(row, printed).toMatch(
      new RegExp(`^${kind.replace(".", "\\.")} +20 +\\d+ +\\d+ +[\\d.]+ +\\d+ +0$`),
    );
  },
  patience,
);
