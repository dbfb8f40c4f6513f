/** The state of a run, and its steps: batch after batch, epoch after epoch. Everything that changes is in a checkpoint. */
import { type AugmentationContext, requireBlends } from "../data/augment/augment.ts";
import type { Dataset, Samples } from "../data/dataset.ts";
import type { Batch } from "../engine/batch/batch.ts";
import { Adam, type AdamPowers } from "../engine/batch/optimizer.ts";
import type { StartThreads } from "../engine/batch/threads.ts";
import { elementary } from "../engine/kernel/elementary.ts";
import { populationIndex } from "../engine/kernel/shape.ts";
import type { Network } from "../model/network.ts";
import type { TrainerConfig } from "./config/own.ts";
import type { ResolvedConfig } from "./config/resolve.ts";
import { Dropout, type EpochPlan, epochPlan } from "./epoch.ts";
import { networkNow, parameterTensors, stepFailure, trainingEngine } from "./parameters.ts";
import type { ParameterTensor } from "./parameterTensors.ts";
import { configuredPlan, type TrainingPlan } from "./plan.ts";
import { type EpochRecord, type Score, Tally, type TallyState } from "./records.ts";
import { regularize } from "./regularize.ts";
import {
  accuracyOf,
  type Best,
  bestAfterEpoch,
  initialSchedule,
  learningRate,
  noBest,
  type ScheduleState,
  type StopReason,
  scheduleAfterBatch,
  scheduleAfterEpoch,
  stopReason,
} from "./schedule.ts";
import { tendLayers } from "./silentNeurons.ts";
import {
  evaluatePart,
  type PartResult,
  type ReadyTrials,
  readyTrials,
  runTrials,
  type TrialPlace,
} from "./trials.ts";

/** What changes from batch to batch beside parameters and moments; plain data. */
export interface TrainerState {
  /** The epoch that is running, from 1. */
  readonly epoch: number;
  /** Batches done in it. */
  readonly batch: number;
  readonly schedule: ScheduleState;
  readonly adam: AdamPowers;
  /** By `selection.of`. */
  readonly selected: Best;
  /** Of the running epoch; before its first batch, of the one before. */
  readonly tally: TallyState;
}

export class Trainer<Config extends TrainerConfig = ResolvedConfig> {
  readonly config: Config;
  readonly dataset: Dataset;
  readonly plan: TrainingPlan;
  readonly engine: Batch;
  readonly parameters: readonly ParameterTensor[];
  readonly adam: Adam;
  history: EpochRecord[] = [];
  readonly #context: Omit<AugmentationContext, "random">;
  readonly #layers: readonly number[];
  #epoch = 1;
  #batch = 0;
  #schedule: ScheduleState;
  #selected: Best = noBest;
  #tally: Tally;
  /** The running epoch's trials and their order; made when first needed. */
  #drawn: EpochPlan | undefined;
  readonly #dropout: Dropout;
  /** The next batch, whose spikes were written while the gradients of the one before were computed. */
  #ready: ReadyTrials | undefined;

  private constructor(
    config: Config,
    dataset: Dataset,
    plan: TrainingPlan,
    engine: Batch,
    context: Omit<AugmentationContext, "random">,
  ) {
    this.config = config;
    this.dataset = dataset;
    this.plan = plan;
    this.engine = engine;
    this.#context = context;
    this.parameters = parameterTensors(plan.tensors, engine);
    const optimized = this.parameters.flatMap((tensor) => tensor.optimized ?? []);
    this.adam = new Adam(engine, optimized);
    this.#schedule = initialSchedule(config.optimizer);
    this.#layers = plan.hidden.map((name) => populationIndex(engine.shape, name));
    this.#tally = new Tally(this.#layerSizes());
    this.#dropout = new Dropout(engine, this.#layers, config);
  }

  /**
   * @param dataset as `prepare` leaves it
   * @throws ConfigError if network and batch need more than 4 GiB, or a blend adds no trial
   */
  static async create(config: ResolvedConfig, dataset: Dataset, threads: StartThreads): Promise<Trainer> {
    return Trainer.planned(config, dataset, configuredPlan(config, dataset, await elementary()), threads);
  }

  /** The same of a plan that is no configuration's. */
  static async planned<Config extends TrainerConfig>(
    config: Config,
    dataset: Dataset,
    plan: TrainingPlan,
    threads: StartThreads,
  ): Promise<Trainer<Config>> {
    requireBlends(dataset.train.labels, config.augmentation);
    const engine = await trainingEngine(config, dataset, plan, threads);
    const { channels } = dataset;
    const context = { channels, duration: config.duration, elementary: await elementary() };
    return new Trainer(config, dataset, plan, engine, context);
  }

  get state(): TrainerState {
    return {
      epoch: this.#epoch,
      batch: this.#batch,
      schedule: this.#schedule,
      adam: this.adam.powers,
      selected: this.#selected,
      tally: this.#tally.state,
    };
  }

  /** Goes on from a state; parameters, moments and history are restored apart. */
  set state(state: TrainerState) {
    this.#epoch = state.epoch;
    this.#batch = state.batch;
    this.#schedule = state.schedule;
    this.adam.powers = state.adam;
    this.#selected = state.selected;
    this.#tally = new Tally(this.#layerSizes(), state.tally);
    this.#drawn = undefined;
  }

  /** Batches of the running epoch. */
  get batchCount(): number {
    return this.#epochPlan().batches.length;
  }

