/** Equal time constants and twice as long ones, shared by all neurons: what closed forms of one ratio can do. */
import { type CaseJson, caseFromJson, type PopulationJson } from "../../../src/oracle/certify/caseJson.ts";
import { consult } from "../consult.ts";
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

/** Likewise, with a factor for every hidden spike too; in steps of 0.1 ms there are as many spikes. */
const timed: readonly [seed: number, Topology, Ratio][] = [
  [242, "recurrent", "twice"],
  [251, "delayed", "equal"],
];

const firstSpike: CaseJson["loss"] = {
  kind: "first_spike",
  population: "output",
  tau0: 2,
  alpha: 0,
  penalty: "hyperbolic",
  target: 1,
};

/** Targets are drawn. */
const spikeTimes: CaseJson["loss"] = { kind: "spike_time_mse", population: "output", targets: [] };

/** One layer of spiking neurons and nothing behind it; where spikes have targets, steps of 0.1 ms have as many. */
const singles: readonly [seed: number, what: string, Ratio, CaseJson["loss"], catches: string][] = [
  [251, "first-spike", "twice", firstSpike, "gradients that need a readout, or a hidden layer, to arrive"],
  [252, "first-spike", "equal", firstSpike, "spikes after the first of a neuron that get a gradient too"],
  [256, "spike-times", "twice", spikeTimes, "pulls on later spikes that the jump of an earlier one forgets"],
  [253, "spike-times", "equal", spikeTimes, "targets paired with the spikes of another neuron"],
];

/** With a threshold and a reset of the population's own, which at 1 and 0 nobody tells apart in a jump. */
const lowered: readonly [seed: number, Topology, Ratio][] = [
  [261, "recurrent", "equal"],
  [262, "feed-forward", "twice"],
];

/** Short currents let a second layer have the weights that it has at other ratios. */
const untamed: Solvable = {
  group: "ratio",
  name: "layered-uniform-equal",
  catches: `${topologies.layered}, in ${why.equal}, where a layer spikes often`,
  json: () => {
    const { seed, draw } = crossed(211, "layered", "uniform", "equal");
    return drawCase({
      seed,
      draw: (random) => {
        const json = draw(random);
        const populations = json.populations.map((own) => ({ ...own, tau_mem: 4, tau_syn: 4 }));
        return { ...json, note: `${json.note}, and short`, populations };
      },
    });
  },
};

export const ratioCases: readonly Solvable[] = [
  ...cross.map(([topology, loss, ratio], k): Solvable => {
    const recipe = tamed(crossed(201 + k, topology, loss, ratio), ratio);
    const { name } = recipe.draw(createDraw(recipe.seed));
    const catches = `${topologies[topology]}, in ${why[ratio]}`;
    return { group: "ratio", name, catches, json: () => drawCase(recipe) };
  }),
  ...linears.map(([topology, ratio], k) => linear(231 + k, topology, ratio)),
  ...timed.map((row) => linearInTimes(...row)),
  untamed,
  ...lowered.map((row) => reset(...row)),
  ...singles.map(([seed, what, ratio, loss, catches]): Solvable => {
    const name = `single-layer-${what}-${ratio}`;
    const recipe = single(seed, name, ratio, loss);
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

function reset(seed: number, topology: Topology, ratio: Ratio): Solvable {
  const name = `${topology}-reset-${ratio}`;
  return {
    group: "ratio",
    name,
    catches: `${topologies[topology]}, in ${why[ratio]}, and theta where theta - reset belongs`,
    json: () => {
      const json = drawCase(tamed(crossed(seed, topology, "uniform", ratio), ratio));
      const populations = json.populations.map(
        (own): PopulationJson => (own.model === "lif" ? { ...own, threshold: 1.1, reset: -0.3 } : own),
      );
      const note = `${json.note}, thresholds 1.1, resets -0.3`;
      return { ...json, name, note, populations };
    },
  };
}

function linearInTimes(seed: number, topology: Topology, ratio: Ratio): Solvable {
  const { catches, json: withVoltages } = linear(seed, topology, ratio);
  const name = `${topology}-linear-times-${ratio}`;
  return {
    group: "ratio",
    name,
    catches: catches.replace("single voltages", "the time of every hidden spike, and single voltages"),
    json: () => {
      const json = withVoltages();
      const { times } = consult(caseFromJson({ ...json, loss: { kind: "none" } })).spikes["hidden"]!;
      const factors = createDraw(seed).list(times.length, -1, 1);
      const note = `${topology}, all hidden spike times and some voltages, time constants ${ratio}`;
      return { ...json, name, note, loss: { ...terms, spike_times: { hidden: factors } } };
    },
  };
}

/** Of voltages alone: a program on a grid may have a spike less, and factors would have none to go to. */
const terms: Extract<CaseJson["loss"], { readonly kind: "linear" }> = {
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
