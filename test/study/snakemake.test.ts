/** The rule that the docs show, run by Snakemake where it is installed. */
import { spawnSync } from "node:child_process";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { goldspike, main } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { tiny, withValidation } from "../support/training/tinyTraining.ts";

const isInstalled = spawnSync("snakemake", ["--version"]).status === 0;

test.skipIf(!isInstalled)(
  "Snakemake trains every point by the rule of docs/studies.md",
  { timeout: 180_000 },
  async () => {
    const folder = temporaryFolder();
    const at = { cwd: folder };
    await writeFile(join(folder, "study.yaml"), stringify({ base: tiny(withValidation), seeds: [1, 2, 3] }));
    expect((await goldspike(["sweep", "prepare", "study.yaml", "-o", "runs/study"], at)).code).toBe(0);
    const docs = await readFile(new URL("../../docs/studies.md", import.meta.url), "utf8");
    const [, rule] = /```python\n([\s\S]*?)```/.exec(docs)!;
    await writeFile(join(folder, "Snakefile"), rule!);
    await writeFile(join(folder, "goldspike"), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
    await chmod(join(folder, "goldspike"), 0o755);
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env["PATH"]}` };
    const { status, stderr } = spawnSync("snakemake", ["--cores", "2"], {
      cwd: folder,
      env,
      encoding: "utf8",
    });
    expect(status, stderr).toBe(0);
    const { stdout } = await goldspike(["sweep", "status", "runs/study"], at);
    expect(stdout).toBe("points=3 finished=3 running=0 stopped=0 waiting=0 failed=0\n");
  },
);
