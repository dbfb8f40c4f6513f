/** Checkpoints that are whole and signed, with values that no run can have come to: each is refused by name. */
import { createHash } from "node:crypto";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { decodeSafetensors, encodeSafetensors, type Safetensors } from "../../src/run/safetensors.ts";
import { goldspike } from "../support/command.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { everyState, tiny } from "../support/training/tinyTraining.ts";

const folder = temporaryFolder();
const options = { cwd: folder };

beforeAll(async () => {
  await writeFile(join(folder, "run.yaml"), stringify(tiny(everyState)));
  expect((await goldspike(["train", "run.yaml", "-o", "run"], options)).code).toBe(0);
});

// biome-ignore lint/suspicious/noExplicitAny: state that is taken apart to be spoilt
type Json = any;

interface Content {
  readonly state: Record<"history" | "progress" | "epoch" | "batch", Json>;
  readonly tensors: Safetensors["tensors"];
}

const keys = ["history", "progress", "epoch", "batch"] as const;

async function signedAnew(name: string, change: (content: Content) => void): Promise<void> {
  await cp(join(folder, "run"), join(folder, name), { recursive: true });
  const file = join(folder, name, "last.safetensors");
  const { metadata, tensors } = decodeSafetensors(await readFile(file), file);
  const { sha256: _, ...rest } = metadata;
  const state = Object.fromEntries(keys.map((key) => [key, JSON.parse(rest[key]!)])) as Content["state"];
  change({ state, tensors });
  const changed = { ...rest, ...Object.fromEntries(keys.map((key) => [key, JSON.stringify(state[key])])) };
  const hash = createHash("sha256");
  for (const piece of encodeSafetensors({ metadata: changed, tensors })) hash.update(piece);
  const signed = { ...changed, sha256: hash.digest("hex") };
  await writeFile(file, encodeSafetensors({ metadata: signed, tensors }));
}

const set =
  (name: string, value: number) =>
  ({ tensors }: Content) => {
    tensors.get(name)!.data[0] = value;
  };

test.each<[string, (content: Content) => void, string]>([
  ["nothing", () => {}, ""],
  [
    "tau_mem",
    set("populations.hidden.tau_mem", -20),
    "populations.hidden.tau_mem: entry 0: expected a number from ",
  ],
  [
    "tau_syn",
    set("populations.output.tau_syn", 0),
    "populations.output.tau_syn: entry 0: expected a number from ",
  ],
  [
    "threshold",
    set("populations.hidden.threshold", NaN),
    "populations.hidden.threshold: entry 0: expected a finite number, got NaN",
  ],
  [
    "weight",
    set("projections[0].weight", Infinity),
    "projections[0].weight: entry 0: expected a finite number, got Infinity",
  ],
  [
    "moment",
    set("projections[0].weight.v", -1),
    "projections[0].weight.v: entry 0: expected a finite number ≥ 0, got -1",
  ],
  [
    "batch",
    ({ state }) => {
      state.progress.batch = 1000;
      Object.assign(state, { batch: 1000, epoch: state.progress.epoch });
    },
    "progress.batch: expected a number from 1 to ",
  ],
  [
    "accuracy",
    ({ state }) => {
      state.history[0].train.accuracy = 1.5;
    },
    "history[0].train.accuracy: expected a number from 0 to 1, got 1.5",
  ],
  [
    "best",
    ({ state }) => {
      state.progress.selected.accuracy += 0.001;
    },
    "progress.selected.accuracy: expected a number from ",
  ],
  [
    "rate",
    ({ state }) => {
      state.progress.schedule.rate = 1e9;
    },
    "progress.schedule.rate: expected a number from 0 to ",
  ],
  [
    "power",
    ({ state }) => {
      state.progress.adam[Object.keys(state.progress.adam)[0]!].beta1 = -2;
    },
    "beta1: expected a number from 0 to 1, got -2",
  ],
  [
    "count",
    ({ state }) => {
      state.progress.tally.counts[0][0] = -3;
    },
    "progress.tally.counts[0]: expected a number from 0 to ",
  ],
])(
  "%s",
  async (name, change, expected) => {
    await signedAnew(name, change);
    const run = await goldspike(["resume", name, "--epochs", "9"], options);
    const error = run.stderr.split("\n").find((line) => line.startsWith("error: ")) ?? "";
    expect([run.code, error.includes(expected)], error).toEqual([expected === "" ? 0 : 2, true]);
    if (expected !== "") expect(error).toContain(`${name}/last.safetensors: `);
  },
  120_000,
);
