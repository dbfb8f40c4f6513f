/** Checkpoints that Bun writes are those that Node writes. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { main } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const bun = process.env["GOLDSPIKE_BUN"] ?? "bun";
const isThere = spawnSync(bun, ["--version"]).status === 0;
const folder = temporaryFolder();
const yinyang = fileURLToPath(new URL("../../configs/yinyang.yaml", import.meta.url));

test.skipIf(!isThere)("whole, and the same bytes (skipped without bun; GOLDSPIKE_BUN names another)", () => {
  const sets = ["dataset.train=100", "dataset.test=20", "epochs=2"].flatMap((set) => ["--set", set]);
  for (const program of [bun, process.execPath]) {
    const name = program === bun ? "bun" : "node";
    const run = spawnSync(program, [main, "train", yinyang, "-o", join(folder, name), ...sets], {
      encoding: "utf8",
    });
    expect(run.stderr).toMatch(/^test accuracy/m);
  }
  for (const file of ["best", "last", "previous"]) {
    const [ours, nodes] = ["bun", "node"].map((name) =>
      readFileSync(join(folder, name, `${file}.safetensors`)),
    );
    expect(ours!.equals(nodes!), file).toBe(true);
  }
});
