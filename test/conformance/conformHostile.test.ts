/** Backends that take away rights, and places that cannot be written or removed: a line each, and the run goes on. */
import { execFile } from "node:child_process";
import { chmod, mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { main } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();
const isRoot = process.getuid?.() === 0;
/** Rights do not stop root, so that it runs the command as somebody else. */
const somebody = isRoot ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
const [program, ...words] = [...somebody, process.execPath, main];
const start = promisify(execFile);
const able = await start(program!, [...words, "--version"]).then(
  () => process.platform !== "win32",
  () => false,
);

/** Verdicts of the smoke cases on a script that gets CASE_DIR and RESULT_DIR as `from` and `dir`. */
async function judge(name: string, script: string, ...more: string[]) {
  await chmod(folder, 0o777);
  const path = join(folder, `${name}.mjs`);
  const head = `import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
const [from, dir] = process.argv.slice(2);
`;
  await writeFile(path, head + script);
  await mkdir(join(folder, name), { recursive: true });
  await chmod(join(folder, name), 0o777);
  const command = ["--", process.execPath, path];
  const env = { ...process.env, TMPDIR: join(folder, name), GOLDSPIKE_DEBUG: "" };
  const args = [...words, "conform", "run", "--group", "smoke", ...more, ...command];
  const run = start(program!, args, { env, cwd: folder });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

const counted = (errors: number, fails: number) => new RegExp(`\\npass=0 fail=${fails} error=${errors} `);

describe.skipIf(!able)("rights that a backend takes away", () => {
  test.each([
    ["result", "chmodSync(dir, 0);"],
    ["sub-folder", 'mkdirSync(join(dir, "a", "b"), { recursive: true }); chmodSync(join(dir, "a"), 0);'],
    ["both", "chmodSync(dir, 0o500); chmodSync(from, 0o500); chmodSync(join(dir, '..'), 0o500);"],
  ])("%s", async (name, script) => {
    const run = await judge(name, script);
    expect(run).toMatchObject({ code: 1, stderr: "" });
    expect(run.stdout).toMatch(name === "result" ? counted(0, 4) : counted(4, 0));
    expect(await readdir(join(folder, name))).toEqual([]);
  });

  test("of a whole answer that cannot be read", async () => {
    const run = await judge("unreadable", 'writeFileSync(join(dir, "result.json"), "{}", { mode: 0 });');
    expect(run.stdout).toMatch(/fail +result.json: cannot be read: permission denied$/m);
  });

  test("what was kept is replaced by the next run", async () => {
    for (let k = 0; k < 2; k++) {
      const run = await judge("kept", "chmodSync(dir, 0);", "--keep", "kept/out");
      expect(run).toMatchObject({ code: 1, stderr: "" });
      expect(run.stdout).toMatch(counted(0, 4));
    }
  });

  test("of the folder that other cases are in", async () => {
    const run = await judge("group", 'chmodSync(join(dir, "..", ".."), 0o500);', "--jobs", "1");
    expect(run).toMatchObject({ code: 1, stderr: "" });
    expect(run.stdout).toMatch(/error +\S+recurrence\S*: cannot be made ready: permission denied$/m);
    expect(run.stdout).toMatch(counted(4, 0));
    expect(await readdir(join(folder, "group"))).toEqual([]);
  });

  test.runIf(isRoot)("a folder that belongs to somebody else is a verdict", async () => {
    const result = join(folder, "foreign", "out", "smoke", "recurrence", "result");
    await mkdir(join(result, "x"), { recursive: true });
    for (const at of [".", ".."]) await chmod(join(folder, "foreign", "out", at), 0o777);
    for (const at of ["smoke", "smoke/recurrence"]) await chmod(join(folder, "foreign", "out", at), 0o777);
    const run = await judge("foreign", "", "--keep", "foreign/out");
    expect(run).toMatchObject({ code: 1, stderr: "" });
    expect(run.stdout).toMatch(
      /^smoke\/recurrence +error +foreign\/out\S+result\S*: cannot be made ready: permission denied; remove it, or give another --keep$/m,
    );
    expect(run.stdout).toMatch(counted(4, 0));
    expect((await stat(join(result, "x"))).isDirectory()).toBe(true);
  });
});
