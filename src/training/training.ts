/** Training in a program: a network and its trials in, epochs and scores out. The commands train with the same functions. */
import { complaint } from "../base/parseWith.ts";
import { checkSamples, type Dataset, type Samples } from "../data/dataset.ts";
import { mostTrialSpikes } from "../data/delayLine.ts";
import { prepareParts } from "../data/prepare.ts";
import { oneThread, type StartThreads } from "../engine/batch/threads.ts";
import { checkNetwork, checkOptions } from "../engine/checks.ts";
import type { Network } from "../model/network.ts";
import { parseRunConfig } from "./config/check.ts";
import type { TrainerConfig } from "./config/own.ts";
import { resolveRun } from "./config/resolve.ts";
import type { RunSettings } from "./config/run.ts";
import { driven } from "./drive.ts";
import type { TrainingOptions } from "./options.ts";
import { ownConfig, ownDataset, ownPlan } from "./ownTraining.ts";
import type { EpochRecord, Score } from "./records.ts";
import type { Best, StopReason } from "./schedule.ts";
import { Trainer } from "./trainer.ts";
import type { PartResult } from "./trials.ts";

/** How far an epoch has come. */
export interface Standing {
  /** From 1. */
  readonly epoch: number;
  /** Which trials are run. */
  readonly part: "train" | "validation";
  /** Batches of training done. */
  readonly batch: number;
  /** Batches of training of the epoch. */
  readonly batches: number;
  /** Of the part so far. */
  readonly score: Score;
  /** Trials of the epoch so far, both parts together. */
  readonly trials: number;
  /** Trials of the epoch, both parts together. */
  readonly allTrials: number;
}

/** What an epoch tells, and what ends it. */
export interface EpochOptions {
  /** Called after every batch. */
  readonly onBatch?: ((standing: Standing) => void) | undefined;
  /** Ends the epoch after the batch that is being computed. */
  readonly signal?: AbortSignal | undefined;
}

/** How an epoch went. */
interface EpochEnd {
  readonly record: EpochRecord;
  /** Hidden layers of which no neuron has spiked. */
  readonly silentLayers: readonly string[];
  /** Of training and of validation. */
  readonly seconds: { readonly train: number; readonly validation: number };
}

/** Lets signals, the terminal or the page have their turn: at once in Node, where a timer waits a millisecond. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") setImmediate(resolve);
    else setTimeout(resolve);
  });
}

/**
 * The rest of the running epoch, and its score of the validation part.
 *
 * @returns undefined if the signal has ended it; between batches of training the trainer can go on from there
 * @throws KernelError if a trial gets out of hand
 */
export async function runEpoch(
  trainer: Trainer<TrainerConfig>,
  { onBatch, signal }: EpochOptions = {},
): Promise<EpochEnd | undefined> {
  const start = performance.now();
  const { batchCount: batches, trialCount } = trainer;
  const allTrials = trialCount + (trainer.dataset.validation?.labels.length ?? 0);
  while (trainer.state.batch < batches && !signal?.aborted) {
    trainer.trainBatch();
    const { epoch, batch } = trainer.state;
    const { score } = trainer;
    onBatch?.({ epoch, part: "train", batch, batches, score, trials: score.trials, allTrials });
    await pause();
  }
  const between = performance.now();
  const { epoch } = trainer.state;
  const onPart = async (score: Score) => {
    const trials = trialCount + score.trials;
    onBatch?.({ epoch, part: "validation", batch: batches, batches, score, trials, allTrials });
    await pause();
    return !signal?.aborted;
  };
  const validation = signal?.aborted ? undefined : await trainer.validate(onPart);
  if (signal?.aborted) return undefined;
  const { silentLayers } = trainer;
  const record = trainer.endEpoch(validation);
  const seconds = { train: (between - start) / 1000, validation: (performance.now() - between) / 1000 };
  return { record, silentLayers, seconds };
}

const isFunction = (value: unknown) =>
  value === undefined || typeof value === "function" ? undefined : "expected a function";
const isSignal = (value: unknown) =>
  value === undefined || typeof (value as AbortSignal | null)?.aborted === "boolean"
    ? undefined
    : "expected an AbortSignal";
const epochRules = { onBatch: isFunction, signal: isSignal };

let within: (training: Training) => Trainer<TrainerConfig>;

/** What is behind a training; not for programs. */
export function trainerOf(training: Training): Trainer<TrainerConfig> {
  if (training instanceof Training) return within(training);
  throw complaint(source, [], "expected what createTraining or configuredTraining returns", training);
}

/** A network that is being trained. */
export class Training {
  static {
    within = (training) => training.#trainer;
  }

  readonly #trainer: Trainer<TrainerConfig>;
  #state: "idle" | "at work" | "closed" = "idle";

  /** For `createTraining` and `configuredTraining`. */
  constructor(trainer: Trainer<TrainerConfig>) {
    this.#trainer = trainer;
  }

