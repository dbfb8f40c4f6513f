/** Networks before training: that of a run, and of a program's own, drawn in the same way. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { complaint } from "../base/parseWith.ts";
import { normal, randomStream, seedComplaint, stream } from "../base/random.ts";
import { checkOptions } from "../engine/checks.ts";
import type { Elementary } from "../engine/kernel/elementary.ts";
import { buildNetwork, type NetworkSpecification, type Values } from "../model/buildNetwork.ts";
import { losses } from "../model/losses.ts";
import { inputName, type Network, type Population, type Projection } from "../model/network.ts";
import { mapParameters, type PerNeuron, parameters } from "../model/parameters.ts";
import type { LayerConfig, TauConfig } from "./config/network.ts";
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

/** Uniform numbers between two bounds, included. */
export interface Uniform {
  /** Least; of delays in ms, ≥ 0. */
  readonly min: number;
  /** Largest; above `min`. */
  readonly max: number;
}

/** A projection as `drawNetwork` takes it: numbers, or what they are drawn from. */
export interface DrawnProjection {
  /** Name of the population that sends, or "input". */
  readonly from: string;
  /** Name of the population that receives. */
  readonly to: string;
  /** Jumps of the postsynaptic current: a normal distribution, or shape [post][pre], row-major. */
  readonly weight: Normal | ArrayLike<number>;
  /** ms, default 0: a uniform distribution, one number for all synapses, or shape [post][pre], row-major. */
  readonly delay?: Uniform | Values;
}

/** A network as `drawNetwork` takes it. */
export interface DrawnNetwork extends Omit<NetworkSpecification, "projections"> {
  /** In the order in which their weights are drawn. */
  readonly projections: readonly DrawnProjection[];
}

const source = "network";
/** Of 8 bytes each in 4 GiB. */
const mostSynapses = 2 ** 29;

/**
 * A network whose weights are normal and whose delays are uniform where it says so, drawn as those of a run: weights and
 * delays each from a stream of the seed, projection after projection, [post][pre]. The same seed gives the same bits
 * everywhere.
 *
 * @param options.seed an integer from 0 to 2³² − 1; default 1
 * @throws ConfigError as `buildNetwork`; for a distribution with other keys, or with numbers out of range
 */
export function drawNetwork(specification: DrawnNetwork, options: { readonly seed?: number } = {}): Network {
  checkOptions(options, { seed: (value) => (value === undefined ? undefined : seedComplaint(value)) });
  const { seed = 1 } = options;
  // Sizes are needed to draw, and are checked before.
  const { inputChannels, populations } = buildNetwork({ ...specification, projections: [] });
  if (!Array.isArray(specification.projections))
    throw complaint(source, ["projections"], "expected an array", specification.projections);
  const sizes = new Map(populations.map(({ name, size }) => [name, size])).set(inputName, inputChannels);
  const [weights, delays] = [randomStream(seed, stream.weights), randomStream(seed, stream.delays)];
  const drawn = specification.projections.map((projection, k) => {
    const { from, to, weight, delay } = projection ?? {};
    const count = (sizes.get(from) ?? 0) * (sizes.get(to) ?? 0);
    const path = ["projections", k];
    if (count > mostSynapses)
      throw complaint(source, path, "expected a projection that fits into 4 GiB", `${count} synapses`);
    return {
      ...projection,
      weight: isDrawn(weight, "mean")
        ? normals(count, checkedNormal(weight, [...path, "weight"]), weights)
        : weight,
      ...(delay !== undefined && {
        delay: isDrawn(delay, "min")
          ? uniforms(count, checkedUniform(delay, [...path, "delay"]), delays)
          : delay,
      }),
    };
  });
  return buildNetwork({ ...specification, projections: drawn });
}

function isDrawn<Drawn extends object>(given: Drawn | Values, key: keyof Drawn & string): given is Drawn {
  return typeof given === "object" && given !== null && key in given;
}

function checkedNormal(normal: Normal, path: readonly PropertyKey[]): Normal {
  requireNumbers(normal, ["mean", "sd"], path);
  if (normal.sd < 0) throw complaint(source, [...path, "sd"], "expected a number ≥ 0", normal.sd);
  return normal;
}

function checkedUniform(uniform: Uniform, path: readonly PropertyKey[]): Uniform {
  requireNumbers(uniform, ["min", "max"], path);
  const { min, max } = uniform;
  if (min < 0) throw complaint(source, [...path, "min"], "expected a number ≥ 0", min);
  if (min >= max) throw complaint(source, [...path, "max"], `expected a number above min, ${min}`, max);
  return uniform;
}

function requireNumbers(given: object, keys: readonly string[], path: readonly PropertyKey[]): void {
  const unknown = Object.keys(given).find((key) => !keys.includes(key));
  if (unknown !== undefined)
    throw complaint(source, [...path, unknown], `unknown key (expected one of ${keys.join(", ")})`, unknown);
  for (const key of keys) {
    const value: unknown = (given as Record<string, unknown>)[key];
    if (!Number.isFinite(value)) throw complaint(source, [...path, key], "expected a finite number", value);
  }
}

function normals(count: number, { mean, sd }: Normal, random: RandomGenerator): Float64Array {
  return Float64Array.from({ length: count }, () => mean + sd * normal(random));
}

/** The product may round up beyond the range. */
function uniforms(count: number, { min, max }: Uniform, random: RandomGenerator): Float64Array {
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
