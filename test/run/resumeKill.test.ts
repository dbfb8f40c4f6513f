/** The command survives being killed at any moment, and Ctrl-C leaves a run from which it goes on. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { goldspike, started } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { traces } from "../support/training/runFolders.ts";
import { createSampler } from "../support/training/sampler.ts";
import { everyState, tiny } from "../support/training/tinyTraining.ts";

const parent = temporaryFolder();
beforeAll(async () => {
  await mkdir(parent, { recursive: true });
  await write("every.yaml", { ...everyState, epochs: 30, threads: 2 });
  await write("endless.yaml", { epochs: 100_000 });
});

async function write(name: string, changes: Record<string, unknown>): Promise<void> {
  await writeFile(join(parent, name), stringify(tiny(changes)));
}

const at = {
  get cwd() {
    return parent;
  },
};

describe("SIGKILL", () => {
  test("at any moments changes nothing in what a run comes to", async () => {
    expect((await goldspike(["train", "every.yaml", "-o", "whole"], at)).code).toBe(0);
    const { uniform } = createSampler(5);
    // Ever later epochs, and somewhere between two lines: an epoch takes some 10 ms.
    for (const epoch of [1, 2, 9, 17, 24]) {
      const args = epoch === 1 ? ["train", "every.yaml", "-o", "killed"] : ["resume", "killed"];
      const run = started(args, at);
      await run.until(`epoch=${epoch} `);
      await setTimeout(uniform(0, 15));
      run.kill("SIGKILL");
      await run.ended;
    }
    expect((await goldspike(["resume", "killed"], at)).code).toBe(0);
    const [killed, whole] = [await traces(join(parent, "killed")), await traces(join(parent, "whole"))];
    expect(killed).toEqual(whole);
    const results = ["killed", "whole"].map((name) => readFile(join(parent, name, "result.json"), "utf8"));
    const [one, other] = await Promise.all(results);
    expect(one).toBe(other);
  });
});

describe.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s", (signal) => {
  test("ends the run after the batch, with a checkpoint and a line that says how to go on", async () => {
    const folder = `run ${signal}`;
    const run = started(["train", "endless.yaml", "-o", folder], at);
    await run.until("epoch=2 ");
    run.kill(signal);
    const { code, stdout, stderr } = await run.ended;
    expect(code).toBe(130);
    const last = stderr.trimEnd().split("\n").at(-1)!;
    const [, batch, epoch] = /^stopped after batch (\d+) of epoch (\d+); go on with: (.*)$/.exec(last)!;
    expect(last).toContain(`goldspike resume '${folder}'`);
    expect(stderr).toMatch(/^stopping with a checkpoint; Ctrl-C once more ends at once$/m);
    const epochs = stdout.trimEnd().split("\n").length;
    expect(Number(epoch)).toBe(epochs + 1);
    expect(Number(batch)).toBeLessThanOrEqual(3);

    const resumed = await goldspike(["resume", folder, "--epochs", String(epochs + 2)], at);
    expect(resumed.code).toBe(0);
    const shown = resumed.stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(" ")[0]);
    expect(shown).toEqual([`epoch=${epochs + 1}`, `epoch=${epochs + 2}`]);
    const { metrics } = await traces(join(parent, folder));
    expect(metrics.map((line) => line.epoch)).toEqual(Array.from({ length: epochs + 2 }, (_, k) => k + 1));
  });
});
