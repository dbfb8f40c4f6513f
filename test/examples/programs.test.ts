/** The example programs, each run as a newcomer runs it: by plain Node, with the built package. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { run } from "../support/programs.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

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

  test("learns to tell 95 of 100 new points from 3000 in 8 epochs", async () => {
    const lines = await output("yinyang", "3000", "8");
    const [, accuracy] = /^test accuracy (0\.\d+)$/.exec(lines.at(-1)!)!;
    expect(Number(accuracy)).toBeGreaterThanOrEqual(0.95);
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

test("the program of docs/training.md runs as it stands there, and what it says of a mistake is so", async () => {
  const text = readFileSync(new URL("../../docs/training.md", import.meta.url), "utf8");
  const [, program] = /## In a program\n.*?```js\n(.*?)```/s.exec(text)!;
  const saved = join(temporaryFolder(), "mine.safetensors");
  const evaluated = (changed: string) => run(process.execPath, ["--input-type=module", "-e", changed]);
  const whole = program!.replace('"mine.safetensors"', JSON.stringify(saved));
  expect(await evaluated(whole)).toEqual({ code: 0, stdout: "1 1\n", stderr: "" });
  expect(existsSync(saved)).toBe(true);
  const [, message] = /`(training: optimizer\.learningRate: .*?)`/.exec(text)!;
  const { stderr } = await evaluated(whole.replace("learningRate: 0.02", "learningRate: -1"));
  expect(stderr).toContain(`ConfigError: ${message}\n`);
});
