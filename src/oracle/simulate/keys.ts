/**
 * Names of gradient entries in files of cases with expected values: `w/P/post/pre` and `d/P/post/pre` for projection
 * number P, `t/k` for input time k, `<population>/<parameter>/<neuron>` otherwise.
 */
import type { Entry } from "./differences.ts";
import type { NeuronParameter } from "./exactCase.ts";

export const snakeCase: Record<NeuronParameter, string> = {
  tauMem: "tau_mem",
  tauSyn: "tau_syn",
  threshold: "threshold",
  reset: "reset",
  bias: "bias",
  v0: "v0",
  i0: "i0",
};

export function keyOf(entry: Entry): string {
  switch (entry.of) {
    case "weight":
      return `w/${entry.projection}/${entry.post}/${entry.pre}`;
    case "delay":
      return `d/${entry.projection}/${entry.post}/${entry.pre}`;
    case "inputTime":
      return `t/${entry.index}`;
    case "spikeTime":
      return `${entry.population}/spike_times/${entry.index}`;
    default:
      return `${entry.population}/${snakeCase[entry.of]}/${entry.neuron}`;
  }
}

export function entryOf(key: string): Entry {
  const [head, second, ...rest] = key.split("/");
  const [post, pre] = rest.map(Number);
  if ((head === "w" || head === "d") && pre !== undefined)
    return { of: head === "w" ? "weight" : "delay", projection: Number(second), post: post!, pre };
  if (head === "t" && post === undefined) return { of: "inputTime", index: Number(second) };
  if (second === "spike_times") return { of: "spikeTime", population: head!, index: post! };
  const parameter = Object.entries(snakeCase).find(([, name]) => name === second);
  if (parameter === undefined || post === undefined)
    throw new Error(`not the name of a gradient entry: ${key}`);
  return { of: parameter[0] as NeuronParameter, population: head!, neuron: post };
}
