/** What a study leaves: its table and its report. */
import { basename, resolve } from "node:path";
import { stringify } from "yaml";
import { replaceFile } from "../base/files.ts";
import { version } from "../base/version.ts";
import { significant } from "../report/format.ts";
import type { Combined, Curve, StudyData } from "../report/study/studyData.ts";
import { type Combination, valueText } from "./axes.ts";
import { pointText } from "./points.ts";
import { metricsOf } from "./progress.ts";
import { type Standing, standingsOf } from "./standing.ts";
import { type StudyFolder, studyFile } from "./studyFolder.ts";
import { bestFirst, csvOf, type Noted, type Row, rowsOf } from "./table.ts";

/** Learning curves that one picture can show. */
const mostCurves = 8;

interface Found {
  readonly standings: readonly Standing[];
  /** In the study's order. */
  readonly rows: readonly Row[];
  /** By hash. */
  readonly noted: ReadonlyMap<string, Noted>;
}

async function found(study: StudyFolder): Promise<Found> {
  const standings = await standingsOf(study, new Set());
  const noted = new Map<string, Noted>();
  for (const { point, result } of standings)
    if (result) noted.set(point.hash, notedIn(await metricsOf(study, point), result.selected.epoch));
  return { standings, noted, rows: rowsOf(standings, (hash) => noted.get(hash)) };
}

function notedIn(epochs: readonly Metrics[], selected: number): Noted {
  const seconds = ({ seconds_train: train = 0, seconds_validation: validation = 0 }: Metrics) =>
    train + validation;
  const { train_accuracy: trainAccuracy, hidden_spikes: hiddenSpikes }: Metrics =
    epochs.find(({ epoch }) => epoch === selected) ?? {};
  return { seconds: epochs.reduce((sum, one) => sum + seconds(one), 0), trainAccuracy, hiddenSpikes };
}

type Metrics = Awaited<ReturnType<typeof metricsOf>>[number];

/** A row a combination, in the study's order. */
export async function studyRows(study: StudyFolder): Promise<readonly Row[]> {
  return (await found(study)).rows;
}

export interface Summary {
  readonly finished: number;
  readonly failed: number;
  /** Where they are. */
  readonly report: string;
  readonly table: string;
}

/** Writes both. */
export async function writeSummary(study: StudyFolder): Promise<Summary> {
  const all = await found(study);
  const [table, report] = [studyFile(study.path, "table"), studyFile(study.path, "report")];
  await replaceFile(table, csvOf(all.rows, false));
  const { studyHtml } = await import("../report/study/studyReport.ts");
  const data = await studyData(study, all);
  await replaceFile(report, await studyHtml(data));
  return { finished: data.points.finished, failed: data.points.failed, report, table };
}

async function studyData(study: StudyFolder, { standings, rows, noted }: Found): Promise<StudyData> {
  const part = rows.some(({ validation }) => validation) ? "validation" : "test";
  const best = bestFirst(rows).filter(({ validation, test }) => validation ?? test);
  const failures = standings.filter(({ failure }) => failure !== undefined);
  const scales = scalesOf(rows);
  return {
    title: basename(resolve(study.path)),
    ...{ version, date: new Date().toISOString(), settings: stringify(study.study), part },
    points: {
      all: standings.length,
      finished: standings.filter(({ state }) => state === "finished").length,
      failed: failures.length,
    },
    axes: scales.map(({ name, values, isNumeric }) => ({ name, values, isNumeric })),
    combinations: best.map((row) => combined(row, scales)),
    ...(await curvesOf(study, standings, best.slice(0, mostCurves))),
    curvePart: part === "validation" ? "validation" : "training",
    failures: failures.map(({ point, failure }) => ({ name: pointText(point), line: failure! })),
    seconds: [...noted.values()].reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

/** Values that a picture can show one beside the other. */
const mostValues = 12;
const bins = 6;

/** An axis, and where each value stands on it. */
interface Scale {
  readonly name: string;
  readonly values: readonly string[];
  readonly isNumeric: boolean;
  readonly textOf: (value: unknown) => string;
}

function scalesOf(rows: readonly Row[]): Scale[] {
  return Object.keys(rows[0]!.settings).map((name) => {
    const all = [...new Set(rows.map(({ settings }) => settings[name]))];
    if (!all.every((value) => typeof value === "number"))
      return { name, values: [...new Set(all.map(valueText))], isNumeric: false, textOf: valueText };
    const sorted = all.sort((a, b) => a - b);
    const numeric = { name, isNumeric: true };
    if (sorted.length <= mostValues) return { ...numeric, values: sorted.map(valueText), textOf: valueText };
    return { ...numeric, ...binned(sorted) };
  });
}

/** Bins with as many values each, named by their least and their largest. */
function binned(sorted: readonly number[]): Pick<Scale, "values" | "textOf"> {
  const edge = (k: number) => Math.floor((k * sorted.length) / bins);
  const parts = Array.from({ length: bins }, (_, k) => sorted.slice(edge(k), edge(k + 1)));
  // As many digits as tell the bins' ends apart.
  const ends = parts.flatMap((part) => [part[0]!, part.at(-1)!]);
  const digits =
    [3, 6, 9].find((few) => new Set(ends.map((end) => significant(end, few))).size === ends.length) ?? 17;
  const text = (part: readonly number[]) =>
    `${significant(part[0]!, digits)} – ${significant(part.at(-1)!, digits)}`;
  return {
    values: parts.map(text),
    textOf: (value) => text(parts.find((part) => part.includes(value as number))!),
  };
}

function combined(
  { settings, validation, test, recall, runs, epochs, noted }: Row,
  scales: readonly Scale[],
): Combined {
  return {
    settings: textsOf(settings),
    places: Object.fromEntries(scales.map(({ name, textOf }) => [name, textOf(settings[name])])),
    accuracy: (validation ?? test)!,
    test,
    recall: recall!,
    runs,
    epochs: epochs!,
    seconds: noted.seconds!,
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
): Promise<Pick<StudyData, "curves" | "curveAxes">> {
  const texts = best.map(({ settings }) => textsOf(settings));
  const names = Object.keys(texts[0] ?? {});
  const curveAxes = names.filter((name) => new Set(texts.map((text) => text[name])).size > 1);
  const curves: Curve[] = [];
  for (const [k, { settings }] of best.entries()) {
    const run = standings.find(({ point, result }) => result && point.settings === settings)!;
    const rows = await metricsOf(study, run.point);
    const values = rows.flatMap(({ epoch, validation_accuracy: held, train_accuracy: trained }) => {
      const value = held ?? trained;
      return epoch === undefined || value === undefined ? [] : [{ epoch, value }];
    });
    const name = curveAxes.map((axis) => texts[k]![axis]).join(", ") || pointText(run.point);
    if (values.length > 0) curves.push({ name, values });
  }
  return { curves, curveAxes };
}
