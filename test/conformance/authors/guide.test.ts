/** Every command of the guide runs as it is written, one after another, in a folder like the repository's. */
import { spawnSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { losses } from "../../../src/model/losses.ts";
import { parameters } from "../../../src/model/parameters.ts";
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

test("it has every loss, every parameter with its default, and schemas that are there", () => {
  for (const kind of Object.keys(losses)) expect(guide).toMatch(new RegExp(`^\\| \`${kind}\` \\|`, "m"));
  const rows = [...guide.matchAll(/^\| (`\.\w+`(?:, `\.\w+`)*) \| number or \[neuron\] \| ([^|]*) \|/gm)];
  const defaults = rows.flatMap(([, names, values]) =>
    names!.split(", ").map((name, k) => [name.slice(2, -1), values!.split(", ")[k] ?? values]),
  );
  const expected = Object.values(parameters).map(({ file, default: value }) => [
    file,
    String(value ?? "needed"),
  ]);
  expect(defaults).toEqual(expected);
  const schemas = readdirSync(join(root, "schema")).filter(
    // Of runs, of studies, and of networks alone.
    (name) => !["run.schema.json", "study.schema.json", "network.schema.json"].includes(name),
  );
  for (const name of schemas)
    expect(guide).toMatch(new RegExp(`\`(schema/)?${name.replace(".schema.json", "")}[\`.]`));
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
