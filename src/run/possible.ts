/** Whether a checkpoint's values are some that a run can have come to: its digest says who wrote it only as long as nobody makes it anew. */
import { ConfigError } from "../base/errors.ts";
import { complaint, shown } from "../base/parseWith.ts";
import { checkPopulations } from "../model/checkNetwork.ts";
import { type Parameter, parameters } from "../model/parameters.ts";
import type { TrainerConfig } from "../training/config/own.ts";
import { networkNow } from "../training/parameters.ts";
import type { PlannedTensor } from "../training/plan.ts";
import { accuracyOf, bestAfterEpoch, noBest } from "../training/schedule.ts";
import type { Trainer } from "../training/trainer.ts";
import type { AnyConfig, Checkpoint } from "./checkpoint.ts";

/**
 * @param trainer before it has trained
 * @throws ConfigError naming the first parameter or moment that no run can have
 */
export function requirePossibleValues(
  trainer: Trainer<TrainerConfig>,
  { tensors }: Checkpoint<AnyConfig>,
  path: string,
): void {
  for (const [name, { data }] of tensors) {
    const isSquare = name.endsWith(".v");
    const legal = (value: number) => Number.isFinite(value) && (!isSquare || value >= 0);
    requireAll(data, legal, `expected a finite number${isSquare ? " ≥ 0" : ""}`, path, name);
  }
  const initial = new Map(trainer.parameters.map(({ name, read }) => [name, read]));
  for (const planned of trainer.plan.tensors) {
    const { name, min, max, trained } = planned;
    if (!trained) continue;
    // A program's own network may begin where no step would take it.
    const before = initial.get(name)!();
    const within = (value: number, k: number) => isWithin(value, planned) || value === before[k];
    requireAll(tensors.get(name)!.data, within, `expected a number from ${min} to ${max}`, path, name);
  }
  const named = [...tensors].map(([name, { data }]) => ({ name, read: () => Float64Array.from(data) }));
  const place = (_: number, key: Parameter, j: number) => [parameters[key].file, j];
  checkPopulations(networkNow(trainer.plan.network, named).populations, { source: path, path: [], place });
}

/** As far as the kernel's precision can tell. */
function isWithin(value: number, { min, max }: PlannedTensor): boolean {
  const rounding = 2 ** -23 * Math.abs(value);
  return value >= min - rounding && value <= max + rounding;
}

function requireAll(
  values: ArrayLike<number>,
  legal: (value: number, k: number) => boolean,
  expected: string,
  path: string,
  name: string,
): void {
  for (let k = 0; k < values.length; k++)
    if (!legal(values[k]!, k))
      throw new ConfigError(`${path}: ${name}: entry ${k}: ${expected}, got ${shown(values[k])}`);
}

/**
 * @param trainer before it has trained
 * @throws ConfigError naming the first number of a run's history or state that no run can have
 */
export function requirePossibleProgress(
  trainer: Trainer<TrainerConfig>,
  { history, progress }: Checkpoint<AnyConfig>,
  path: string,
): void {
  const within = (place: string, value: number, least: number, most: number) => {
    if (!(value >= least && value <= most))
      throw complaint(`${path}: ${place}`, [], `expected a number from ${least} to ${most}`, value);
  };
  const { optimizer, selection } = trainer.config;
  const neurons = trainer.state.tally.counts.reduce((sum, layer) => sum + layer.length, 0);
  let best = noBest;
  for (const [k, record] of history.entries()) {
    const place = `history[${k}]`;
    within(`${place}.learningRate`, record.learningRate, 0, optimizer.learning_rate);
    within(`${place}.train.accuracy`, record.train.accuracy, 0, 1);
    if (record.validation) within(`${place}.validation.accuracy`, record.validation.accuracy, 0, 1);
    within(`${place}.hiddenSpikes`, record.hiddenSpikes, 0, Number.MAX_VALUE);
    within(`${place}.silentNeurons`, record.silentNeurons, 0, neurons);
    best = bestAfterEpoch(best, k + 1, accuracyOf(record, selection.of));
  }
  const { schedule, adam, selected, tally, batch, epoch } = progress;
  within("progress.selected.epoch", selected.epoch, best.epoch, best.epoch);
  within("progress.selected.accuracy", selected.accuracy, best.accuracy, best.accuracy);
  within("progress.schedule.rate", schedule.rate, 0, optimizer.learning_rate);
  for (const key of ["ease", "fast", "slow"] as const)
    within(`progress.schedule.${key}`, schedule[key], 0, 1);
  within("progress.schedule.lastDrop", schedule.lastDrop, 0, history.length);
  for (const [name, { beta1, beta2 }] of Object.entries(adam)) {
    within(`progress.adam.${name}.beta1`, beta1, 0, 1);
    within(`progress.adam.${name}.beta2`, beta2, 0, 1);
  }
  within("progress.tally.correct", tally.correct, 0, tally.trials);
  for (const [k, layer] of tally.counts.entries())
    for (const count of layer) within(`progress.tally.counts[${k}]`, count, 0, Number.MAX_SAFE_INTEGER);
  // Between epochs nothing of an epoch's plan is needed, and making it takes time.
  if (batch > 0) within("progress.batch", batch, 1, trainer.batchesOf(epoch));
}
