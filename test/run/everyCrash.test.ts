/** Runs that are killed at any file operation of a start or a resume: `bench/kills.mjs` tries random moments too. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const bench = fileURLToPath(new URL("../../bench/kills.mjs", import.meta.url));

/** A minute and a half on two cores; more where others work too. */
const patience = 3_600_000;

test(
  "a crash at any file operation of a start or a resume needs no hand and changes no bit",
  async () => {
    const printed = await new Promise<string>((resolve) => {
      execFile(process.execPath, [bench, "--every"], (error, stdout, stderr) => {
        resolve(`${error ? `exit code ${error.code}\n` : ""}${stdout}${stderr}`);
      });
    });
    // Names of columns, and rows: runs, kills, runs that ended with the same bits, and those that needed a hand.
    const [, ...rows] = printed.trimEnd().split("\n");
    expect(
      rows.map((row) => row.split(/ +/)[0]),
      printed,
    ).toEqual(["start", "resume", "restart", "mend"]);
    for (const row of rows) {
      const [name, runs, kills, same, hands] = row.split(/ +/);
      expect({ name, same, hands }, printed).toEqual({ name, same: runs, hands: "0" });
      expect(Number(kills)).toBeGreaterThanOrEqual(Number(runs));
      expect(Number(runs)).toBeGreaterThan(name === "mend" || name === "restart" ? 4 : 40);
    }
  },
  patience,
);
