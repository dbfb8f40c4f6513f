/** Initial weights of the input that bring neurons to their threshold, whatever the data: found by solving some trials. */

import { ConfigError } from "../base/errors.ts";
import { normal, randomStream, stream } from "../base/random.ts";
import type { Dataset } from "../data/dataset.ts";
import { Engine } from "../engine/engine.ts";
import { buildNetwork } from "../model/buildNetwork.ts";
import { inputName } from "../model/network.ts";
import type { TauConfig } from "./config/network.ts";
import { hiddenNames, projectionName } from "./config/parts.ts";
import type { RunConfig } from "./config/run.ts";

/** Trials and neurons that the highest voltages are averaged over. */
const [mostTrials, neurons] = [32, 64];

/**
 * The configuration with the weights that a `drive` asks for: of mean 0, with the deviation at which the highest voltage of a
 * neuron, by the input alone and averaged over trials of the training part, is so many thresholds.
 *
 * @param dataset prepared
 * @throws ConfigError a drive of a projection that is not the input's, or data without a spike
 */
export async function driven<Config extends RunConfig>(config: Config, dataset: Dataset): Promise<Config> {
  const { network } = config;
  const first = projectionName({ from: inputName, to: hiddenNames(network)[0]! });
  const weights = { ...network.weights };
  for (const [name, own] of Object.entries(network.weights)) {
    if (!("drive" in own)) continue;
    const place = `network.weights.${name}.drive`;
    if (name !== first) throw new ConfigError(`${place}: expected it of ${first} alone`);
    const { threshold } = network.hidden[0]!;
    const highest = await highestVoltage(config, dataset);
    if (!(highest > 0)) throw new ConfigError(`${place}: expected training trials with spikes, found none`);
    // Four digits are enough to draw weights by, and are read in a file.
    weights[name] = { mean: 0, sd: Number(((own.drive * threshold) / highest).toPrecision(4)) };
  }
  return { ...config, network: { ...network, weights } };
}

/** The configuration with the weights that were found where it asks for a drive, to be compared with the one found. */
export function drivenAs<Config extends RunConfig>(config: Config, found: RunConfig): Config {
  const weights = Object.entries(config.network.weights).map(([name, own]) => [
    name,
    "drive" in own ? (found.network.weights[name] ?? own) : own,
  ]);
  return { ...config, network: { ...config.network, weights: Object.fromEntries(weights) } };
}

/** Of neurons without a threshold whose weights are of deviation 1. */
async function highestVoltage({ network, duration, seed }: RunConfig, dataset: Dataset): Promise<number> {
  const { channels, train } = dataset;
  const layer = network.hidden[0]!;
  const random = randomStream(seed, stream.drive);
  const weight = Float64Array.from({ length: neurons * channels }, () => normal(random));
  const size = neurons;
  const [tauMem, tauSyn] = [middle(layer.tau_mem), middle(layer.tau_syn)];
  const probe = buildNetwork({
    inputChannels: channels,
    populations: [{ name: "probe", size, model: "li", tauMem, tauSyn }],
    projections: [{ from: inputName, to: "probe", weight }],
  });
  const trials = Math.min(mostTrials, train.labels.length);
  const input = (trial: number) => {
    const [from, to] = [train.offsets[trial]!, train.offsets[trial + 1]!];
    return {
      times: Float64Array.from(train.times.subarray(from, to)),
      sources: Int32Array.from(train.sources.subarray(from, to)),
    };
  };
  // Spread over the part, which may be sorted by class.
  const chosen = Array.from({ length: trials }, (_, k) => Math.floor((k * train.labels.length) / trials));
  const maxInputSpikes = Math.max(1, ...chosen.map((trial) => input(trial).times.length));
  const engine = await Engine.create(probe, { duration, maxInputSpikes });
  let sum = 0;
  for (const trial of chosen) {
    const { readout } = engine.evaluate(input(trial), { kind: "max_cross_entropy", target: 0 });
    sum += readout.reduce((total, highest) => total + highest, 0);
  }
  return sum / (trials * neurons);
}

function middle(tau: TauConfig): number {
  return typeof tau === "number" ? tau : tau.mean;
}
