/** What a finished run comes to: scores with the parameters of the selected epoch, and the report. */

import { hostname } from "node:os";
import { replaceFile } from "../base/files.ts";
import { snakeCased } from "../base/parseWith.ts";
import { version } from "../base/version.ts";
import type { Samples } from "../data/dataset.ts";
import { Engine } from "../engine/engine.ts";
import { populationIndex } from "../engine/kernel/shape.ts";
import { losses } from "../model/losses.ts";
import type { SpikeTrain } from "../model/network.ts";
import type { ReportData, ReportPart, ReportTrial } from "../report/reportData.ts";
import { linearAccuracy } from "../training/linearClassifier.ts";
import { predictedClass, readoutLabel } from "../training/losses.ts";
import type { Score } from "../training/records.ts";
import type { Trainer } from "../training/trainer.ts";
import { type PartResult, readyTrials, runTrials } from "../training/trials.ts";
import type { RunFolder } from "./runFolder.ts";
import type { RunEnd } from "./trainRun.ts";

export type PartName = "train" | "validation" | "test";

export interface Outcome {
  /** The epoch whose parameters were used. */
  readonly epoch: number;
  readonly parts: readonly { readonly name: PartName; readonly result: PartResult }[];
}

/** Scores the given parts with the parameters as they are. */
export async function outcomeOf(
  trainer: Trainer,
  epoch: number,
  names: readonly PartName[],
): Promise<Outcome> {
  const parts = [];
  for (const name of names) {
    const result = await trainer.evaluate(trainer.dataset[name]!, `${name} with epoch ${epoch}`);
    parts.push({ name, result: result! });
  }
  return { epoch, parts };
}

/** What `result.json` holds. */
function resultOf(outcome: Outcome, end: RunEnd, trainer: Trainer): unknown {
  return snakeCased({
    version,
    ended: end,
    epochs: trainer.history.length,
    selected: { epoch: outcome.epoch, of: trainer.config.selection.of },
    ...scoresOf(outcome, trainer.dataset.classes),
  });
}

/** The parts' scores by name, and the confusion matrix of the last one. */
export function scoresOf({ parts }: Outcome, classes: readonly string[]) {
  const scores: Partial<Record<PartName, Score>> = Object.fromEntries(
    parts.map(({ name, result }) => [name, result.score]),
  );
  const { name: part, result } = parts.at(-1)!;
  return { ...scores, confusion: { part, classes, counts: confusion(result, classes.length) } };
}

/** Row: label, column: prediction; a trial without an answer is in the last column. */
function confusion({ outcomes }: PartResult, classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes + 1).fill(0));
  for (const { label, predicted } of outcomes) counts[label]![predicted < 0 ? classes : predicted]!++;
  return counts;
}

/** Writes `result.json` and `report.html`. */
export async function writeOutcome(
  folder: RunFolder,
  trainer: Trainer,
  outcome: Outcome,
  end: RunEnd,
  about: { readonly title: string; readonly settings: string; readonly seconds: number },
): Promise<void> {
  await replaceFile(folder.file("result"), `${JSON.stringify(resultOf(outcome, end, trainer), null, 2)}\n`);
  const { reportHtml } = await import("../report/report.ts");
  await replaceFile(folder.file("report"), await reportHtml(await reportData(trainer, outcome, about)));
}

async function reportData(
  trainer: Trainer,
  { epoch, parts }: Outcome,
  about: { readonly title: string; readonly settings: string; readonly seconds: number },
): Promise<ReportData> {
  const { config, dataset, history } = trainer;
  const last = parts.at(-1)!;
  const layers = trainer.plan.hidden;
  const samples = dataset[last.name]!;
  return {
    ...about,
    version,
    classes: dataset.classes,
    history,
    selected: { epoch, of: config.selection.of },
    parts: parts.map(({ name, result: { score, outcomes } }): ReportPart => ({ name, score, outcomes })),
    spikeCounts: last.result.meanCounts.map((meanCounts, k) => ({ layer: layers[k]!, meanCounts })),
    ...{
      parameters: trainedNumbers(trainer),
      seed: config.seed,
      host: hostname(),
      date: new Date().toISOString(),
    },
    linear: linearIfCheap(trainer, samples),
    trials: await examples(trainer, samples, last.result),
  };
}

