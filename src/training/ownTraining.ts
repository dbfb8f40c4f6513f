/** From what a program says of a training of its own network to settings, trials and a plan: all of it is checked here. */
import { camelCase, complaint, parseWith, snakeCased } from "../base/parseWith.ts";
import { checkSamples, type Dataset, samplesOf } from "../data/dataset.ts";
import { mostTensors } from "../engine/batch/batch.ts";
import { losses } from "../model/losses.ts";
import { copyNetwork, type Network } from "../model/network.ts";
import { parameters } from "../model/parameters.ts";
import { synapsesName, type TensorPlace, tensorPlaces } from "../model/tensors.ts";
import { usualFloors } from "./config/network.ts";
import { type OwnConfig, ownSettingsSchema } from "./config/own.ts";
import { decisions } from "./config/resolve.ts";
import type { TrainingData, TrainingOptions } from "./options.ts";
import { adamOptions, isTrainable, type PlannedTensor, type TrainingPlan } from "./plan.ts";

const source = "training";

/** Settings with defaults, and what they are about. */
export function ownConfig(
  network: Network,
  settings: Omit<TrainingOptions, "network" | "data" | "threads">,
  hasValidation: boolean,
): OwnConfig {
  requireCamelCase(settings, []);
  const parsed = parseWith(ownSettingsSchema, snakeCased(settings), source, camelCase);
  const { output = network.populations.at(-1)?.name ?? "", train } = parsed;
  if (parsed.regularization.silent.policy === "redraw")
    throw complaint(
      source,
      ["regularization", "silent", "policy"],
      'expected "leave", "lift_silent" or "lift_all", as weights of a network of one\'s own are not drawn here',
      "redraw",
    );
  const config = {
    ...parsed,
    ...decisions(parsed, hasValidation),
    output,
    train: train ?? network.projections.map((_, k) => synapsesName(k, "weight")),
    network: {
      input_channels: network.inputChannels,
      populations: network.populations.map(({ name, size, model }) => ({ name, size, model })),
      projections: network.projections.map(({ from, to }) => ({ from, to })),
    },
  };
  checkTrained(config, network);
  return config;
}

/** Names of one spelling only: what a program spells as files do would pass for a setting. */
function requireCamelCase(value: unknown, path: readonly PropertyKey[]): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, entry] of Object.entries(value)) {
    const place = [...path, Array.isArray(value) ? Number(key) : key];
    if (camelCase(key) !== key)
      throw complaint(source, place, `unknown key (programs spell it ${camelCase(key)})`, entry);
    requireCamelCase(entry, place);
  }
}

function checkTrained({ train, bounds, optimizer, output, loss }: OwnConfig, network: Network): void {
  const { reads } = losses[loss.kind];
  const readouts = network.populations.filter(({ model }) => model === reads).map(({ name }) => name);
  if (!readouts.includes(output))
    throw complaint(source, ["output"], `expected a "${reads}" population for ${loss.kind}`, output);
  const places = tensorPlaces(network);
  const known = trainableNames(places);
  const require = (path: readonly PropertyKey[], name: string, names: readonly string[]) => {
    if (!names.includes(name)) throw complaint(source, path, `expected one of ${names.join(", ")}`, name);
  };
  if (train.length > mostTensors)
    throw complaint(source, ["train"], `expected at most ${mostTensors} tensors`, train.length);
  for (const [k, name] of train.entries()) {
    require(["train", k], name, known);
    if (train.indexOf(name) < k) throw complaint(source, ["train", k], "expected every name once", name);
    const place = places.get(name)!;
    if (place.kind === "delay" && !isPerSynapse(network, place.projection))
      throw complaint(
        source,
        ["train", k],
        "expected a delay a synapse in the network, not one for all",
        name,
      );
  }
  for (const name of Object.keys(bounds)) require(["bounds", name], name, train);
  for (const name of Object.keys(optimizer.groups)) require(["optimizer", "groups", name], name, train);
}

