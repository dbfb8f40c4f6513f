/** Whether a checkpoint belongs to a run: its settings, its tensors, its data, and the progress it can have made. */
import { createHash } from "node:crypto";
import { ConfigError } from "../base/errors.ts";
import { pathText, shown } from "../base/parseWith.ts";
import type { Dataset, Samples } from "../data/dataset.ts";
import type { TrainerConfig } from "../training/config/own.ts";
import type { Trainer } from "../training/trainer.ts";
import type { AnyConfig, Checkpoint, Fingerprint, Fingerprints } from "./checkpoint.ts";
import type { Tensor } from "./safetensors.ts";

/** What does not change what a batch computes, and may differ when a run goes on. */
const free: readonly string[] = [
  "epochs",
  "stopping",
  "threads",
  "max_events",
  "max_input_spikes",
  "dataset.folder",
];

/** What a run needs to find in its checkpoint. */
interface Expected {
  /** Resolved. */
  readonly configuration: AnyConfig;
  readonly classes: readonly string[];
  readonly tensors: ReadonlyMap<string, Pick<Tensor, "dtype" | "shape">>;
}

/** @throws ConfigError one line naming the first thing in which a checkpoint differs from the run that is to go on */
export function requireCompatible(path: string, checkpoint: Checkpoint<AnyConfig>, expected: Expected): void {
  const wanted = { ...expected.configuration, classes: expected.classes };
  requireSame(path, { ...checkpoint.configuration, classes: checkpoint.classes }, wanted);
  requireTensors(path, checkpoint.tensors, expected.tensors);
}

/**
 * @param path where `found` is, which starts the message
 * @param of what `wanted` is of, and `wayOut` what to do about it
 * @throws ConfigError one line naming the first setting in which the two differ
 */
export function requireSame(path: string, found: object, wanted: object, of = "the run", wayOut = ""): void {
  const difference = firstDifference(wanted, found, []);
  if (difference === undefined) return;
  const { path: place, wanted: expected, found: got } = difference;
  throw new ConfigError(
    `${path}: ${pathText(place)}: expected ${shown(expected)} as in ${of}, got ${shown(got)}${wayOut}`,
  );
}

/** @throws ConfigError one line naming a tensor that is missing, of another type or shape, or not expected */
function requireTensors(
  path: string,
  found: Checkpoint<AnyConfig>["tensors"],
  expected: Expected["tensors"],
): void {
  for (const [name, tensor] of expected) {
    const [wanted, got] = [described(tensor), described(found.get(name))];
    if (wanted !== got) throw new ConfigError(`${path}: ${name}: expected ${wanted}, got ${got}`);
  }
  const extra = [...found.keys()].find((name) => !expected.has(name));
  if (extra !== undefined)
    throw new ConfigError(`${path}: ${extra}: expected nothing, got ${described(found.get(extra))}`);
}

function described(tensor: Pick<Tensor, "dtype" | "shape"> | undefined): string {
  return tensor === undefined ? "nothing" : `${tensor.dtype} [${tensor.shape.join(", ")}]`;
}

interface Difference {
  readonly path: readonly PropertyKey[];
  readonly wanted: unknown;
  readonly found: unknown;
}

function firstDifference(
  wanted: unknown,
  found: unknown,
  path: readonly PropertyKey[],
): Difference | undefined {
  if (Object.is(wanted, found) || free.includes(pathText(path))) return undefined;
  if (!isContainer(wanted) || !isContainer(found) || Array.isArray(wanted) !== Array.isArray(found))
    return { path, wanted, found };
  const indexed = Array.isArray(wanted);
  for (const key of new Set([...Object.keys(wanted), ...Object.keys(found)])) {
    const below = [...path, indexed ? Number(key) : key];
    const difference = firstDifference(wanted[key], found[key], below);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/**
 * Whether what a checkpoint says of a run's progress can be the progress of a trainer's run.
 *
 * @param trainer before it has trained
 * @throws ConfigError naming the first thing that no such run can have come to
 */
export function requireConsistent(
  trainer: Trainer<TrainerConfig>,
  checkpoint: Checkpoint<AnyConfig>,
  path: string,
): void {
  const { history, progress } = checkpoint;
  const require = (place: string, found: unknown, expected: unknown) => {
    if (JSON.stringify(found) !== JSON.stringify(expected))
      throw new ConfigError(`${path}: ${place}: expected ${shown(expected)}, got ${shown(found)}`);
  };
  const parts = trainer.dataset.validation ? ["train", "validation"] : ["train"];
  for (const [k, record] of history.entries()) {
    require(`history[${k}].epoch`, record.epoch, k + 1);
    require(`history[${k}]`, Object.keys(record).filter((key) => /^(train|validation)$/.test(key)), parts);
  }
  require("progress.epoch", progress.epoch, history.length + 1);
  require("batch", checkpoint.batch, progress.batch);
  require("epoch", checkpoint.epoch, progress.batch > 0 ? progress.epoch : history.length);
  require("progress.adam", Object.keys(progress.adam).sort(), [...trainer.adam.moments.keys()].sort());
  const sizes = (counts: readonly (readonly number[])[]) => counts.map((layer) => layer.length);
  require("progress.tally.counts", sizes(progress.tally.counts), sizes(trainer.state.tally.counts));
}

const partNames = ["train", "validation", "test"] as const;

const known = new WeakMap<Samples, Fingerprint>();

/** Of every part; taken once, at about a second for every 700 MB of spikes. */
export function fingerprintsOf(dataset: Dataset): Fingerprints {
  const parts = partNames.flatMap((name) => {
    const samples = dataset[name];
    return samples ? [[name, fingerprintOf(samples)]] : [];
  });
  return Object.fromEntries(parts);
}

function fingerprintOf(samples: Samples): Fingerprint {
  const found = known.get(samples);
  if (found) return found;
  const { labels, offsets, times, sources } = samples;
  const hash = createHash("sha256");
  for (const array of [labels, offsets, times, sources]) {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    // A hash takes less than 2 GiB at once.
    for (let at = 0; at < bytes.length; at += 2 ** 28) hash.update(bytes.subarray(at, at + 2 ** 28));
  }
  const fingerprint = { trials: labels.length, spikes: times.length, sha256: hash.digest("hex") };
  known.set(samples, fingerprint);
  return fingerprint;
}

/**
 * @param path of the checkpoint that knows `data`
 * @throws ConfigError one line naming the first part whose trials are others than those of the checkpoint's run
 */
export function requireSameData(
  { dataset }: Trainer<TrainerConfig>,
  { data }: { readonly data: Fingerprints },
  path: string,
): void {
  const found = fingerprintsOf(dataset);
  for (const part of partNames) {
    if (found[part]?.sha256 === data[part]?.sha256) continue;
    const place = dataset[part] === undefined ? path : `${dataset[part].source}: as ${part} part`;
    throw new ConfigError(
      `${place}: expected ${describedPart(data[part])} as in ${path}, got ${describedPart(found[part])}; name the folder of the ` +
        "run's own data with --data, or train another run",
    );
  }
}

function describedPart(fingerprint: Fingerprint | undefined): string {
  if (fingerprint === undefined) return "nothing";
  const { trials, spikes, sha256 } = fingerprint;
  return `${trials} trials with ${spikes} spikes (SHA-256 ${sha256.slice(0, 8)}…)`;
}
