/** The network that most adversarial cases vary: one input, one or two neurons, two readouts. */
import type { CaseJson, PopulationJson } from "../../../src/oracle/certify/caseJson.ts";
import { header } from "../recipes/recipe.ts";
import type { Solvable } from "./recipe.ts";

export const exponential = (target = 0): CaseJson["loss"] => ({
  kind: "integral_cross_entropy",
  weighting: "exponential",
  target,
});

export const hidden = (size: number, more: Partial<PopulationJson> = {}): PopulationJson => ({
  name: "hidden",
  size,
  model: "lif",
  tau_mem: 20,
  tau_syn: 5,
  ...more,
});

export const output = (size: number, more: Partial<PopulationJson> = {}): PopulationJson => ({
  name: "output",
  size,
  model: "li",
  tau_mem: 20,
  tau_syn: 5,
  ...more,
});

/** Input → hidden → output of 50 ms, one channel, input spikes at 1, 4, 6 and 9 ms; `changes` replaces what it names. */
export function small(name: string, note: string, changes: Partial<CaseJson> = {}): CaseJson {
  return {
    ...header,
    name,
    note,
    duration: 50,
    input: { channels: 1, times: [1, 4, 6, 9], sources: [0, 0, 0, 0] },
    populations: [hidden(2), output(2)],
    projections: [
      { from: "input", to: "hidden", weight: [[4], [5.5]] },
      {
        from: "hidden",
        to: "output",
        weight: [
          [0.6, -0.4],
          [-0.3, 0.5],
        ],
      },
    ],
    loss: exponential(),
    ...changes,
  };
}

/** The input's times with sources of channel 0. */
export const channel0 = (...times: number[]): CaseJson["input"] => ({
  channels: 1,
  times,
  sources: times.map(() => 0),
});

/** A small case of the adversarial group. */
export const adversarial = (
  name: string,
  note: string,
  catches: string,
  changes: Partial<CaseJson>,
): Solvable => ({
  group: "adversarial",
  name,
  catches,
  json: () => small(name, note, changes),
});

/** Input → hidden → output. */
export const chain = (weights: number[][], readout: number[][]): CaseJson["projections"] => [
  { from: "input", to: "hidden", weight: weights },
  { from: "hidden", to: "output", weight: readout },
];
export const readout = [
  [0.6, -0.4],
  [-0.3, 0.5],
];
/** The same with connections among the hidden neurons. */
export const recurrent = (weight: number[][], delay: number | number[][] = 0): CaseJson["projections"] => [
  { from: "input", to: "hidden", weight: [[4], [5.5]] },
  { from: "hidden", to: "hidden", weight, delay },
  { from: "hidden", to: "output", weight: readout },
];
