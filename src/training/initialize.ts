/** The network of a run before training. */
import type { Network, Population, Projection } from "../network/network.ts";
import { inputName } from "../network/network.ts";
import { normal, randomStream, stream } from "../random.ts";
import type { RunConfig } from "./config.ts";

/**
 * Input → hidden (→ hidden) → output: `hidden` spikes, `output` has one linear readout per class. Weights are independent
 * and normal with each projection's mean and sd, drawn in the order of projections, post and pre.
 *
 * @param channels of the input
 * @param classes their number
 */
export function initialNetwork(config: RunConfig, channels: number, classes: number): Network {
  const { network, weights } = config;
  const { hidden } = network;
  const random = randomStream(config.seed, stream.weights);
  const project = (
    from: string,
    to: string,
    pre: number,
    post: number,
    { mean, sd }: Normal,
  ): Projection => ({
    from,
    to,
    weight: Float64Array.from({ length: post * pre }, () => mean + sd * normal(random)),
    delay: 0,
  });
  const inputHidden = project(inputName, "hidden", channels, hidden, weights.input_hidden);
  const recurrent = network.recurrent
    ? [project("hidden", "hidden", hidden, hidden, weights.hidden_hidden)]
    : [];
  const hiddenOutput = project("hidden", "output", hidden, classes, weights.hidden_output);
  return {
    inputChannels: channels,
    populations: [population("hidden", "lif", hidden, network), population("output", "li", classes, network)],
    projections: [inputHidden, ...recurrent, hiddenOutput],
  };
}

interface Normal {
  readonly mean: number;
  readonly sd: number;
}

function population(
  name: string,
  model: Population["model"],
  size: number,
  { tau_mem, tau_syn }: RunConfig["network"],
): Population {
  const all = (value: number) => new Float64Array(size).fill(value);
  return {
    name,
    size,
    model,
    tauMem: all(tau_mem),
    tauSyn: all(tau_syn),
    threshold: all(1),
    reset: all(0),
    bias: all(0),
    v0: all(0),
    i0: all(0),
  };
}
