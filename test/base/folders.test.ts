/** Folders that are made with those above them, wherever that can be done. */
import { mkdir, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolders } from "../../src/base/files.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();

test("those that are missing, and those alone", async () => {
  const [a, b, c] = [join(folder, "a"), join(folder, "a", "b"), join(folder, "a", "b", "c")];
  await mkdir(a);
  expect(await makeFolders(c)).toEqual([b, c]);
  expect(await makeFolders(c)).toEqual([]);
  expect(await makeFolders(`${c}/../d/e/`)).toHaveLength(2);
  expect((await readdir(b)).sort()).toEqual(["c", "d"]);
  expect(await makeFolders("/")).toEqual([]);
  await symlink(c, join(folder, "link"));
  expect(await makeFolders(join(folder, "link"))).toEqual([]);
  expect(await makeFolders(join(folder, "link", "f"))).toEqual([join(folder, "link", "f")]);
});

test("many at once", async () => {
  for (let round = 0; round < 50; round++) {
    const place = join(folder, `round${round}`, "deep");
    const later = async (k: number) => {
      for (let wait = 0; wait < k; wait++) await stat(folder);
      await makeFolders(join(place, String(k % 2), String(k)));
    };
    await Promise.all(Array.from({ length: 8 }, (_, k) => later(k)));
    expect(await readdir(place)).toHaveLength(2);
  }
});

test("where there is something else", async () => {
  await writeFile(join(folder, "file"), "");
  await symlink(join(folder, "nowhere"), join(folder, "dangling"));
  await expect(makeFolders(join(folder, "file"))).rejects.toMatchObject({ code: "EEXIST", syscall: "mkdir" });
  await expect(makeFolders(join(folder, "file", "x", "y"))).rejects.toMatchObject({ code: "ENOTDIR" });
  await expect(makeFolders(join(folder, "dangling", "x"))).rejects.toMatchObject({ code: "EEXIST" });
  await rm(join(folder, "dangling"));
});

test.skipIf(process.platform !== "linux")("where the system says that there is no parent", async () => {
  await expect(makeFolders("/proc/none/x")).rejects.toMatchObject({ code: "ENOENT", syscall: "mkdir" });
});
