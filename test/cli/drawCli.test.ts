/** `goldspike draw`: a trial and its adjoint as a picture. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import domino from "domino";
import { expect, test } from "vitest";
import { goldspike } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();
const shown = fileURLToPath(new URL("../../docs/pictures/trial.svg", import.meta.url));

test("the picture that the README shows is what the program draws", async () => {
  const path = join(folder, "trial.svg");
  expect(await goldspike(["draw", "core/recurrent-linear", "-o", path])).toMatchObject({
    code: 0,
    stderr: "",
  });
  expect(await readFile(path, "utf8")).toBe(await readFile(shown, "utf8"));
});

test("every spike is there, and both passes of every population where there is a loss", async () => {
  const of = async (name: string) => {
    const path = join(folder, `${name.replace("/", "-")}.svg`);
    await goldspike(["draw", name, "-o", path]);
    const { body } = domino.createDocument(await readFile(path, "utf8"));
    return Array.from(body.querySelectorAll("text"), (text) => text.textContent);
  };
  const texts = await of("core/two-layers-skip");
  for (const name of ["first", "second", "output"])
    for (const course of ["V", "lambda_V"]) expect(texts).toContain(`${name}, ${course}`);
  for (const spikes of ["14 spikes", "20 spikes", "15 spikes"]) expect(texts).toContain(spikes);
});

test("PNG for programs that show no SVG; another kind of file is refused", async () => {
  const path = join(folder, "trial.png");
  expect((await goldspike(["draw", "smoke/recurrence", "-o", path])).code).toBe(0);
  expect((await readFile(path)).subarray(1, 4).toString()).toBe("PNG");
  const other = await goldspike(["draw", "smoke/recurrence", "-o", join(folder, "trial.jpg")]);
  expect(other.code).toBe(2);
  expect(other.stderr).toContain(".png or .svg");
});
