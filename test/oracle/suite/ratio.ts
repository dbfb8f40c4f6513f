/** Equal time constants and twice as long ones, shared by all neurons: what closed forms of one ratio can do. */
import type { CaseJson, PopulationJson } from "../../../src/oracle/certify/caseJson.ts";
import { createDraw } from "../recipes/draw.ts";
import { drawCase } from "../recipes/drawCase.ts";
import { header, type Recipe } from "../recipes/recipe.ts";
import { crossed, type Topology, topologies } from "./core.ts";
import type { Solvable } from "./recipe.ts";

const ratios = {
  twice: { tau_mem: 10, tau_syn: 5 },
  equal: { tau_mem: 8, tau_syn: 8 },
} as const;
type Ratio = keyof typeof ratios;

const why: Readonly<Record<Ratio, string>> = {
  twice: "the closed form of tau_mem = 2 tau_syn",
  equal: "the limit tau_mem = tau_syn",
};

const cross: readonly [Topology, string, Ratio][] = [
  ["feed-forward", "exponential", "twice"],
  ["feed-forward", "max", "equal"],
  ["feed-forward", "average", "equal"],
  ["recurrent", "uniform", "twice"],
  ["recurrent", "exponential", "equal"],
  ["recurrent", "first_spike", "twice"],
  ["delayed", "exponential", "twice"],
  ["delayed", "uniform", "equal"],
  ["layered", "max", "twice"],
  ["layered", "exponential", "equal"],
];

/** The same topologies under a loss of spike times and voltages. */
const linears: readonly [Topology, Ratio][] = [
  ["feed-forward", "twice"],
  ["recurrent", "equal"],
  ["delayed", "equal"],
  ["layered", "twice"],
];

const firstSpike: CaseJson["loss"] = {
  kind: "first_spike",
  population: "output",
  tau0: 2,
  alpha: 0,
  penalty: "hyperbolic",
  target: 1,
};

/** One layer of spiking neurons and nothing behind it. */
const singles: readonly [what: string, Ratio, CaseJson["loss"], catches: string][] = [
  ["first-spike", "twice", firstSpike, "gradients that need a readout, or a hidden layer, to arrive"],
  ["first-spike", "equal", firstSpike, "spikes after the first of a neuron that get a gradient too"],
];

export const ratioCases: readonly Solvable[] = [
  ...cross.map(([topology, loss, ratio], k): Solvable => {
    const recipe = tamed(crossed(201 + k, topology, loss, ratio), ratio);
    const { name } = recipe.draw(createDraw(recipe.seed));
    const catches = `${topologies[topology]}, in ${why[ratio]}`;
    return { group: "ratio", name, catches, json: () => drawCase(recipe) };
  }),
  ...linears.map(([topology, ratio], k) => linear(231 + k, topology, ratio)),
  ...singles.map(([what, ratio, loss, catches], k): Solvable => {
    const name = `single-layer-${what}-${ratio}`;
    const recipe = single(251 + k, name, ratio, loss);
    return { group: "ratio", name, catches, json: () => drawCase(recipe) };
  }),
];

/** Currents last longer where tau_syn is tau_mem: a second layer would spike without end. */
function tamed({ seed, draw }: Recipe, ratio: Ratio): Recipe {
  const half = (weight: number) => Math.round((weight / 2) * 1e4) / 1e4;
  return {
    seed,
    draw: (random) => {
      const json = draw(random);
      if (ratio === "twice") return json;
      const projections = json.projections.map((projection) =>
        projection.to === "second"
          ? { ...projection, weight: projection.weight.map((row) => row.map(half)) }
          : projection,
      );
      return { ...json, projections };
    },
  };
}

function linear(seed: number, topology: Topology, ratio: Ratio): Solvable {
  const name = `${topology}-linear-loss-${ratio}`;
  const note = `${topology}, some voltages of readouts and of a hidden neuron, time constants ${ratio}`;
  return {
    group: "ratio",
    name,
    catches: `${topologies[topology]}, in ${why[ratio]}, where the loss asks for single voltages`,
    json: () => ({
      ...drawCase(tamed(crossed(seed, topology, "uniform", ratio), ratio)),
      name,
      note,
      loss: terms,
    }),
  };
}

/** Of voltages alone: a program on a grid may have a spike less, and factors would have none to go to. */
const terms: CaseJson["loss"] = {
  kind: "linear",
  voltages: [
    { population: "output", neuron: 0, time: 21.2345, factor: 0.8 },
    { population: "hidden", neuron: 1, time: 29.6123, factor: 0.6 },
    { population: "output", neuron: 1, time: 37.7071, factor: -1.1 },
  ],
};

function single(seed: number, name: string, ratio: Ratio, loss: CaseJson["loss"]): Recipe {
  return {
    seed,
    draw: (random) => {
      const output: PopulationJson = { name: "output", size: 3, model: "lif", ...ratios[ratio] };
      return {
        ...header,
        name,
        note: `input to three spiking neurons and nothing else, time constants ${ratio}`,
        duration: 50,
        input: random.input(3, 16, 0, 36),
        populations: [output],
        projections: [{ from: "input", to: "output", weight: random.matrix(3, 3, 0.4, 2.6) }],
        loss,
      };
    },
  };
}
