/** What examples/eventprop.ts makes of a case, in the shape of the engine's answer. */
import {
  backward,
  forward,
  integralCrossEntropy,
  linear,
  type Neuron,
  population,
  project,
  type Sample,
  type Spike,
} from "../../../examples/eventprop.ts";
import type { Case } from "../../../src/model/case.ts";
import { lossPopulation } from "../../../src/model/losses.ts";
import type { Solution } from "../../../src/model/solution.ts";
import { moments, spikeCotangents, voltageCotangents } from "./pageLosses.ts";

export interface Page {
  /** By population. */
  readonly layers: Neuron[][];
  /** By projection. */
  readonly synapses: ReturnType<typeof project>[];
  readonly input: Spike[];
}

export function pageOf({ network, input }: Case): Page {
  const channels = Array.from({ length: network.inputChannels }, (): Spike["source"] => ({ out: [] }));
  const layers = network.populations.map((given) => population(given.size, given.model, given));
  const find = (name: string) => layers[network.populations.findIndex((p) => p.name === name)];
  return {
    layers,
    synapses: network.projections.map(({ from, to, weight, delay }) =>
      project(find(from) ?? channels, find(to)!, weight, delay),
    ),
    input: Array.from(input.times, (time, k) => ({ source: channels[input.sources[k]!]!, time, dTime: 0 })),
  };
}

/**
 * Every loss of the case format but the maximum, which where an arrival ends it is no V at a given time. A readout is
 * not given.
 */
export function solveOnPage(problem: Case): Solution {
  const { network, duration, loss } = problem;
  const page = pageOf(problem);
  const neurons = page.layers.flat();
  const outputs = page.layers[network.populations.indexOf(lossPopulation(network, loss)!)] ?? [];
  const run = (samples: Sample[] = []) => forward(neurons, page.input, duration, samples);
  switch (loss.kind) {
    case "integral_cross_entropy":
    case "average_cross_entropy": {
      if (loss.kind === "integral_cross_entropy" && loss.weighting === "uniform") {
        const trial = run();
        const value = integralCrossEntropy(outputs, duration, loss.target);
        return answer(problem, page, trial, value);
      }
      const { times, weights } = moments(outputs, [...page.input, ...run().spikes], duration);
      const samples = times.flatMap((time) => outputs.map((neuron) => ({ neuron, time, v: 0, dV: 0 })));
      const trial = run(samples);
      const { value, derivatives } = voltageCotangents(
        loss,
        duration,
        { times, weights },
        samples.map(({ v }) => v),
      );
      linear([], [], samples, derivatives);
      return answer(problem, page, trial, value);
    }
    case "first_spike":
    case "spike_time_mse": {
      const trial = run();
      const own = trial.spikes.filter(({ source }) => outputs.includes(source as Neuron));
      const times = own.map(({ time }) => time);
      const indices = own.map(({ source }) => outputs.indexOf(source as Neuron));
      const { value, derivatives } = spikeCotangents(loss, duration, outputs.length, times, indices);
      linear(own, derivatives, [], []);
      return answer(problem, page, trial, value);
    }
    case "linear": {
      const { spikeTimes = {}, voltages = [] } = loss;
      const layerOf = (name: string) =>
        page.layers[network.populations.findIndex((one) => one.name === name)]!;
      const samples = voltages.map(({ population, neuron, time }) => {
        return { neuron: layerOf(population)[neuron]!, time, v: 0, dV: 0 };
      });
      const trial = run(samples);
      const own = Object.keys(spikeTimes).flatMap((name) =>
        trial.spikes.filter(({ source }) => layerOf(name).includes(source as Neuron)),
      );
      const factors = voltages.map(({ factor }) => factor);
      const value = linear(own, Object.values(spikeTimes).flat(), samples, factors);
      return answer(problem, page, trial, value);
    }
    case "none":
      return answer(problem, page, run(), 0);
    case "max_cross_entropy":
      throw new Error("the page has no maximum of V");
  }
}

/** All derivatives, by what the loss has left in the page. */
export function answer(
  { network: { populations } }: Case,
  { layers, synapses, input }: Page,
  { spikes, tape }: ReturnType<typeof forward>,
  loss: number,
): Solution {
  backward(tape);
  const spiking = populations.flatMap(({ name, model }, p) => {
    const own = spikes.filter(({ source }) => layers[p]!.includes(source as Neuron));
    return model === "lif" ? [{ name, layer: layers[p]!, own }] : [];
  });
  const each = <T>(of: (population: (typeof spiking)[number]) => T) =>
    Object.fromEntries(spiking.map((population) => [population.name, of(population)]));
  return {
    loss,
    readout: new Float64Array(),
    spikes: each(({ layer, own }) => ({
      times: Float64Array.from(own, ({ time }) => time),
      neurons: Int32Array.from(own, ({ source }) => layer.indexOf(source as Neuron)),
    })),
    slopes: each(({ own }) => Float64Array.from(own, ({ slope }) => slope!)),
    gradients: {
      projections: synapses.map((all) => ({
        weight: Float64Array.from(all, ({ dWeight }) => dWeight),
        delay: Float64Array.from(all, ({ dDelay }) => dDelay),
      })),
      populations: layers.map((layer, p) => {
        const of = (name: keyof Neuron["d"]) => Float64Array.from(layer, ({ d }) => d[name]);
        const lif = { threshold: of("threshold"), reset: of("reset") };
        return {
          tauMem: of("tauMem"),
          tauSyn: of("tauSyn"),
          ...(populations[p]!.model === "lif" ? lif : {}),
          bias: of("bias"),
          v0: of("v0"),
          i0: of("i0"),
        };
      }),
      inputTimes: Float64Array.from(input, ({ dTime }) => dTime),
      spikeTimes: each(({ own }) => Float64Array.from(own, ({ dTime }) => dTime)),
    },
  };
}
