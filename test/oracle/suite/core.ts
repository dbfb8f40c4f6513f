/** Topologies, losses and time constants, crossed; drawn until the case is well conditioned. */
import type { CaseJson, PopulationJson } from "../../../src/oracle/certify/caseJson.ts";
import { createDraw, type Draw } from "../recipes/draw.ts";
import { drawCase } from "../recipes/drawCase.ts";
import { header, type Recipe } from "../recipes/recipe.ts";
import { recipes } from "../recipes/recipes.ts";
import type { Solvable } from "./recipe.ts";

type Taus = Pick<PopulationJson, "tau_mem" | "tau_syn">;

const taus: Readonly<Record<string, (random: Draw, size: number) => Taus>> = {
  usual: () => ({ tau_mem: 20, tau_syn: 5 }),
  twice: () => ({ tau_mem: 10, tau_syn: 5 }),
  equal: () => ({ tau_mem: 8, tau_syn: 8 }),
  slow: () => ({ tau_mem: 6, tau_syn: 10 }),
  drawn: ({ list }, size) => ({ tau_mem: list(size, 12, 25), tau_syn: list(size, 3, 8) }),
};

const losses: Readonly<Record<string, CaseJson["loss"]>> = {
  uniform: { kind: "integral_cross_entropy", weighting: "uniform", target: 1 },
  exponential: { kind: "integral_cross_entropy", weighting: "exponential", target: 0 },
  linear: { kind: "integral_cross_entropy", weighting: "linear", target: 1 },
  sigmoid: { kind: "integral_cross_entropy", weighting: "sigmoid", target: 0 },
  max: { kind: "max_cross_entropy", target: 1 },
  average: { kind: "average_cross_entropy", target: 0 },
  first_spike: {
    kind: "first_spike",
    population: "output",
    tau0: 1.5,
    tau1: 20,
    alpha: 0.01,
    penalty: "exponential",
    target: 0,
  },
};

/** What is wrong if the case fails while those before it pass. */
export const topologies = {
  "feed-forward": "sums over the spikes of one neuron, and the readout",
  recurrent: "feedback within a population without delay",
  delayed: "feedback after delays of every synapse's own",
  layered: "adjoints carried through a second layer and around it",
} as const;

export type Topology = keyof typeof topologies;

function projections({ matrix }: Draw, topology: Topology, spiking: boolean): CaseJson["projections"] {
  const readout = { to: "output", weight: matrix(2, 3, spiking ? 0.8 : -0.7, spiking ? 3 : 0.7) };
  const input = { from: "input", to: "hidden", weight: matrix(3, 3, 0.2, 2.6) };
  switch (topology) {
    case "feed-forward":
      return [input, { from: "hidden", ...readout }];
    case "recurrent":
      return [
        input,
        { from: "hidden", to: "hidden", weight: matrix(3, 3, -0.8, 0.9) },
        { from: "hidden", ...readout },
      ];
    case "delayed":
      return [
        { ...input, delay: matrix(3, 3, 0.2, 4) },
        { from: "hidden", to: "hidden", weight: matrix(3, 3, -0.8, 0.9), delay: matrix(3, 3, 0.2, 4) },
        { from: "hidden", ...readout, delay: 1.25 },
      ];
    case "layered":
      return [
        input,
        { from: "hidden", to: "second", weight: matrix(3, 3, 0.4, 2.6) },
        { from: "input", to: "second", weight: matrix(3, 3, -0.4, 0.8), delay: 2 },
        { from: "second", ...readout },
        { from: "hidden", to: "output", weight: matrix(2, 3, -0.3, 0.6), delay: 0.5 },
      ];
  }
}

export function crossed(seed: number, topology: Topology, loss: string, tau: string): Recipe {
  const spiking = loss === "first_spike";
  return {
    seed,
    draw: (random) => {
      const population = (name: string, size: number, model: "lif" | "li"): PopulationJson => ({
        name,
        size,
        model,
        ...taus[tau]!(random, size),
      });
      return {
        ...header,
        name: `${topology}-${loss.replace("_", "-")}-${tau}`,
        note: `${topology}, loss ${loss}, time constants ${tau}`,
        duration: 50,
        input: random.input(3, 16, 0, 36),
        populations: [
          population("hidden", 3, "lif"),
          ...(topology === "layered" ? [population("second", 3, "lif")] : []),
          // A readout that rests at 0 and never rises has a peak that is not differentiable.
          { ...population("output", 2, spiking ? "lif" : "li"), ...(loss === "max" && { v0: [0.05, -0.1] }) },
        ],
        projections: projections(random, topology, spiking),
        loss: losses[loss]!,
      };
    },
  };
}

const cross: readonly [Topology, string, string][] = [
  ["feed-forward", "uniform", "equal"],
  ["feed-forward", "average", "drawn"],
  ["feed-forward", "first_spike", "twice"],
  ["recurrent", "exponential", "usual"],
  ["recurrent", "max", "drawn"],
  ["recurrent", "sigmoid", "slow"],
  ["recurrent", "first_spike", "drawn"],
  ["delayed", "linear", "usual"],
  ["delayed", "average", "twice"],
  ["delayed", "max", "equal"],
  ["layered", "exponential", "drawn"],
  ["layered", "linear", "twice"],
  ["layered", "first_spike", "usual"],
];

/** What is wrong if one of the cases of recipes.ts fails. */
const bugs: Readonly<Record<string, string>> = {
  "feed-forward-exponential": "biases and initial voltages of readouts left out of the loss",
  "recurrent-linear": "parameters of one neuron used for all of a population",
  "synapse-delays-uniform":
    "one delay for all synapses of a projection, or delays that do not reach the adjoint",
  "uniform-delay-sigmoid": "readouts whose tau_syn is above their tau_mem, and a delay given as one number",
  "first-spike-exponential": "a silent output left out of the softmax",
  "first-spike-hyperbolic":
    "the penalty of late spikes, and inhibition between outputs that changes who is first",
  "equal-taus-max": "0/0 at equal time constants, and coincident input spikes that are merged",
  "long-trial": "exp(t/tau) that overflows, and states that are lost in long silences",
  "nearly-equal-taus-average": "cancellation between time constants that nearly are equal",
  "two-layers-skip":
    "connections that skip a layer, feedback between layers, two projections between one pair",
  "spike-time-mse": "spikes paired with the targets of another neuron, or in another order",
  "bias-above-threshold":
    "neurons that fire by their bias alone, and a fall before the rise taken for no crossing",
};

export const coreCases: readonly Solvable[] = [
  ...recipes.map((recipe) => drawn(recipe, bugs)),
  ...cross.map(([topology, loss, tau], k) =>
    drawn(crossed(101 + k, topology, loss, tau), topologies[topology]),
  ),
];

/** @param catches of the case, or by the case's name */
function drawn(recipe: Recipe, catches: string | Readonly<Record<string, string>>): Solvable {
  const { name } = recipe.draw(createDraw(recipe.seed));
  const its = typeof catches === "string" ? catches : catches[name]!;
  return { group: "core", name, catches: its, json: () => drawCase(recipe) };
}
