/** A run's configuration from its YAML file. */
import { dirname, resolve } from "node:path";
import { ConfigError } from "../../base/errors.ts";
import { parseWith } from "../../base/parseWith.ts";
import { readText } from "../../base/text.ts";
import { checkRunConfig } from "./check.ts";
import { parseYaml } from "./parseYaml.ts";
import { type RunConfig, runConfigSchema } from "./run.ts";
import { withSettings } from "./settings.ts";

/** Most a configuration may have; a parsed document takes five hundred times its size. */
const mostBytes = 1.5 * 2 ** 20;

/** Settings the command line puts in the place of the file's. */
export interface RunOverrides {
  /** Passes through the training trials. */
  readonly epochs?: number | undefined;
  /** Of initial parameters, the order of trials, augmentation and dropout. */
  readonly seed?: number | undefined;
  /** Folder of the data set's files, relative to the working folder. */
  readonly data?: string | undefined;
  /** Number of threads of the commands. */
  readonly threads?: RunConfig["threads"] | undefined;
  /** `path.to.key=value`, of any setting. */
  readonly set?: readonly string[] | undefined;
  /** Most hidden spikes and delayed deliveries of a trial. */
  readonly maxEvents?: number | undefined;
}

/**
 * The configuration in a YAML file, defaults filled in and the data set's folder absolute, so that it is the same
 * wherever the configuration is written down and read again.
 *
 * @throws ConfigError one line for a file that cannot be read, is not YAML or not a configuration, or whose settings do
 *   not fit each other
 */
export async function loadRunConfig(path: string, overrides: RunOverrides = {}): Promise<RunConfig> {
  const { set = [] } = overrides;
  const source = [path, ...set.map((setting) => `--set ${setting}`)].join(" ");
  const document = withSettings(readRunDocument(path), set);
  const config = parseWith(runConfigSchema, document, source);
  const overridden = {
    ...config,
    dataset: located(config.dataset, path, overrides.data),
    epochs: overrides.epochs ?? config.epochs,
    seed: overrides.seed ?? config.seed,
    threads: overrides.threads ?? config.threads,
    max_events: overrides.maxEvents ?? config.max_events,
  };
  checkRunConfig(overridden, source);
  return overridden;
}

/**
 * What a configuration's file holds, not checked yet.
 *
 * @throws ConfigError one line for a file that cannot be read or is not YAML
 */
export function readRunDocument(path: string): unknown {
  return parseYaml(readText(path, mostBytes), path);
}

/**
 * The data set with its folder absolute.
 *
 * @param path of the configuration's file
 * @param data the folder, if it is another
 * @throws ConfigError a folder for data that are in no files
 */
export function located(
  dataset: RunConfig["dataset"],
  path: string,
  data: string | undefined,
): RunConfig["dataset"] {
  if (dataset.kind === "shd") {
    return { ...dataset, folder: resolve(data ?? resolve(dirname(path), dataset.folder)) };
  }
  if (data === undefined) return dataset;
  throw new ConfigError(
    `${path}: dataset.kind: expected "shd" to take files from ${data}, got "${dataset.kind}"`,
  );
}
