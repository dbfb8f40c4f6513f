/** The Python package as its users get it: a wheel in a fresh virtual environment, where its own tests and its guide are run. */
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { run, runs } from "../support/programs.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = temporaryFolder();

const python = [process.env["GOLDSPIKE_PYTHON"] ?? "python3"].find((name) =>
  runs(name, "-c", "import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 10))"),
);
const without =
  python === undefined
    ? "(skipped without python3 ≥ 3.10 with venv and pip; GOLDSPIKE_PYTHON names another)"
    : "";

/** What pip says where nothing can be fetched. */
const unreachable =
  /No matching distribution found for (hatchling|nodejs)|Temporary failure in name resolution|NewConnectionError|Max retries/;

describe.skipIf(python === undefined)(`the Python package ${without}`, () => {
  const scripts = join(folder, "environment", process.platform === "win32" ? "Scripts" : "bin");
  const own = (name: string) => join(scripts, name);
  let missing: string | undefined;

  beforeAll(async () => {
    expect(await run(process.execPath, [join(root, "python", "build.mjs")])).toMatchObject({ code: 0 });
    expect(await run(python!, ["-m", "venv", join(folder, "environment")])).toMatchObject({ code: 0 });
    const pip = async (...args: string[]) => {
      if (missing !== undefined) return;
      const found = await run(own("python"), ["-m", "pip", "--disable-pip-version-check", "-q", ...args]);
      if (found.code !== 0 && unreachable.test(found.stderr)) missing = "PyPI cannot be reached";
      else expect(found, found.stderr).toMatchObject({ code: 0 });
    };
    await pip("wheel", "--no-deps", "-w", join(folder, "wheels"), join(root, "python"));
    if (missing !== undefined) return;
    const [wheel, ...others] = await readdir(join(folder, "wheels"));
    expect(others).toEqual([]);
    expect(wheel).toMatch(/^goldspike-[\d.]+-py3-none-any\.whl$/);
    await pip("install", `${join(folder, "wheels", wheel!)}[test]`, "pytest-xdist");
  });

  /** A script, which may write there. */
  const inFolder = (place: string, script: string) => {
    const main = `import os, runpy; os.chdir(${JSON.stringify(place)}); runpy.run_path(${JSON.stringify(script)})`;
    return run(own("python"), ["-c", main]);
  };

  test("passes its own tests", async ({ skip }) => {
    if (missing !== undefined) skip(missing);
    await cp(join(root, "python", "tests"), join(folder, "tests"), { recursive: true });
    const args = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-rs", join(folder, "tests")];
    const { code, stdout, stderr } = await run(own("python"), args);
    console.info(stdout.trim().split("\n").slice(-6).join("\n"));
    expect(code, `${stdout}\n${stderr}`).toBe(0);
  });

  test("brings the program without node_modules, and the command", async ({ skip }) => {
    if (missing !== undefined) skip(missing);
    const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    expect(await run(own("goldspike"), ["--version"])).toEqual({
      code: 0,
      stdout: `${version}\n`,
      stderr: "",
    });
    const verified = await run(own("goldspike"), [
      "conform",
      "run",
      "--group",
      "smoke",
      "--",
      own("goldspike"),
      "conform",
      "backend",
      "engine",
    ]);
    expect(verified.stdout).toMatch(/^pass=4 fail=0 error=0/m);
    const picture = join(folder, "word.png");
    const recordings = join(root, "synthetic_digits", "test.h5.gz");
    const shown = await run(own("goldspike"), [
      "data",
      "show",
      recordings,
      "0",
      "--channels",
      "140",
      "-o",
      picture,
    ]);
    expect(shown.stderr).not.toMatch(/error/);
    expect((await readFile(picture)).subarray(1, 4).toString()).toBe("PNG");
  });

  test("its guide leads to a test that fails and names the wrong tensor", async ({ skip }) => {
    if (missing !== undefined) skip(missing);
    const guide = await readFile(join(root, "docs", "python.md"), "utf8");
    const blocks = [...guide.matchAll(/^```python\n# (\w+\.py)\n(.*?)^```/gms)];
    expect(blocks.map(([, name]) => name)).toContain("test_mine.py");
    const place = join(folder, "guide");
    await mkdir(place);
    for (const [, name, text] of blocks) await writeFile(join(place, name!), text!);
    const { code, stdout } = await run(own("python"), [
      "-m",
      "pytest",
      "-p",
      "no:cacheprovider",
      join(place, "test_mine.py"),
    ]);
    expect(code).toBe(1);
    const told = /^(smoke\/\S+: fail: .*)$/m.exec(guide)![1]!;
    expect(stdout).toContain(told);
    expect(stdout).toContain("1 failed, 3 passed");
    for (const [, name] of blocks.filter(([, name]) => !name!.startsWith("test_")))
      expect(await inFolder(place, name!), name).toMatchObject({ code: 0, stderr: "" });
  });
});
