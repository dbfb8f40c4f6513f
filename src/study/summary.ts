/** What a study leaves: its table and its report. */
import { basename, resolve } from "node:path";
import { stringify } from "yaml";
import { replaceFile } from "../base/files.ts";
import { version } from "../base/version.ts";
import type { Combined, Curve, StudyData } from "../report/study/studyData.ts";
import { metricsSeconds, readMetrics } from "../run/metrics.ts";
import { runFile } from "../run/runFolder.ts";
import { type Combination, valueText } from "./combinations.ts";
import { pointText } from "./points.ts";
import { type Standing, standingsOf } from "./standing.ts";
import { pointFolder, type StudyFolder, studyFile } from "./studyFolder.ts";
import { bestFirst, csvOf, type Row, rowsOf } from "./table.ts";

/** Learning curves that one picture can show. */
const mostCurves = 8;

interface Found {
  readonly standings: readonly Standing[];
  /** In the study's order. */
  readonly rows: readonly Row[];
  /** Of training and validation, by hash. */
  readonly seconds: ReadonlyMap<string, number>;
}

async function found(study: StudyFolder): Promise<Found> {
  const standings = await standingsOf(study, new Set());
  const seconds = new Map<string, number>();
  for (const { point, result } of standings)
    if (result) seconds.set(point.hash, await metricsSeconds(metricsFile(study, point.hash)));
  return { standings, seconds, rows: rowsOf(standings, (hash) => seconds.get(hash)) };
}

function metricsFile({ path }: StudyFolder, hash: string): string {
  return runFile(pointFolder(path, hash), "metrics");
}

/** A row a combination, in the study's order. */
export async function studyRows(study: StudyFolder): Promise<readonly Row[]> {
  return (await found(study)).rows;
}

export interface Summary {
  readonly finished: number;
  readonly failed: number;
  /** Where they are. */
  readonly table: string;
  readonly report: string;
}

/** Writes both. */
export async function writeSummary(study: StudyFolder): Promise<Summary> {
  const all = await found(study);
  const [table, report] = [studyFile(study.path, "table"), studyFile(study.path, "report")];
  await replaceFile(table, csvOf(all.rows, false));
  const { studyHtml } = await import("../report/study/studyReport.ts");
  const data = await studyData(study, all);
  await replaceFile(report, await studyHtml(data));
  return { finished: data.points.finished, failed: data.points.failed, table, report };
}

async function studyData(study: StudyFolder, { standings, rows, seconds }: Found): Promise<StudyData> {
  const part = rows.some(({ validation }) => validation) ? "validation" : "test";
  const best = bestFirst(rows).filter(({ validation, test }) => validation ?? test);
  const failures = standings.filter(({ failure }) => failure !== undefined);
  return {
    title: basename(resolve(study.path)),
    ...{ version, date: new Date().toISOString(), settings: stringify(study.study), part },
    points: {
      all: standings.length,
      finished: standings.filter(({ result, failure }) => result && failure === undefined).length,
      failed: failures.length,
    },
    axes: axesOf(rows),
    combinations: best.map((row) => combined(row)),
    curves: await curvesOf(study, standings, best.slice(0, mostCurves)),
    failures: failures.map(({ point, failure }) => ({ name: pointText(point), line: failure! })),
    hours: [...seconds.values()].reduce((sum, value) => sum + value, 0) / 3600,
  };
}

function axesOf(rows: readonly Row[]): StudyData["axes"] {
  return Object.keys(rows[0]!.settings).map((name) => {
    const values = [...new Set(rows.map(({ settings }) => settings[name]))];
    if (values.every((value) => typeof value === "number")) values.sort((a, b) => a - b);
    return { name, values: [...new Set(values.map(valueText))] };
  });
}

function combined({ settings, validation, test, runs, epochs, seconds }: Row): Combined {
  return {
    settings: textsOf(settings),
    ...{ accuracy: (validation ?? test)!, test, runs, epochs: epochs!, seconds: seconds! },
  };
}

function textsOf(settings: Combination): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, valueText(value)]));
}

/** Of each combination's first run that has a result. */
async function curvesOf(
  study: StudyFolder,
  standings: readonly Standing[],
  best: readonly Row[],
): Promise<Curve[]> {
  const curves: Curve[] = [];
  for (const { settings } of best) {
    const run = standings.find(({ point, result }) => result && point.settings === settings)!;
    const rows = await readMetrics(metricsFile(study, run.point.hash));
    const values = rows.flatMap(({ epoch, validation_accuracy: held, train_accuracy: trained }) => {
      const value = held ?? trained;
      return epoch === undefined || value === undefined ? [] : [{ epoch, value }];
    });
    // The axes' names are the same for all, and stand in the table.
    const name = Object.values(textsOf(settings)).join(", ") || pointText(run.point);
    if (values.length > 0) curves.push({ name, values });
  }
  return curves;
}
