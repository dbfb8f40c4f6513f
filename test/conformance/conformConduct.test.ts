/** Backends that hang, fill the disk or leave something behind: ended in time, and the verdict is not held up. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { oneShot } from "../../src/conformance/run/oneShot.ts";
import { scriptBackends } from "../support/conformance/scriptBackend.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const folder = temporaryFolder();
const { backend, judge } = scriptBackends(folder);

test("a backend that hangs, and what it has started, is ended", async () => {
  const script = await backend(
    `import("node:child_process").then(({ spawn }) => spawn("sh", ["-c", 'while :; do echo >> "$0"; sleep 0.1; done', ${JSON.stringify(join(folder, "alive"))}])); setTimeout(() => {}, 1e9);`,
  );
  const run = await judge(script, "--case", "hidden-spikes", "--timeout", "2");
  expect(run.stdout).toMatch(/error +not done after 2 s; --timeout gives it longer$/m);
  const signs = async () => (await readFile(join(folder, "alive"), "utf8").catch(() => "")).length;
  const signsInTime = async () => {
    const before = await signs();
    await setTimeout(1000);
    return (await signs()) - before;
  };
  await expect.poll(signsInTime, { timeout: 300_000 }).toBe(0);
});

test.each(["dir", "from"])("a backend that fills the disk is ended: %s", async (where) => {
  const script = await backend(
    `for (let k = 0; k < 200; k++) { writeFileSync(join(${where}, "f" + k), Buffer.alloc(1 << 20)); await new Promise((r) => setTimeout(r, 200)); }`,
  );
  const run = await judge(script, "--case", "hidden-spikes", "--max-mib", "3", "--keep", where);
  expect(run.stdout).toMatch(/error +wrote more than 3 MiB/);
  const written = await readdir(join(folder, where, "smoke", "hidden-spikes"), { recursive: true });
  expect(written.length).toBeLessThan(100);
});

test("what lies in the folders before is not counted", async () => {
  await mkdir(join(folder, "large"));
  await writeFile(join(folder, "large", "case.json"), "x".repeat(1000));
  const backend = oneShot(process.execPath, ["-e", ""], { seconds: 300, bytes: 100 });
  const large = join(folder, "large");
  expect(await backend.answer({ from: large, to: large }, () => {})).toMatchObject({ status: "done" });
});

test("what a backend leaves in the background neither holds up the run nor spoils its answer", async () => {
  const script = await backend(
    'answer(); import("node:child_process").then(({ spawn }) => { spawn("sleep", ["600"], { stdio: "inherit" }); process.exit(0); });',
  );
  const run = await judge(script, "--case", "hidden-spikes", "--timeout", "300");
  expect(run.stdout).toMatch(/^smoke\/hidden-spikes +pass$/m);
});

test("too much written at the last moment, and a folder that was replaced by a link", async () => {
  const late = await backend('answer(); writeFileSync(join(dir, "junk"), Buffer.alloc(4 << 20));');
  const much = await judge(late, "--case", "hidden-spikes", "--max-mib", "1");
  expect(much.stdout).toMatch(/error +wrote more than 1 MiB/);
  const link = await backend(
    'answer(); const { renameSync } = await import("node:fs"); renameSync(dir, dir + 2); symlinkSync(dir + 2, dir);',
  );
  const linked = await judge(link, "--case", "hidden-spikes");
  expect(linked.stdout).toMatch(/error +exit code 0, but no result.json in the folder/);
});