  /**
   * Trains with every training trial once, and scores the validation part if there is one.
   *
   * @returns what came out; undefined if the signal has ended it, and then the next call goes on where this one stopped
   * @throws ConfigError for an unknown option, or if the training is closed or another call is at work
   * @throws KernelError naming the trial, if one uses up a budget or leaves the range of numbers
   */
  async epoch(options: EpochOptions = {}): Promise<EpochRecord | undefined> {
    checkOptions(options, epochRules);
    return (await this.#alone(() => runEpoch(this.#trainer, options)))?.record;
  }

  /**
   * Trials with the parameters as they are, nothing trained.
   *
   * @returns accuracy and mean loss, the outcome of each trial, mean spike counts of the hidden neurons
   * @throws ConfigError if the samples do not fit the training, it is closed or another call is at work
   * @throws KernelError as `epoch`
   */
  async evaluate(samples: Samples): Promise<PartResult> {
    const { config, dataset } = this.#trainer;
    const limits = { channels: dataset.channels, classes: dataset.classes.length, duration: config.duration };
    checkSamples(samples, limits, "samples");
    const [found, room] = [
      mostTrialSpikes(samples, config.input),
      this.#trainer.engine.options.maxInputSpikes,
    ];
    if (found > room)
      throw complaint("samples", [], `expected at most ${room} spikes a trial; raise maxInputSpikes`, found);
    return (await this.#alone(() => this.#trainer.evaluate(samples, "evaluate")))!;
  }

  /** The network with its parameters as they are: plain data, a copy, for `gradient`, `Engine`, files. */
  network(): Network {
    return this.#trainer.network();
  }

  /** Of every epoch that has ended. */
  get history(): readonly EpochRecord[] {
    return this.#trainer.history;
  }

  /** The best epoch so far and its accuracy, by `selection`; epoch 0 before the first. */
  get best(): Best {
    return this.#trainer.selected;
  }

  /** Names of the tensors that are trained. */
  get trained(): readonly string[] {
    return [...this.#trainer.adam.moments.keys()];
  }

  /** Why training is over after the last epoch; undefined if it is not. */
  get stopReason(): StopReason | "epochs" | undefined {
    return this.#trainer.stopReason;
  }

  /** Lets the threads go; nothing can be run any more. */
  close(): void {
    this.#state = "closed";
    this.#trainer.engine.close();
  }

  /** One thing at a time: batches of two calls would mix, and threads that were let go are never done. */
  async #alone<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#state !== "idle")
      throw complaint(source, [], "expected a training that is idle", `one ${this.#state}`);
    this.#state = "at work";
    try {
      return await work();
    } finally {
      if (this.#state === "at work") this.#state = "idle";
    }
  }
}

/**
 * A training of a network of one's own.
 *
 * @throws ConfigError one line that names the option, what was expected and what was found: an unknown option, a value out of
 *   range, samples or names that do not fit the network, or more than 4 GiB of memory
 */
export async function createTraining(options: TrainingOptions): Promise<Training> {
  if (typeof options !== "object" || options === null)
    throw complaint(source, [], "expected an object with network, data and duration", options);
  const { network, data, threads = oneThread, ...settings } = options;
  checkNetwork(network);
  const config = ownConfig(network, settings, data?.validation !== undefined);
  const dataset = ownDataset(network, config, data);
  const plan = ownPlan(config, network);
  return new Training(await Trainer.planned(config, dataset, plan, checkedThreads(threads)));
}

/**
 * A training as a run's configuration describes it: the same that `goldspike train` does.
 *
 * @param settings of the configuration, from `loadRunConfig` or as its file would hold them
 * @param data as recorded, from `loadData` or a program's own; the configuration's `input` prepares it
 * @param options.threads default `oneThread`; the configuration's `threads` is for commands
 * @throws ConfigError for settings that a file may not have, if they and the data do not fit, or if more than 4 GiB of
 *   memory are needed
 */
export async function configuredTraining(
  settings: RunSettings,
  data: Dataset,
  options: { readonly threads?: StartThreads } = {},
): Promise<Training> {
  checkOptions(options, { threads: () => undefined });
  const { threads = oneThread } = options;
  const config = parseRunConfig(settings);
  const { channels, classes, train, validation, test } = data ?? {};
  if (!Array.isArray(classes) || !Number.isInteger(channels))
    throw complaint("data", [], "expected an object with classes, channels and train", data);
  const limits = { channels, classes: classes.length, duration: Infinity };
  for (const [part, samples] of Object.entries({
    train,
    ...(validation && { validation }),
    ...(test && { test }),
  }))
    checkSamples(samples, limits, `data.${part}`);
  const dataset = prepareParts(config, data);
  const resolved = resolveRun(await driven(config, dataset), validation !== undefined);
  return new Training(await Trainer.create(resolved, dataset, checkedThreads(threads)));
}

const source = "training";

function checkedThreads(threads: StartThreads): StartThreads {
  if (typeof threads === "function") return threads;
  throw complaint(source, ["threads"], "expected oneThread or workerThreads(…)", threads);
}
