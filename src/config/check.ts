/** What must hold between the settings of a configuration, each of them being fine by itself. */
import { foldStart } from "../data/splits.ts";
import { complaint } from "../parseWith.ts";
import { projectionEnds, projectionName } from "./projections.ts";
import type { RunConfig } from "./run.ts";
import { trainedParameters } from "./trained.ts";

/**
 * @param source starts the messages
 * @throws ConfigError one line naming the setting, what was expected and what was found
 */
export function checkRunConfig(config: RunConfig, source: string): void {
  checkNames(config, source);
  checkFloors(config, source);
  checkSplit(config, source);
  checkTrialCounts(config, source);
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
  const layers = network.hidden.map((layer, k) => ({ layer, path: ["network", "hidden", k] }));
  for (const { layer, path } of [...layers, { layer: network.output, path: ["network", "output"] }]) {
    for (const name of layer.train) {
      const value = (layer as RunConfig["network"]["hidden"][number])[name];
      const floor = (layer as RunConfig["network"]["hidden"][number])[`min_${name}`];
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

/** How many of the training trials a split takes away. */
function validationTrials(train: number, split: RunConfig["split"], source: string): number {
  if (split.kind === "fold") {
    const { folds, fold } = split;
    if (folds > train)
      throw complaint(source, ["split", "folds"], `expected at most dataset.train, ${train}`, folds);
    return foldStart(train, folds, fold + 1) - foldStart(train, folds, fold);
  }
  if (split.kind !== "random") return 0;
  const { validation } = split;
  if (validation >= train)
    throw complaint(
      source,
      ["split", "validation"],
      `expected less than dataset.train, ${train}`,
      validation,
    );
  return validation;
}

/** Where the configuration itself says how many training trials there are. */
function checkTrialCounts({ dataset, split, augmentation }: RunConfig, source: string): void {
  if (dataset.kind === "shd") return;
  const validation = validationTrials(dataset.train, split, source);
  const train = dataset.train - validation;
  augmentation.forEach((step, k) => {
    if (step.kind !== "blend" || step.total > train) return;
    const expected = `expected more than the ${train} training trials`;
    throw complaint(source, ["augmentation", k, "total"], expected, step.total);
  });
}
