/** Long ways through a network, through a trial, and through many spikes. */
import type { CaseJson, PopulationJson } from "../../../src/oracle/certify/caseJson.ts";
import type { Solvable } from "./recipe.ts";
import { adversarial, chain, channel0, exponential, hidden, output, recurrent } from "./small.ts";

/** One neuron a layer, each driven by the one before. */
function layers(count: number, delay: number): Pick<CaseJson, "populations" | "projections"> {
  const names = Array.from({ length: count }, (_, k) => `layer_${k + 1}`);
  const populations: PopulationJson[] = names.map((name) => hidden(1, { name, tau_mem: 10, tau_syn: 5 }));
  return {
    populations: [...populations, output(2)],
    projections: [
      { from: "input", to: names[0]!, weight: [[4.5]] },
      ...names.slice(1).map((to, k) => ({ from: names[k]!, to, weight: [[2.8 + 0.05 * k]], delay })),
      { from: names.at(-1)!, to: "output", weight: [[0.7], [-0.4]] },
    ],
  };
}

export const depth: readonly Solvable[] = [
  adversarial(
    "five-layers",
    "a chain of five spiking neurons without delays",
    "adjoints that fade, or stop, after a few layers; layers that take a step each",
    { ...layers(5, 0), input: channel0(1, 4, 12, 15) },
  ),
  adversarial(
    "six-layers-delayed",
    "a chain of six spiking neurons, 2.5 ms between them",
    "delays added up over layers in one pass only",
    { ...layers(6, 2.5), input: channel0(1, 4, 12, 15) },
  ),
  adversarial(
    "four-seconds",
    "4000 ms, 40 000 steps of 0.1 ms, spikes at both ends",
    "times in single precision that no longer tell two steps apart: spikes that the backward pass never finds",
    {
      duration: 4000,
      input: channel0(3, 7, 3990.25, 3994.5),
      projections: chain(
        [[4.2], [5.5]],
        [
          [60, -40],
          [-30, 50],
        ],
      ),
      loss: exponential(1),
    },
  ),
  adversarial(
    "hundred-spikes",
    "two recurrent neurons driven by their biases, more than a hundred spikes in a trial",
    "buffers of a few spikes a neuron, and errors that grow from spike to spike",
    {
      duration: 200,
      populations: [hidden(2, { tau_mem: 10, bias: [4.2, 3.7] }), output(2)],
      projections: recurrent(
        [
          [0.1, -0.3],
          [0.2, -0.1],
        ],
        1.5,
      ).map((projection) => ({
        ...projection,
        weight: projection.weight.map((row) => row.map((w) => w / 4)),
      })),
    },
  ),
];
