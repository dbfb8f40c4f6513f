/** Workers are begun again as long as that may help, and no longer. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { superviseWorkers } from "../../src/study/crew.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

/** @returns how often the worker was begun, and what came of it */
async function supervised(program: string): Promise<{ starts: number; error: unknown }> {
  const file = join(temporaryFolder(onTestFinished), "starts");
  await writeFile(file, "");
  const begin = `
    import { appendFileSync, readFileSync } from "node:fs";
    appendFileSync(${JSON.stringify(file)}, "x");
    const starts = readFileSync(${JSON.stringify(file)}).length;
    const tell = (message) => new Promise((resolve) => process.send(message, resolve));`;
  const error = await superviseWorkers({
    jobs: 1,
    command: () => ({
      file: process.execPath,
      args: ["--input-type=module", "--eval", `${begin}\n${program}\nprocess.disconnect();`],
    }),
    onMessage: () => {},
    signal: new AbortController().signal,
  }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { starts: (await readFile(file, "utf8")).length, error };
}

test("one that ends by an error at every point it begins with is given up, with what it has said", async () => {
  const { starts, error } = await supervised(`
    await tell({ kind: "start", hash: "a" });
    console.error("error: " + starts + " and nothing else");
    process.exit(1);`);
  expect([starts, error]).toEqual([5, expect.objectContaining({ message: "error: 5 and nothing else" })]);
});

test("one that is killed at a point is begun again: claims keep count of that", async () => {
  const { starts, error } = await supervised(`
    await tell({ kind: "start", hash: "a" });
    if (starts < 8) process.kill(process.pid, "SIGKILL");`);
  expect([starts, error]).toEqual([8, undefined]);
});

test("one that brings points to an end is begun again", async () => {
  const { starts, error } = await supervised(`
    await tell({ kind: "failure", hash: "a", line: "why" });
    if (starts < 8) process.exit(1);`);
  expect([starts, error]).toEqual([8, undefined]);
});
