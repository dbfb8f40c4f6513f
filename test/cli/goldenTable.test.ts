/** What `goldspike demo` shows first: a line per core case, and an error if numbers are not as certified. */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { KernelError } from "../../src/base/errors.ts";
import { showGolden } from "../../src/cli/demo/goldenTable.ts";
import { bundledSuite } from "../../src/conformance/suite/suite.ts";
import { certifiedCases } from "../support/conformance/certifiedCases.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

interface GoldenText {
  loss: number;
  spikes: { hidden: { times: number[]; neurons: number[] } };
  gradients: { populations: { output: { bias: number[] } } };
}

const name = "recurrent-linear";
let lines: string[];

beforeEach(() => {
  lines = [];
  vi.spyOn(console, "log").mockImplementation((text: string) => void lines.push(...text.split("\n")));
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** A suite of one core case, its golden.json changed. */
function suiteWith(change: (golden: GoldenText) => void): string {
  const suite = temporaryFolder(onTestFinished);
  const folder = join(suite, "core", name);
  cpSync(join(bundledSuite, "core", name), folder, { recursive: true });
  const path = join(folder, "golden.json");
  const golden = JSON.parse(readFileSync(path, "utf8")) as GoldenText;
  change(golden);
  writeFileSync(path, JSON.stringify(golden));
  return suite;
}

test("every core case of the bundled suite has its line of 80 columns at most, and is within bounds", async () => {
  await showGolden(bundledSuite);
  for (const { name } of certifiedCases)
    expect(lines.filter((line) => line.startsWith(`${name} `)).length).toBe(1);
  expect(lines.length).toBe(certifiedCases.length + 7);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});

const both = `${name} in f64, ${name} in f32`;

test.each<[string, string, (golden: GoldenText) => void]>([
  [
    "a loss that is 1e-11 off",
    `${name} in f64`,
    (golden) => {
      golden.loss *= 1 + 1e-11;
    },
  ],
  [
    "a loss that is 1 % off",
    both,
    (golden) => {
      golden.loss *= 1.01;
    },
  ],
  [
    "a spike that is 1e-10 ms off",
    `${name} in f64`,
    ({ spikes }) => {
      spikes.hidden.times[3]! += 1e-10;
    },
  ],
  [
    "a spike of another neuron",
    both,
    ({ spikes }) => {
      spikes.hidden.neurons[3] = 2;
    },
  ],
  [
    "a gradient of another shape",
    both,
    ({ gradients }) => {
      gradients.populations.output.bias.pop();
    },
  ],
])("%s is beyond the bounds", async (_, beyond, change) => {
  const error: unknown = await showGolden(suiteWith(change)).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(KernelError);
  expect((error as KernelError).message).toBe(`errors beyond their bounds: ${beyond}`);
});
