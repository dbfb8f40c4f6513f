/** A run goes on where nobody listens to it any more, and a full disk behind stdout is told once. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { main } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { finishedFiles } from "../support/training/runFolders.ts";
import { tiny } from "../support/training/tinyTraining.ts";

const folder = temporaryFolder();
beforeAll(async () => {
  await writeFile(join(folder, "tiny.yaml"), stringify(tiny()));
});

/** The exit code and what is on stderr after a line of shell in which $train trains into a folder. */
function shell(line: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, GOLDSPIKE_DEBUG: "", train: `${process.execPath} ${main} train tiny.yaml` };
  return new Promise((resolve) => {
    execFile("bash", ["-c", line], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

const windows = process.platform === "win32";

test.skipIf(windows)("nobody reads stderr and stdout after their first line", async () => {
  const { stdout } = await shell("{ $train -o headed; echo $? > code; } 2>&1 | head -1; cat code");
  expect(stdout).toMatch(/^training: .*\n0\n$/);
  expect((await readdir(join(folder, "headed"))).sort()).toEqual(finishedFiles);
});

test.skipIf(windows)("nobody reads stderr from the beginning", async () => {
  const { code, stdout } = await shell("$train -o deaf 2> >(exec true)");
  expect(code).toBe(0);
  expect(stdout.match(/^epoch=/gm)).toHaveLength(3);
  expect((await readdir(join(folder, "deaf"))).sort()).toEqual(finishedFiles);
});

test.skipIf(!existsSync("/dev/full"))("a full disk behind stdout is one line for all epochs", async () => {
  const { code, stderr } = await shell("$train -o full > /dev/full");
  expect(code).toBe(2);
  expect(stderr.match(/^error: .*$/gm)).toEqual(["error: stdout: cannot be written: no space is left"]);
  expect((await readdir(join(folder, "full"))).sort()).toEqual(finishedFiles);
});