  /** Batches of any epoch, whose trials are drawn for it. */
  batchesOf(epoch: number): number {
    return epochPlan(this.config, this.dataset.train, this.#context, epoch).batches.length;
  }

  /** Trials of the running epoch. */
  get trialCount(): number {
    return this.#epochPlan().samples.labels.length;
  }

  /** Of the running epoch so far. */
  get score(): Score {
    return this.#tally.score;
  }

  /** Hidden layers of which no neuron has spiked in the running epoch so far. */
  get silentLayers(): string[] {
    const { counts } = this.#tally;
    return this.plan.hidden.filter((_, k) => counts[k]!.every((count) => count === 0));
  }

  /** Whether the last epoch was the best so far, by the accuracy that `selection.of` names. */
  get isBest(): boolean {
    return this.#selected.epoch === this.history.length;
  }

  get selected(): Best {
    return this.#selected;
  }

  /** Why training is over after the last epoch, if it is. */
  get stopReason(): StopReason | "epochs" | undefined {
    const last = this.history.at(-1);
    if (last === undefined) return undefined;
    const { stopping, epochs } = this.config;
    const over = epochs !== undefined && last.epoch >= epochs;
    return stopReason(stopping, this.history) ?? (over ? "epochs" : undefined);
  }

  /** The next batch of the epoch. */
  trainBatch(): void {
    if (this.#batch === 0) this.#beginEpoch();
    const { samples, batches } = this.#epochPlan();
    const trials = batches[this.#batch]!;
    const place = this.#place(samples, `epoch ${this.#epoch}, batch ${this.#batch + 1}`);
    const { batch_size } = this.config;
    this.#dropout.apply(this.#epoch, this.#batch * batch_size, trials.length);
    const ready = this.#ready?.trials === trials ? this.#ready : readyTrials(this.engine, place, trials);
    runTrials(this.engine, place, ready, true, (slot, outcome) => {
      this.#tally.add(outcome.loss, outcome.predicted === outcome.label);
      for (const [layer, p] of this.#layers.entries())
        this.#tally.addCounts(layer, this.engine.counts(slot, p));
    });
    regularize(this.config.regularization, this.engine, this.#layers, trials.length, this.plan.scale);
    const next = batches[this.#batch + 1];
    this.engine.differentiate(trials.length, () => {
      this.#ready = next && readyTrials(this.engine, place, next);
    });
    for (const { prepareGradient } of this.parameters) prepareGradient?.();
    const broken = this.adam.step(learningRate(this.#schedule), this.plan.scale / trials.length);
    if (broken !== undefined) throw stepFailure(this.engine, this.parameters, broken, place, trials);
    for (const { publish } of this.parameters) publish?.();
    this.#schedule = scheduleAfterBatch(this.config.optimizer, this.#schedule);
    this.#batch++;
  }

  /** The score of the validation part; undefined without one, and if `told` ends it. */
  async validate(told?: (score: Score) => Promise<boolean>): Promise<Score | undefined> {
    const { validation } = this.dataset;
    const place = `epoch ${this.#epoch}, validation`;
    return validation && (await this.evaluate(validation, place, told))?.score;
  }

  /**
   * Trials of a part with the parameters as they are; undefined if `told` ends it.
   *
   * @param place starts messages
   */
  async evaluate(
    samples: Samples,
    place: string,
    told?: (score: Score) => Promise<boolean>,
  ): Promise<PartResult | undefined> {
    this.#dropout.lift();
    this.#ready = undefined;
    return evaluatePart(this.engine, this.#place(samples, place), this.plan.hidden, told);
  }

  /** Closes an epoch whose batches are done. `validation` is the score of that part. */
  endEpoch(validation: Score | undefined): EpochRecord {
    const { optimizer, selection } = this.config;
    const record: EpochRecord = {
      epoch: this.#epoch,
      learningRate: learningRate(this.#schedule),
      train: this.#tally.score,
      ...(validation && { validation }),
      hiddenSpikes: this.#tally.hiddenSpikes,
      silentNeurons: this.#tally.silentNeurons,
    };
    const watched = optimizer.plateau ? accuracyOf(record, optimizer.plateau.of!) : 0;
    this.#schedule = scheduleAfterEpoch(optimizer, this.#schedule, this.#epoch, watched);
    this.#selected = bestAfterEpoch(this.#selected, this.#epoch, accuracyOf(record, selection.of));
    this.history.push(record);
    this.#epoch++;
    this.#batch = 0;
    this.#drawn = undefined;
    return record;
  }

  /** The network with the parameters as they are; its arrays are copies. */
  network(): Network {
    return networkNow(this.plan.network, this.parameters);
  }

  /** Parameters move between epochs only when the next one begins: until then they are those that were scored. */
  #beginEpoch(): void {
    if (this.#epoch > 1) tendLayers(this.config, this.plan, this.engine, this.#tally.counts, this.#epoch - 1);
    this.#tally = new Tally(this.#layerSizes());
  }

  #layerSizes(): number[] {
    return this.#layers.map((p) => this.engine.shape.populations[p]!.population.size);
  }

  #epochPlan(): EpochPlan {
    this.#drawn ??= epochPlan(this.config, this.dataset.train, this.#context, this.#epoch);
    return this.#drawn;
  }

  #place(samples: Samples, place: string): TrialPlace {
    const { config, dataset } = this;
    return { config, samples, channels: dataset.channels, place };
  }
}
