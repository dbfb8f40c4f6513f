/** Cases with values from arbitrary-precision arithmetic, and how far a solution is from them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Case, Solution } from "../../src/index.ts";
import { parseCase } from "../../src/index.ts";
import type { GoldenJson } from "../oracle/caseJson.ts";
import { entryOf } from "../oracle/keys.ts";

export interface GoldenCase extends GoldenJson {
  readonly problem: Case;
}

const root = fileURLToPath(new URL("../../", import.meta.url));
/** Bundled with the package. */
export const goldenFolder = join(root, "golden");
/** Beside the repository where there is one. */
export const casesFolder = join(process.env.GOLDSPIKE_DATA ?? join(root, "../shared/data"), "cases");

/** Names of the case files in a folder, sorted; none if there is no such folder. */
export function caseNames(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return files.map((name) => name.replace(/\.json$/, "")).sort();
}

export function readGolden(folder: string, name: string): GoldenCase {
  const json = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
  return { ...(json as GoldenJson), problem: parseCase(json) };
}

export interface Deviations {
  /** Of the worst spike time, as a share of the trial; infinite if other neurons spiked or in another order. */
  readonly times: number;
  /** Of the loss and of the worst readout, as a share of the largest of them. */
  readonly loss: number;
  /** Of the worst gradient, as a share of its tensor's largest entry, and the entry. */
  readonly gradient: number;
  readonly worstEntry: string;
}

export function deviations({ expected, problem }: GoldenCase, solution: Solution): Deviations {
  const tensors = new Map<string, { error: number; largest: number; entry: string }>();
  for (const [key, value] of Object.entries(expected.gradients)) {
    const name = key.startsWith("t/") ? "t" : key.split("/", 2).join("/");
    const tensor = tensors.get(name) ?? { error: 0, largest: 0, entry: "" };
    const error = Math.abs(gradientAt(key, problem, solution) - value);
    tensor.largest = Math.max(tensor.largest, Math.abs(value));
    if (!(error <= tensor.error)) Object.assign(tensor, { error, entry: key });
    tensors.set(name, tensor);
  }
  let worst = { gradient: 0, worstEntry: "" };
  for (const { error, largest, entry } of tensors.values()) {
    const share = error === 0 ? 0 : error / largest;
    if (!(share <= worst.gradient)) worst = { gradient: share, worstEntry: entry };
  }
  return {
    times: timeDeviation(expected, solution) / problem.duration,
    loss: lossDeviation(expected, solution),
    ...worst,
  };
}

function timeDeviation(expected: GoldenJson["expected"], { spikes }: Solution): number {
  let worst = 0;
  for (const [name, { times, neurons }] of Object.entries(expected.spikes)) {
    const found = spikes[name]!;
    if (found.times.length !== times.length || neurons.some((neuron, k) => neuron !== found.neurons[k]))
      return Number.POSITIVE_INFINITY;
    times.forEach((time, k) => {
      worst = Math.max(worst, Math.abs(found.times[k]! - time));
    });
  }
  return worst;
}

function lossDeviation(expected: GoldenJson["expected"], { loss, readout }: Solution): number {
  const wanted = [expected.loss, ...expected.readout];
  const found = [loss, ...readout];
  if (found.length !== wanted.length) return Number.POSITIVE_INFINITY;
  const largest = Math.max(...wanted.map(Math.abs));
  const ofReadout = Math.max(...wanted.map((value, k) => Math.abs(found[k]! - value))) / largest;
  return Math.max(ofReadout, Math.abs(loss - expected.loss) / Math.abs(expected.loss));
}

function gradientAt(key: string, { network }: Case, { gradients }: Solution): number {
  const entry = entryOf(key);
  switch (entry.of) {
    case "weight":
    case "delay": {
      const { from } = network.projections[entry.projection]!;
      const pre = network.populations.find(({ name }) => name === from)?.size ?? network.inputChannels;
      return gradients.projections[entry.projection]![entry.of][entry.post * pre + entry.pre]!;
    }
    case "inputTime":
      return gradients.inputTimes[entry.index]!;
    case "spikeTime":
      return gradients.spikeTimes[entry.population]![entry.index]!;
    default: {
      const population = network.populations.findIndex(({ name }) => name === entry.population);
      return gradients.populations[population]![entry.of]![entry.neuron]!;
    }
  }
}
