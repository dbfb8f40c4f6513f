/** What must hold between the settings of a configuration, and with its data, each of them being fine by itself. */
import { ConfigError } from "../../base/errors.ts";
import { complaint, parseWith } from "../../base/parseWith.ts";
import { inputName } from "../../model/network.ts";
import type { TrainedLayer } from "./network.ts";
import {
  type Ends,
  hiddenNames,
  outputName,
  projectionEnds,
  projectionName,
  trainedParameters,
} from "./parts.ts";
import { type RunConfig, type RunSettings, runConfigSchema } from "./run.ts";

/**
 * A run's configuration from the settings that its file would hold, defaults filled in.
 *
 * @throws ConfigError one line for settings that are unknown, out of range, or do not fit each other
 */
export function parseRunConfig(settings: RunSettings): RunConfig {
  const source = "configuration";
  const config = parseWith(runConfigSchema, settings, source);
  checkRunConfig(config, source);
  return config;
}

/**
 * @param source starts the messages
 * @throws ConfigError one line naming the setting, what was expected and what was found
 */
export function checkRunConfig(config: RunConfig, source: string): void {
  checkNames(config, source);
  checkFloors(config, source);
  checkSplit(config, source);
  checkTrialCounts(config, source);
  checkTimeStep(config, source);
  checkPenalty(config, source);
}

/** Settings by projection and by parameter are about ones that exist. */
function checkNames(config: RunConfig, source: string): void {
  const { network, optimizer } = config;
  const projections = projectionEnds(network).map(projectionName);
  const require = (settings: object, path: readonly string[], kind: string, names: readonly string[]) => {
    const unknown = Object.entries(settings).find(([name]) => !names.includes(name));
    if (unknown === undefined) return;
    const expected = `unknown ${kind} (expected one of ${names.join(", ")})`;
    throw complaint(source, [...path, unknown[0]], expected, unknown[1]);
  };
  require(network.weights, ["network", "weights"], "projection", projections);
  require(network.delays, ["network", "delays"], "projection", projections);
  const trained = trainedParameters(config);
  require(optimizer.groups, ["optimizer", "groups"], "trained parameter", trained);
}

/** A trained parameter does not start below the least value it may take. */
function checkFloors({ network }: RunConfig, source: string): void {
  const layers: { layer: TrainedLayer; path: (string | number)[] }[] = [
    ...network.hidden.map((layer, k) => ({ layer, path: ["network", "hidden", k] })),
    { layer: network.output, path: ["network", "output"] },
  ];
  for (const { layer, path } of layers) {
    for (const name of layer.train) {
      const value = layer[name]!;
      const floor = layer[`min_${name}`]!;
      const [least, at] = typeof value === "number" ? [value, [name]] : [value.min, [name, "min"]];
      if (least >= floor) continue;
      throw complaint(source, [...path, ...at], `expected a number ≥ ${floor} (min_${name})`, least);
    }
  }
}

/** Only SHD's layout names speakers and holds a validation part. */
function checkSplit({ dataset, split }: RunConfig, source: string): void {
  const place = ["split", "kind"];
  if (split.kind === "leave_one_speaker_out" && dataset.kind !== "shd")
    throw complaint(source, place, `expected a split without speakers for ${dataset.kind}`, split.kind);
  if (split.kind !== "official" && dataset.kind === "shd" && dataset.validation !== undefined)
    throw complaint(source, place, 'expected "official" where dataset.validation names a file', split.kind);
}

/** A split leaves trials to train with; what a file holds is only known once it is read. */
function checkTrialCounts({ dataset, split }: RunConfig, source: string): void {
  if (dataset.kind === "shd") return;
  const { train } = dataset;
  if (split.kind === "fold" && split.folds > train)
    throw complaint(source, ["split", "folds"], `expected at most dataset.train, ${train}`, split.folds);
  if (split.kind === "random" && split.validation >= train)
    throw complaint(
      source,
      ["split", "validation"],
      `expected less than dataset.train, ${train}`,
      split.validation,
    );
}

/** On a grid as wide as a trial every spike would be at 0. */
function checkTimeStep({ input, duration }: RunConfig, source: string): void {
  if (input.time_step < duration) return;
  throw complaint(
    source,
    ["input", "time_step"],
    `expected less than duration, ${duration}`,
    input.time_step,
  );
}

/** A silent label's penalty alpha / (1.01 duration − (duration + 1)) has a pole. */
function checkPenalty({ loss, duration }: RunConfig, source: string): void {
  if (loss.kind !== "first_spike" || loss.penalty !== "hyperbolic" || duration !== 100) return;
  throw complaint(
    source,
    ["duration"],
    "expected another duration than 100, at which the hyperbolic penalty of a silent label is infinite",
    duration,
  );
}

const mostBytes = 2 ** 32;

/**
 * Whether the weights can be trained in the 4 GiB that WebAssembly can address, before any is drawn. Counts what grows with the square of the layers: weights, their gradients in each lane, their two moments.
 *
 * @param channels of the input, the copies of a delay line included
 * @param classes their number
 * @throws ConfigError naming the projection with the most synapses
 */
export function requireRoom(config: RunConfig, channels: number, classes: number): void {
  const { network, precision, batch_size, lanes } = config;
  const sizes = new Map(hiddenNames(network).map((name, k) => [name, network.hidden[k]!.size]));
  sizes.set(inputName, channels).set(outputName, classes);
  const synapses = ({ from, to }: Ends) => sizes.get(from)! * sizes.get(to)!;
  const ends = projectionEnds(network);
  const numberBytes = precision === "f32" ? 4 : 8;
  const arrays = 3 + Math.min(lanes, batch_size);
  const bytes = ends.reduce((sum, end) => sum + synapses(end), 0) * numberBytes * arrays;
  if (bytes <= mostBytes) return;
  const largest = ends.reduce((most, end) => (synapses(end) > synapses(most) ? end : most));
  throw new ConfigError(
    `network.hidden: expected weights that fit into 4 GiB with their moments and their gradients in ${arrays - 3} lanes, ` +
      `got ${synapses(largest)} synapses of ${projectionName(largest)} and ${(bytes / 2 ** 30).toFixed(1)} GiB; lower a size, or lanes`,
  );
}
