/** Every command of the guide runs as it is written, one after another, in a folder like the repository's. */
import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { main } from "../../support/command.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const guide = readFileSync(join(root, "docs/conformance.md"), "utf8");
const blocks = [...guide.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) =>
  block!.replaceAll("\\\n", " "),
);
const commands = blocks.flatMap((block) => block.trim().split("\n"));

const folder = temporaryFolder();
for (const name of ["suite", "examples", "readers"]) symlinkSync(join(root, name), join(folder, name));
writeFileSync(join(folder, "npx"), `#!/bin/sh\nshift\nexec "${process.execPath}" "${main}" "$@"\n`);
chmodSync(join(folder, "npx"), 0o755);

test("the guide has commands", () => {
  expect(commands.length).toBeGreaterThan(15);
});

test.each(commands.map((command, k) => [k, command] as const))(
  "%i: %s",
  (_, command) => {
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` };
    const run = spawnSync("bash", ["-c", command], { cwd: folder, env, encoding: "utf8" });
    // A verdict that something is wrong is an answer.
    expect(run.stderr).not.toMatch(/^error:/m);
    expect([0, 1], run.stderr).toContain(run.status);
  },
  600_000,
);