/** Numbers that the optimiser moves. */
function trainedNumbers({ parameters }: Trainer): number {
  return parameters
    .filter(({ optimized }) => optimized !== undefined)
    .reduce((sum, { shape }) => sum + shape.reduce((product, length) => product * length, 1), 0);
}

/** Multiplications that a baseline is worth: some seconds. */
const mostProducts = 4e9;

function linearIfCheap({ dataset }: Trainer, samples: Samples): number | undefined {
  const { train, channels, classes } = dataset;
  const products = train.labels.length * channels ** 2 + channels ** 3;
  return products > mostProducts ? undefined : linearAccuracy(train, samples, channels, classes.length);
}

/** The first trials with spikes that were understood, and that were not; the very first if none has any. */
async function examples(
  trainer: Trainer,
  samples: Samples,
  { outcomes }: PartResult,
): Promise<ReportTrial[]> {
  const { offsets } = samples;
  const first = (isRight: boolean) =>
    outcomes.findIndex(
      ({ label, predicted }, trial) =>
        offsets[trial + 1]! > offsets[trial]! && (label === predicted) === isRight,
    );
  const chosen = [first(true), first(false)].filter((trial) => trial >= 0);
  const shown: ReportTrial[] = [];
  for (const trial of chosen.length > 0 ? chosen : [0])
    shown.push(await reportTrial(trainer, samples, trial));
  return shown;
}

/** One trial, run again for its spikes. */
async function reportTrial(trainer: Trainer, samples: Samples, index: number): Promise<ReportTrial> {
  const { config, engine, dataset } = trainer;
  const { duration, loss } = config;
  const place = { config, samples, channels: dataset.channels, place: "report" };
  const ready = readyTrials(engine, place, [index]);
  runTrials(engine, place, ready, false, () => {});
  const recorded = engine.trials[0]!.recorded().populations;
  const spikesOf = (name: string) => {
    const p = populationIndex(engine.shape, name);
    return { size: engine.shape.populations[p]!.population.size, spikes: recorded[p]! };
  };
  const { times, sources } = engine.input(0);
  const count = ready.spikes[0]!;
  const input = { times: times.slice(0, count), sources: Int32Array.from(sources.subarray(0, count)) };
  const layers = trainer.plan.hidden.map((name) => ({ name, ...spikesOf(name) }));
  const { readout } = engine.outcome(0);
  return {
    source: samples.source,
    index,
    label: samples.labels[index]!,
    predicted: predictedClass(loss.kind, readout, duration),
    duration,
    input,
    inputChannels: engine.shape.inputChannels,
    layers,
    output:
      losses[loss.kind].reads === "lif"
        ? { kind: "spikes", spikes: spikesOf(trainer.plan.output).spikes }
        : await voltages(trainer, input),
    readout: { label: readoutLabel(loss.kind), values: readout },
  };
}

/** Points of a curve of voltages. */
const curvePoints = 400;

/** V of every readout, at evenly spaced times after 0. */
async function voltages(trainer: Trainer, input: SpikeTrain): Promise<ReportTrial["output"]> {
  const { precision, duration, max_events: maxEvents } = trainer.config;
  const network = trainer.network();
  const { output } = trainer.plan;
  const { size } = network.populations.find(({ name }) => name === output)!;
  const [maxInputSpikes, maxReadings] = [input.times.length, curvePoints * size];
  const engine = await Engine.create(network, {
    precision,
    duration,
    maxInputSpikes,
    maxEvents,
    maxReadings,
  });
  const times = Float64Array.from({ length: curvePoints }, (_, k) => (duration * (k + 1)) / curvePoints);
  const { v } = engine.trace(input, { kind: "none" }, times, { [output]: "all" }).populations[output]!;
  const values = Array.from({ length: size }, (_, j) => v.filter((_, k) => k % size === j));
  return { kind: "voltages", times, values };
}