export function ownDataset(network: Network, config: OwnConfig, data: TrainingData): Dataset {
  if (typeof data !== "object" || data === null)
    throw complaint(
      "data",
      [],
      "expected an object with train, and possibly validation, test, classes",
      data,
    );
  const { size } = network.populations.find(({ name }) => name === config.output)!;
  const { train, validation, test, classes = Array.from({ length: size }, (_, k) => String(k)) } = data;
  if (!Array.isArray(classes) || classes.length !== size)
    throw complaint(
      "data",
      ["classes"],
      `expected ${size} names, one a neuron of "${config.output}"`,
      classes,
    );
  const lines = 1 + (config.input.delay_line?.copies ?? 0);
  const channels = network.inputChannels / lines;
  if (!Number.isInteger(channels))
    throw complaint(
      "network",
      ["inputChannels"],
      `expected a multiple of ${lines}, with the delay line`,
      lines,
    );
  const limits = { channels, classes: size, duration: config.duration };
  for (const [part, samples] of Object.entries({ train, validation, test }))
    if (part === "train" || samples !== undefined) checkSamples(samples!, limits, `data.${part}`);
  if (train.labels.length === 0) throw complaint("data", ["train"], "expected at least one trial", "none");
  return {
    classes,
    channels,
    train,
    ...(validation && { validation }),
    test: test ?? samplesOf([], { ...limits, source: "no test" }),
  };
}

/** The names of the network's parameters that training can change. */
function trainableNames(places: ReadonlyMap<string, TensorPlace>): string[] {
  return [...places].flatMap(([name, place]) =>
    place.kind !== "parameter" || isTrainable(place.parameter) ? [name] : [],
  );
}

/**
 * Of a network of a program's own: every parameter in the order of a result file, delays where there is one a synapse.
 *
 * @throws ConfigError for values outside their bounds, bounds the wrong way round, and for trained delays that are all equal
 */
export function ownPlan(config: OwnConfig, given: Network): TrainingPlan {
  const network = copyNetwork(given);
  const trained = new Set(config.train);
  const tensors = [...tensorPlaces(network)]
    .filter(([, place]) => place.kind !== "delay" || isPerSynapse(network, place.projection))
    .map(([name, place]): PlannedTensor => {
      const { min, max } = boundsOf(config, name, place);
      const adam = adamOptions(config.optimizer, name, place.kind);
      const planned = { name, place, trained: trained.has(name), adam };
      if (planned.trained) checkStart(network, planned, min, max);
      return { ...planned, min, max, gradientFactor: 1 };
    });
  return {
    network,
    hidden: network.populations
      .filter(({ name, model }) => model === "lif" && name !== config.output)
      .map(({ name }) => name),
    output: config.output,
    tensors,
    scale: 1,
    distribution: () => {
      throw new Error("a network of one's own does not say what its weights were drawn from");
    },
  };
}

function isPerSynapse({ projections }: Network, projection: number): boolean {
  return typeof projections[projection]!.delay !== "number";
}

function boundsOf({ bounds }: OwnConfig, name: string, place: TensorPlace): { min: number; max: number } {
  const { min = leastOf(place), max = Infinity } = bounds[name] ?? {};
  if (min > max) throw complaint(source, ["bounds", name], `expected min ≤ max, ${max}`, min);
  if (min < 0 && place.kind === "delay")
    throw complaint(source, ["bounds", name, "min"], "expected a number ≥ 0", min);
  const isTime = place.kind === "parameter" && parameters[place.parameter].legal === "time";
  if (min <= 0 && isTime && isTrainable(place.parameter))
    throw complaint(source, ["bounds", name, "min"], "expected a positive number", min);
  return { min, max };
}

/** Where no bound is given. */
function leastOf(place: TensorPlace): number {
  if (place.kind === "delay") return 0;
  return (place.kind === "parameter" ? usualFloors[place.parameter] : undefined) ?? -Infinity;
}

/** A trained parameter starts within its bounds; and the kernel knows delays of each synapse only if they differ. */
function checkStart(
  { populations, projections }: Network,
  { name, place }: Pick<PlannedTensor, "name" | "place">,
  min: number,
  max: number,
): void {
  const values =
    place.kind === "parameter"
      ? populations[place.population]![place.parameter]
      : (projections[place.projection]![place.kind] as Float64Array);
  const outside = values.findIndex((value) => value < min || value > max);
  if (outside >= 0)
    throw complaint(
      source,
      ["bounds", name],
      `expected bounds around the values that the network has, got ${min} and ${max}; value ${outside} of them`,
      values[outside],
    );
  if (place.kind === "parameter" && place.parameter === "threshold") {
    const { reset, v0 } = populations[place.population]!;
    const above = Math.max(...reset, ...v0);
    if (min <= above)
      throw complaint(
        source,
        ["bounds", name, "min"],
        `expected a number above ${above}, a reset or v0`,
        min,
      );
  }
  if (place.kind === "delay" && values.every((value) => value === values[0]))
    throw complaint(
      "network",
      ["projections", place.projection, "delay"],
      "expected delays that differ, as they are trained",
      `${values.length} times ${values[0]}`,
    );
}
