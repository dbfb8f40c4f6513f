/** What the folder of a study has lost is made again, to the same table. */
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { ownHolder } from "../../src/run/holder.ts";
import { Sweeps } from "../support/study/sweeps.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const sweeps = new Sweeps(temporaryFolder());
const { parent } = sweeps;

beforeAll(async () => {
  await sweeps.study("study.yaml");
  expect((await sweeps.sweep("study.yaml", "-o", "whole")).code).toBe(0);
});

test("what a folder has lost is made again", async () => {
  expect((await sweeps.sweep("study.yaml", "-o", "lost")).code).toBe(0);
  const points = (await readdir(join(parent, "lost", "points"))).sort();
  const remove = (point: number, ...files: readonly string[]) =>
    Promise.all(files.map((file) => rm(join(parent, "lost", "points", points[point]!, file))));
  await remove(0, "result.json");
  await remove(1, "config.yaml", "result.json");
  await remove(2, "last.safetensors", "result.json");
  await rm(join(parent, "lost", "points", points[3]!), { recursive: true });
  expect((await sweeps.sweep("study.yaml", "-o", "lost")).code).toBe(0);
  expect(await sweeps.table("lost")).toBe(await sweeps.table("whole"));
});

describe("a folder that has lost", () => {
  async function lost(name: string, ...paths: readonly string[]): Promise<string> {
    await cp(join(parent, "whole"), join(parent, name), { recursive: true });
    for (const path of paths) await rm(join(parent, name, path), { recursive: true });
    return name;
  }

  test("all checkpoints of a point that had no result yet trains it anew, to the same bytes", async () => {
    const [point] = await readdir(join(parent, "whole", "points"));
    const files = ["result.json", "last.safetensors", "previous.safetensors"];
    const folder = await lost("unchecked", ...files.map((file) => join("points", point!, file)));
    const { code, stderr } = await sweeps.sweep("study.yaml", "-o", folder);
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/last\.safetensors: is missing; the run is begun anew\n/),
    ]);
    expect(await sweeps.table(folder)).toBe(await sweeps.table("whole"));
    const run = (name: string) => readFile(join(parent, name, "points", point!, "last.safetensors"));
    expect(await run(folder)).toEqual(await run("whole"));
  });

  test("the best epoch's checkpoint of a point trains it anew, to the same bytes", async () => {
    const [point] = await readdir(join(parent, "whole", "points"));
    const files = ["result.json", "best.safetensors"];
    const folder = await lost("bestless", ...files.map((file) => join("points", point!, file)));
    const { code, stderr } = await sweeps.sweep("study.yaml", "-o", folder);
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/best\.safetensors: is missing; the run is begun anew\n/),
    ]);
    expect(await sweeps.table(folder)).toBe(await sweeps.table("whole"));
  });

  test("what a finished point has noted of its epochs gets it again", async () => {
    const [point] = await readdir(join(parent, "whole", "points"));
    const folder = await lost("noteless", join("points", point!, "metrics.jsonl"));
    expect((await sweeps.sweep("study.yaml", "-o", folder)).code).toBe(0);
    expect(await sweeps.table(folder)).toBe(await sweeps.table("whole"));
  });

  test("who had finished a point tells it as finished, whoever still claims it", async () => {
    const [point] = await readdir(join(parent, "whole", "points"));
    const folder = await lost("claimed");
    const other = JSON.stringify({ ...(await ownHolder()), host: "elsewhere", boot: "b", machine: "m" });
    await writeFile(join(parent, folder, "claims", `${point}.1`), other);
    expect((await sweeps.sweep("status", folder)).stdout).toBe(
      "points=8 finished=8 running=0 stopped=0 waiting=0 failed=0\n",
    );
  });

  test("its empty folders is told about and worked on as before", async () => {
    const folder = await lost("partless", "claims", "failures");
    expect(await sweeps.table(folder)).toBe(await sweeps.table("whole"));
    expect((await sweeps.sweep("status", folder)).stdout).toMatch(/^points=8 finished=8 /);
    expect((await sweeps.sweep("work", folder)).code).toBe(0);
  });

  test("its pages gets them again, with axes and curves", async () => {
    const folder = await lost("pageless", "report.html", "table.csv");
    expect((await sweeps.sweep("report", folder)).stdout).toBe(
      "points=8 finished=8 failed=0 report=pageless/report.html table=pageless/table.csv\n",
    );
    expect(await readFile(join(parent, folder, "table.csv"), "utf8")).toBe(await sweeps.table("whole"));
    const page = await readFile(join(parent, folder, "report.html"), "utf8");
    expect(page).toMatch(/aria-label="test accuracy by loss: |aria-label="validation accuracy by loss: /);
    expect(page).toContain("accuracy over the epochs; at the end");
  });
});
