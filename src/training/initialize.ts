/** The network of a run before training. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { normal, randomStream, stream } from "../base/random.ts";
import type { Elementary } from "../engine/kernel/elementary.ts";
import { losses } from "../model/losses.ts";
import { inputName, type Network, type Population, type Projection } from "../model/network.ts";
import { mapParameters, type PerNeuron, parameters } from "../model/parameters.ts";
import type { DelayConfig, LayerConfig, TauConfig } from "./config/network.ts";
import {
  type Ends,
  hiddenNames,
  type Normal,
  outputName,
  projectionEnds,
  projectionName,
  weightDistribution,
} from "./config/parts.ts";
import type { RunConfig } from "./config/run.ts";

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
  const model = losses[loss.kind].reads!;
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

/**
 * A number from the gamma distribution of this shape > 0 and scale 1, whose mean and variance are `shape`.
 *
 * G. Marsaglia, W. W. Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000): with
 * d = shape − 1/3, the variate d (1 + x/√(9d))³ of a normal x is accepted with a probability that makes it exact.
 * Below shape 1, a variate of shape + 1 times u^(1/shape) with a uniform u.
 */
export function gamma(random: RandomGenerator, shape: number, elementary: Elementary): number {
  const { exp, log } = elementary;
  if (shape < 1) {
    const uniform = 1 - uniformFloat64(random);
    return gamma(random, shape + 1, elementary) * exp(log(uniform) / shape);
  }
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    if (log(uniformFloat64(random)) < 0.5 * x * x + d - d * v + d * log(v)) return d * v;
  }
}
