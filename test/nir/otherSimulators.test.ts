/**
 * What Norse and snnTorch have exported spikes here as it does in their own simulators, but for their time steps: the
 * fixtures (test/fixtures/nir/make.py) have the same network in ever smaller steps.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { simulate } from "../../src/index.ts";
import { type NirDialect, readNir, writeNir } from "../../src/nir.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

interface Trial {
  readonly file: string;
  /** ms, as all times. */
  readonly step: number;
  readonly duration: number;
  readonly times: readonly number[];
  readonly sources: readonly number[];
  /** By node, the time and the neuron of each spike. */
  readonly spikes: Readonly<Record<string, readonly (readonly [number, number])[]>>;
}

const fixtures = fileURLToPath(new URL("../fixtures/nir/", import.meta.url));
const folder = temporaryFolder();

function trialsOf(program: string): Trial[] {
  return JSON.parse(readFileSync(`${fixtures}${program}.json`, "utf8")) as Trial[];
}

function unpacked(name: string): string {
  const path = join(folder, name);
  writeFileSync(path, gunzipSync(readFileSync(`${fixtures}${name}.gz`)));
  return path;
}

/** Times of each neuron's spikes, by node and neuron. */
function trains(spikes: Trial["spikes"]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [node, its] of Object.entries(spikes))
    for (const [time, neuron] of its) {
      const key = `${node} ${neuron}`;
      found.set(key, [...(found.get(key) ?? []), time]);
    }
  return found;
}

/** Neurons whose number of spikes is another, and the largest distance between spikes of the others. */
async function distance(trial: Trial, dialect: NirDialect): Promise<{ others: number; farthest: number }> {
  const network = await readNir(unpacked(trial.file), { dialect, timeUnit: "s" });
  const input = { times: Float64Array.from(trial.times), sources: Int32Array.from(trial.sources) };
  const { spikes } = await simulate(network, input, trial.duration, { maxEvents: 1000 });
  const exact = trains(
    Object.fromEntries(
      Object.entries(spikes).map(([name, { times, neurons }]) => [
        name,
        [...times].map((time, k) => [time, neurons[k]!] as const),
      ]),
    ),
  );
  const stepped = trains(trial.spikes);
  let [others, farthest] = [0, 0];
  for (const key of new Set([...exact.keys(), ...stepped.keys()])) {
    const [ours, theirs] = [exact.get(key) ?? [], stepped.get(key) ?? []];
    if (ours.length !== theirs.length) others++;
    else for (const [k, time] of ours.entries()) farthest = Math.max(farthest, Math.abs(time - theirs[k]!));
  }
  return { others, farthest };
}

describe.each(["norse", "snntorch"] as const)("spikes of %s", (program) => {
  const trials = trialsOf(program);

  test("come within some thirty time steps of ours, however short these are", async () => {
    for (const [k, trial] of trials.entries()) {
      const { others, farthest } = await distance(trial, program);
      expect(farthest).toBeLessThan(30 * trial.step);
      expect(others).toBeLessThanOrEqual(k === 0 ? 1 : 0);
    }
  });

  test("are others, or without end, where the file is taken for NIR as it is defined", async () => {
    const { others } = await distance(trials.at(-1)!, "nir").catch(() => ({ others: Infinity }));
    expect(others).toBeGreaterThan(0);
  });

  test("stay the same where our network of it is written as NIR, as it is defined, and read again", async () => {
    const { file } = trials.at(-1)!;
    const network = await readNir(unpacked(file), { dialect: program, timeUnit: "s" });
    const again = join(folder, "again.nir");
    await writeNir(network, again);
    expect(await readNir(again)).toStrictEqual(network);
  });
});
