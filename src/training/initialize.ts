/** The network of a run before training. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { normal, randomStream, stream } from "../base/random.ts";
import type { Elementary } from "../engine/kernel/elementary.ts";
import { inputName, type Network, type Population, type Projection } from "../model/network.ts";
import { mapParameters, type PerNeuron, parameters } from "../model/parameters.ts";
import type { DelayConfig, LayerConfig, TauConfig } from "./config/network.ts";
import { type Ends, hiddenNames, outputName, projectionEnds, projectionName } from "./config/projections.ts";
import type { RunConfig } from "./config/run.ts";
import { type Normal, weightDistribution } from "./config/weights.ts";
import { gamma } from "./gamma.ts";

/**
 * Input → one to three hidden layers → output, one readout per class. Every parameter is independent of the others and
 * drawn in the order of populations or projections, post and pre; weights, time constants and delays each from a stream
 * of their own.
 *
 * @param channels of the input as the network sees it, the copies of a delay line included
 * @param classes their number
 */
export function initialNetwork(
  config: RunConfig,
  channels: number,
  classes: number,
  elementary: Elementary,
): Network {
  const populations = [...hiddenLayers(config, elementary), outputLayer(config, classes)];
  const sizes = new Map(populations.map(({ name, size }) => [name, size])).set(inputName, channels);
  return { inputChannels: channels, populations, projections: projections(config, sizes) };
}

function hiddenLayers({ seed, network }: RunConfig, elementary: Elementary): Population[] {
  const random = randomStream(seed, stream.timeConstants);
  return hiddenNames(network).map((name, k) => {
    const layer: LayerConfig = network.hidden[k]!;
    const draw = (tau: TauConfig) => timeConstants(layer.size, tau, random, elementary);
    const [tauMem, tauSyn] = [draw(layer.tau_mem), draw(layer.tau_syn)];
    return population({ name, model: "lif", tauMem, tauSyn, threshold: layer.threshold });
  });
}

/** It spikes where the loss is about spikes. */
function outputLayer({ network, loss }: RunConfig, classes: number): Population {
  const { tau_mem, tau_syn } = network.output;
  const [tauMem, tauSyn] = [filled(classes, tau_mem), filled(classes, tau_syn)];
  const model = loss.kind === "first_spike" ? "lif" : "li";
  return population({ name: outputName, model, tauMem, tauSyn, threshold: 1 });
}

function population(
  given: Pick<Population, "name" | "model" | "tauMem" | "tauSyn"> & { readonly threshold: number },
): Population {
  const { name, model, threshold, ...own } = given;
  const size = own.tauMem.length;
  const values = mapParameters((key) =>
    key === "tauMem" || key === "tauSyn" ? own[key] : filled(size, parameters[key].default),
  );
  return { name, model, size, ...values, threshold: filled(size, threshold) };
}

function filled(size: number, value: number): PerNeuron {
  return new Float64Array(size).fill(value);
}

function timeConstants(
  size: number,
  tau: TauConfig,
  random: RandomGenerator,
  elementary: Elementary,
): PerNeuron {
  if (typeof tau === "number") return filled(size, tau);
  const scale = tau.mean / tau.shape;
  return filled(size, 0).map(() => {
    const drawn = scale * gamma(random, tau.shape, elementary);
    return Math.min(tau.max, Math.max(tau.min, drawn));
  });
}

function projections(config: RunConfig, sizes: ReadonlyMap<string, number>): Projection[] {
  const weights = randomStream(config.seed, stream.weights);
  const delays = randomStream(config.seed, stream.delays);
  return projectionEnds(config.network).map((ends: Ends) => {
    const synapses = sizes.get(ends.to)! * sizes.get(ends.from)!;
    const delay = config.network.delays[projectionName(ends)];
    return {
      ...ends,
      weight: normals(synapses, weightDistribution(config, ends), weights),
      delay: delay === undefined ? 0 : uniforms(synapses, delay, delays),
    };
  });
}

function normals(count: number, { mean, sd }: Normal, random: RandomGenerator): Float64Array {
  return Float64Array.from({ length: count }, () => mean + sd * normal(random));
}

/** The product may round up beyond the range. */
function uniforms(count: number, { min, max }: DelayConfig, random: RandomGenerator): Float64Array {
  const draw = () => Math.min(max, min + (max - min) * uniformFloat64(random));
  return Float64Array.from({ length: count }, draw);
}
