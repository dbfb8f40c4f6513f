/** What a study has found: a row a combination of settings, with means and deviations over its seeds and folds. */
import { csvFormatRows } from "d3-dsv";
import { type Interval, meanAndDeviation, wilsonInterval } from "../training/confidence.ts";
import { type Combination, valueText } from "./combinations.ts";
import { byCombination } from "./points.ts";
import { tableColumns } from "./schema.ts";
import type { Standing } from "./standing.ts";

/** An accuracy over runs; of one run the deviation is 0. */
interface Measure {
  readonly mean: number;
  /** Of the population: divided by the number of runs. */
  readonly deviation: number;
  /** Of the mean, as of one run on all trials that any of them was scored on: other seeds see the same ones. */
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
  /** Trained, on average. */
  readonly epochs: number | undefined;
  /** Of training and validation, on average. */
  readonly seconds: number | undefined;
  /** Why the first of those that failed did. */
  readonly failure: string | undefined;
}

/** @param secondsOf a point's run */
export function rowsOf(
  standings: readonly Standing[],
  secondsOf: (hash: string) => number | undefined,
): Row[] {
  return byCombination(standings, ({ point }) => point).map((group) => rowOf(group, secondsOf));
}

function rowOf(group: readonly Standing[], secondsOf: (hash: string) => number | undefined): Row {
  const results = group.flatMap(({ result }) => result ?? []);
  const failures = group.flatMap(({ failure }) => failure ?? []);
  const seconds = group.flatMap(({ point }) => secondsOf(point.hash) ?? []);
  return {
    settings: group[0]!.point.settings,
    ...{ runs: results.length, of: group.length, failed: failures.length },
    validation: measured(group, "validation"),
    test: measured(group, "test"),
    epochs: meanOf(results.map(({ epochs }) => epochs)),
    seconds: meanOf(seconds),
    failure: failures[0],
  };
}

function meanOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : meanAndDeviation(values).mean;
}

function measured(group: readonly Standing[], part: "validation" | "test"): Measure | undefined {
  const scores = group.flatMap(({ point: { fold }, result }) => {
    const score = result?.[part];
    return score ? [{ ...score, fold }] : [];
  });
  if (scores.length === 0) return undefined;
  // Folds hold other trials out each, and are tested on the same.
  const trials = new Map(scores.map(({ fold, trials: its }) => [part === "test" ? "all" : fold, its]));
  const { mean, deviation } = meanAndDeviation(scores.map(({ accuracy }) => accuracy));
  const count = [...trials.values()].reduce((sum, its) => sum + its, 0);
  return { mean, deviation, interval: wilsonInterval(mean, count) };
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
    ...(withTime ? [String(row.seconds ?? "")] : []),
    row.failure ?? "",
  ]);
  return `${csvFormatRows([heading, ...lines])}\n`;
}

/** The same as plain data. */
export function jsonOf(rows: readonly Row[], withTime: boolean): unknown[] {
  return rows.map((row) => ({
    settings: row.settings,
    ...Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, value(row)])),
    ...(withTime && { seconds: row.seconds }),
    failure: row.failure,
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

/** For people: the best first, percent, columns as wide as what stands in them. */
export function textOf(rows: readonly Row[]): string {
  const axes = Object.keys(rows[0]!.settings);
  const parts = (["validation", "test"] as const).filter((part) => rows.some((row) => row[part]));
  const heading = [...axes, ...parts.map((part) => `${part} %`), "runs", "epochs", "s a run"];
  const lines = bestFirst(rows).map((row) => [
    ...axes.map((name) => valueText(row.settings[name])),
    ...parts.map((part) => percent(row[part], row.runs)),
    `${row.runs}/${row.of}`,
    row.epochs === undefined ? "" : String(Math.round(10 * row.epochs) / 10),
    row.seconds === undefined ? "" : row.seconds.toFixed(row.seconds < 10 ? 1 : 0),
    ...(row.failure === undefined ? [] : [`failed: ${row.failure}`]),
  ]);
  const widths = heading.map((name, k) =>
    Math.max(name.length, ...lines.map((line) => line[k]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((text, k) => (k < axes.length ? text.padEnd(widths[k]!) : text.padStart(widths[k] ?? 0)))
      .join("  ");
  return `${[heading, ...lines].map((cells) => line(cells).trimEnd()).join("\n")}\n`;
}
