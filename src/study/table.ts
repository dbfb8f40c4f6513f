/** What a study has found: a row a combination of settings, with means and deviations over its seeds and folds. */
import { csvFormatRows } from "d3-dsv";
import { alignedTable } from "../base/alignedTable.ts";
import { type Interval, meanAndDeviation, meanInterval, meanRecall } from "../training/confidence.ts";
import { type Combination, valueText } from "./axes.ts";
import { byCombination } from "./points.ts";
import { tableColumns } from "./schema.ts";
import type { Standing } from "./standing.ts";

/** An accuracy over runs; of one run the deviation is 0. */
interface Measure {
  readonly mean: number;
  /** Of the population: divided by the number of runs. */
  readonly deviation: number;
  /** Of the mean: what other trials than those that any run was scored on, and other seeds, would let it vary by. */
  readonly interval: Interval;
}

export interface Row {
  readonly settings: Combination;
  /** That have come to an end. */
  readonly runs: number;
  /** That the study asks for. */
  readonly of: number;
  readonly failed: number;
  /** Undefined while no run has come to an end, or without such a part. */
  readonly validation: Measure | undefined;
  readonly test: Measure | undefined;
  /** Over the classes, of the test part where there is one, else of the validation part; on average. */
  readonly recall: number | undefined;
  /** Trained, on average. */
  readonly epochs: number | undefined;
  /** What the runs have noted, on average. */
  readonly noted: { readonly [Name in keyof Noted]: number | undefined };
  /** Why the first of those that failed did. */
  readonly failure: string | undefined;
}

/** What a run has noted of its epochs. */
export interface Noted {
  /** Of training and validation, of all epochs. */
  readonly seconds: number;
  /** Of the training trials of the selected epoch, while it went on. */
  readonly trainAccuracy: number | undefined;
  /** A trial, of the same. */
  readonly hiddenSpikes: number | undefined;
}

/** @param notedBy a point's run */
export function rowsOf(standings: readonly Standing[], notedBy: (hash: string) => Noted | undefined): Row[] {
  return byCombination(standings, ({ point }) => point).map((group) => rowOf(group, notedBy));
}

function rowOf(group: readonly Standing[], notedBy: (hash: string) => Noted | undefined): Row {
  const results = group.flatMap(({ result }) => result ?? []);
  const failures = group.flatMap(({ failure }) => failure ?? []);
  const noted = group.flatMap(({ point }) => notedBy(point.hash) ?? []);
  const mean = (name: keyof Noted) => meanOf(noted.flatMap((one) => one[name] ?? []));
  return {
    settings: group[0]!.point.settings,
    ...{ runs: results.length, of: group.length, failed: failures.length },
    validation: measured(group, "validation"),
    test: measured(group, "test"),
    recall: meanOf(results.map(({ confusion }) => meanRecall(confusion.counts))),
    epochs: meanOf(results.map(({ epochs }) => epochs)),
    noted: {
      seconds: mean("seconds"),
      trainAccuracy: mean("trainAccuracy"),
      hiddenSpikes: mean("hiddenSpikes"),
    },
    failure: failures[0],
  };
}

function meanOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : meanAndDeviation(values).mean;
}

function measured(group: readonly Standing[], part: "validation" | "test"): Measure | undefined {
  const scores = group.flatMap(({ point: { seed, fold }, result }) => {
    const score = result?.[part];
    return score ? [{ ...score, seed, fold }] : [];
  });
  if (scores.length === 0) return undefined;
  // Folds hold other trials out each, and are tested on the same.
  const trials = new Map(scores.map(({ fold, trials: its }) => [part === "test" ? "all" : fold, its]));
  const { mean, deviation } = meanAndDeviation(scores.map(({ accuracy }) => accuracy));
  const count = [...trials.values()].reduce((sum, its) => sum + its, 0);
  const seeds = [...new Set(scores.map(({ seed }) => seed))];
  const bySeed = seeds.map(
    (its) => meanAndDeviation(scores.flatMap(({ seed, accuracy }) => (seed === its ? [accuracy] : []))).mean,
  );
  return { mean, deviation, interval: meanInterval(bySeed, count) };
}

