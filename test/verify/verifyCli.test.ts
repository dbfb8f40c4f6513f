/** The command: a line a thing, a line that sums up, exit codes; data files; and it never writes. */
import { execFileSync } from "node:child_process";
import { chmod, cp, mkdir, readdir, readFile, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { goldspike } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { trainIn } from "../support/training/runFolders.ts";

const parent = temporaryFolder();
const path = (...names: string[]) => join(parent, ...names);
const recordings = new URL("../../synthetic_digits/test.h5.gz", import.meta.url).pathname;
const verify = (...args: string[]) => goldspike(["verify", ...args]);

beforeAll(async () => {
  await trainIn(path("run"), {});
});

describe("a run", () => {
  test("that is whole ends with 0", async () => {
    const { code, stdout, stderr } = await verify(path("run"));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(8);
    expect(lines[0]).toBe(`ok          ${path("run", "config.yaml")}: a run of 3 epochs`);
    expect(lines.at(-1)).toBe(`${path("run")}: whole, 5 checked`);
  });

  test("that is damaged ends with 1 and names the file, as JSON too", async () => {
    await cp(path("run"), path("bad"), { recursive: true });
    await truncate(path("bad", "best.safetensors"), 1000);
    await rm(path("bad", "metrics.jsonl"));
    const text = await verify(path("bad"));
    expect(text.code).toBe(1);
    expect(text.stdout).toContain(`DAMAGED     ${path("bad", "best.safetensors")}: is cut short: `);
    expect(text.stdout).toMatch(/: 1 DAMAGED, 1 missing\n$/);
    const json = await verify(path("bad"), "--json");
    expect(json.code).toBe(1);
    const { kind, whole, findings } = JSON.parse(json.stdout);
    expect({ kind, whole }).toEqual({ kind: "run", whole: false });
    expect(findings.filter(({ state }: { state: string }) => state === "damaged")).toHaveLength(1);
  });
});

describe("data", () => {
  test("are read through and counted", async () => {
    const { code, stdout } = await verify(recordings);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok {10}.*: \d+ recordings, \d+ classes, \d+ spikes\n.*: whole, 1 checked\n$/);
  });

  test("that end too early are damaged, and downloads that are not finished are told", async () => {
    await mkdir(path("data"));
    const bytes = await readFile(recordings);
    await writeFile(path("data", "cut.h5.gz"), bytes.subarray(0, -100));
    await writeFile(path("data", "whole.h5.gz"), bytes);
    await writeFile(path("data", "whole.h5.gz.part"), "abc");
    await writeFile(path("data", "word.wav"), "RIFF");
    const one = await verify(path("data", "whole.h5.gz"));
    expect(one.code).toBe(0);
    expect(one.stdout).toContain(`left        ${path("data", "whole.h5.gz.part")}: an unfinished download`);
    const { code, stdout } = await verify(path("data"));
    expect(code).toBe(1);
    expect(stdout).toMatch(/DAMAGED {5}.*cut\.h5\.gz: not a whole gzip file/);
    expect(stdout).toMatch(/DAMAGED {5}.*word\.wav: /);
    expect(stdout).toMatch(/unfinished {2}.*whole\.h5\.gz\.part: 3 bytes of a download/);
    expect(stdout).toMatch(/: 2 DAMAGED, 1 unfinished\n$/);
    expect((await verify(path("data", "whole.h5.gz.part"))).code).toBe(1);
  });
});

test("a checkpoint alone", async () => {
  const { code, stdout } = await verify(path("run", "last.safetensors"));
  expect(code).toBe(0);
  expect(stdout).toContain("last.safetensors: after epoch 3\n");
});

describe("exit code 2 and one line", () => {
  const refused = async (...args: string[]) => {
    const { code, stdout, stderr } = await verify(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    return stderr;
  };

  test("where there is nothing", async () => {
    expect(await refused(path("nothing"))).toContain("no such file or folder");
    await writeFile(path("soon.h5.part"), "");
    expect(await refused(path("soon.h5"))).toMatch(/is not there yet, only .*soon\.h5\.part/);
  });

  test("for what is none of these", async () => {
    await mkdir(path("empty"));
    await writeFile(path("notes.txt"), "");
    for (const name of ["empty", "notes.txt"])
      expect(await refused(path(name))).toContain("got none of these");
  });

  test("for a pipe, without waiting", async () => {
    execFileSync("mkfifo", [path("pipe.h5")]);
    expect(await refused(path("pipe.h5"))).toContain("it is a pipe or a device");
  });
});

test("control characters of names are shown, not sent", async () => {
  const folder = path("\x1b[31mred");
  await cp(path("run"), folder, { recursive: true });
  const { code, stdout } = await verify(folder);
  expect(code).toBe(0);
  expect(stdout).toContain("\\u{1b}[31mred");
  expect(stdout).not.toContain("\x1b");
});

test("nothing is written: names, bytes and times are as before", async () => {
  const folder = path("kept");
  await cp(path("run"), folder, { recursive: true });
  await writeFile(join(folder, "last.safetensors.0123456789ab.tmp"), "half");
  await writeFile(join(folder, "lock"), "");
  await writeFile(join(folder, "result.json"), "{");
  await cp(recordings, path("kept.h5.gz"));
  for (const name of await readdir(folder)) await utimes(join(folder, name), 1e9, 1e9);
  await chmod(folder, 0o555);
  const state = async () => {
    const names = (await readdir(folder)).sort();
    const files = [folder, path("kept.h5.gz"), ...names.map((name) => join(folder, name))];
    return Promise.all(
      files.map(async (file) => {
        const { mtimeMs, ctimeMs, size, ino } = await stat(file);
        const bytes = file === folder ? "" : await readFile(file, "base64");
        return { file, mtimeMs, ctimeMs, size, ino, bytes };
      }),
    );
  };
  const before = await state();
  expect((await verify(folder)).code).toBe(1);
  expect((await verify(path("kept.h5.gz"))).code).toBe(0);
  expect(await state()).toEqual(before);
  await chmod(folder, 0o755);
});
