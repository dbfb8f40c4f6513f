/** First spikes as most programs have them, without a penalty, and labels that stay silent. */
import type { CaseJson, PopulationJson } from "../../../src/oracle/certify/caseJson.ts";
import type { Solvable } from "./recipe.ts";
import { adversarial, chain, hidden, output } from "./small.ts";

type FirstSpike = Extract<CaseJson["loss"], { readonly kind: "first_spike" }>;

const outputs: PopulationJson = { ...output(3), model: "lif" };

const firsts = (
  name: string,
  note: string,
  catches: string,
  loss: Omit<FirstSpike, "kind" | "population">,
  weights: number[][],
): Solvable =>
  adversarial(name, note, catches, {
    populations: [hidden(2), outputs],
    projections: chain([[4], [5.5]], weights),
    loss: { kind: "first_spike", population: "output", ...loss },
  });

const all = [
  [2.1, 1.6],
  [1.4, 1.9],
  [2.4, 0.9],
];
/** The second output has no more than a murmur. */
const silent = [
  [2.1, 1.6],
  [0.2, 0.1],
  [2.4, 0.9],
];

export const firstSpikes: readonly Solvable[] = [
  firsts(
    "plain-first-spikes",
    "first spikes, tau0 = tau1 = 5 and no penalty",
    "a gradient divided by tau0 where the value was not, or twice",
    { tau0: 5, tau1: 5, alpha: 0, penalty: "exponential", target: 1 },
    all,
  ),
  firsts(
    "plain-first-spikes-of-one",
    "first spikes at a temperature of 1 ms and no penalty",
    "a softmax that overflows for times in ms, or is of times in steps",
    { tau0: 1, alpha: 0, penalty: "hyperbolic", target: 2 },
    all,
  ),
  firsts(
    "silent-label",
    "the neuron of the label never spikes, the others do; hyperbolic penalty",
    "a push for a label without a spike, which is no derivative",
    { tau0: 5, alpha: 0.01, penalty: "hyperbolic", target: 1 },
    silent,
  ),
  firsts(
    "silent-label-exponential",
    "the neuron of the label never spikes, the others do; exponential penalty",
    "a silent label left out of the softmax, so that the others are not pushed back",
    { tau0: 5, tau1: 20, alpha: 0.01, penalty: "exponential", target: 1 },
    silent,
  ),
];