/** The best first: by validation accuracy, where there is none by that of the test; those without come last. */
export function bestFirst(rows: readonly Row[]): Row[] {
  const score = ({ validation, test }: Row) => (validation ?? test)?.mean ?? -1;
  return [...rows].sort((a, b) => score(b) - score(a));
}

const columns: Readonly<Record<(typeof tableColumns)[number], (row: Row) => number | undefined>> = {
  runs: ({ runs }) => runs,
  of: ({ of }) => of,
  failed: ({ failed }) => failed,
  validation_accuracy: ({ validation }) => validation?.mean,
  validation_deviation: ({ validation }) => validation?.deviation,
  validation_low: ({ validation }) => validation?.interval.low,
  validation_high: ({ validation }) => validation?.interval.high,
  test_accuracy: ({ test }) => test?.mean,
  test_deviation: ({ test }) => test?.deviation,
  test_low: ({ test }) => test?.interval.low,
  test_high: ({ test }) => test?.interval.high,
  mean_recall: ({ recall }) => recall,
  train_accuracy: ({ noted }) => noted.trainAccuracy,
  hidden_spikes: ({ noted }) => noted.hiddenSpikes,
  trained_epochs: ({ epochs }) => epochs,
};

/**
 * Every digit, cells of what is not known empty.
 *
 * @param withTime adds the seconds of a run, which differ from machine to machine
 */
export function csvOf(rows: readonly Row[], withTime: boolean): string {
  const axes = Object.keys(rows[0]!.settings);
  const heading = [...axes, ...tableColumns, ...(withTime ? ["seconds"] : []), "failure"];
  const lines = rows.map((row) => [
    ...axes.map((name) => valueText(row.settings[name])),
    ...tableColumns.map((name) => String(columns[name](row) ?? "")),
    ...(withTime ? [String(row.noted.seconds ?? "")] : []),
    row.failure ?? "",
  ]);
  return `${csvFormatRows([heading, ...lines])}\n`;
}

/** The same as plain data; null is what is not known. */
export function jsonOf(rows: readonly Row[], withTime: boolean): unknown[] {
  return rows.map((row) => ({
    settings: row.settings,
    ...Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, value(row) ?? null])),
    ...(withTime && { seconds: row.noted.seconds ?? null }),
    failure: row.failure ?? null,
  }));
}

/** `82.1 ± 0.4 (80.3–83.8)`: mean, deviation, interval. */
function percent(measure: Measure | undefined, runs: number): string {
  if (measure === undefined) return "";
  const digits = (share: number) => (100 * share).toFixed(1);
  const { mean, deviation, interval } = measure;
  const spread = runs > 1 ? ` ± ${digits(deviation)}` : "";
  return `${digits(mean)}${spread} (${digits(interval.low)}–${digits(interval.high)})`;
}

function fixed(value: number | undefined, digits: number): string {
  return value === undefined ? "" : value.toFixed(digits);
}

/** For people: the best first, percent. */
export function textOf(rows: readonly Row[]): string {
  const axes = Object.keys(rows[0]!.settings);
  const parts = (["validation", "test"] as const).filter((part) => rows.some((row) => row[part]));
  const heading = [
    ...[...axes, ...parts.map((part) => `${part} %`), "mean recall %", "training %"],
    ...["hidden spikes", "runs", "epochs", "s a run"],
  ];
  const lines = bestFirst(rows).map((row) => [
    ...axes.map((name) => valueText(row.settings[name])),
    ...parts.map((part) => percent(row[part], row.runs)),
    fixed(row.recall && 100 * row.recall, 1),
    fixed(row.noted.trainAccuracy && 100 * row.noted.trainAccuracy, 1),
    fixed(row.noted.hiddenSpikes, 0),
    `${row.runs}/${row.of}`,
    row.epochs === undefined ? "" : String(Math.round(10 * row.epochs) / 10),
    fixed(row.noted.seconds, (row.noted.seconds ?? 0) < 10 ? 1 : 0),
    ...(row.failure === undefined ? [] : [`failed: ${row.failure}`]),
  ]);
  return alignedTable(heading, lines, axes.length);
}
