/** The example programs, each run as a newcomer runs it: by plain Node, with the built package. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { run } from "../support/programs.ts";

function pathOf(name: string): string {
  return fileURLToPath(new URL(`../../examples/${name}.mjs`, import.meta.url));
}

async function output(name: string, ...args: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await run(process.execPath, [pathOf(name), ...args]);
  expect([code, stderr]).toEqual([0, ""]);
  return stdout.trimEnd().split("\n");
}

describe("yinyang", () => {
  test("has 60 lines at most, and imports goldspike/training alone", () => {
    const text = readFileSync(pathOf("yinyang"), "utf8");
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(60);
    expect([...text.matchAll(/from "(.*)"/g)].map(([, from]) => from)).toEqual(["goldspike/training"]);
  });

  test("learns to tell 95 of 100 new points from 3000 in 8 epochs, in seconds", async () => {
    const start = performance.now();
    const lines = await output("yinyang", "3000", "8");
    const [, accuracy] = /^test accuracy (0\.\d+)$/.exec(lines.at(-1)!)!;
    expect(Number(accuracy)).toBeGreaterThanOrEqual(0.95);
    expect(performance.now() - start).toBeLessThan(30_000);
  });
});

test("spike_times brings every neuron's first spike to its time, one that was silent at first too", async () => {
  const lines = await output("spike_times");
  expect(lines[0]).toMatch(/^0 \S+ silent /);
  expect(lines.at(-1)).toMatch(/^300 \d\.\d+e-\d\d 12\.000 20\.000 28\.000 36\.000$/);
});

test("gradient_check finds every tensor right", async () => {
  const [spikes, ...tensors] = await output("gradient_check");
  expect(spikes).toBe("18 spikes");
  expect(tensors.length).toBe(6);
  for (const line of tensors) {
    const [, largest, off] = /largest (\S+) off by (\S+)$/.exec(line)!;
    expect(Number(largest)).toBeGreaterThan(1e-4);
    expect(Number(off)).toBeLessThan(1e-6);
  }
});
