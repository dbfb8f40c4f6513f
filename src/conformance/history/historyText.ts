/** Kept runs and what has changed between them, as lines. */
import { countsOf } from "../verdict/runReport.ts";
import type { Change, Difference } from "./changes.ts";
import type { KeptRun, KeptVerdict } from "./keptRuns.ts";

/** A line about the `number`-th run. */
export function runLine(run: KeptRun, number: number): string {
  const { about, verdicts, cases, unfinished, source } = run;
  const counts = Object.entries(countsOf([...verdicts.values()])).map(([name, count]) => `${name}=${count}`);
  const cut =
    unfinished === undefined ? [] : [`unfinished, ${verdicts.size} of ${cases} cases: ${unfinished}`];
  return [number, dateText(about.date), about.class, about.host, counts.join(" "), source, ...cut].join("  ");
}

/** To the second, of what is a date. */
export function dateText(date: string): string {
  return date.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d).*$/s, "$1 $2");
}

/** Lines about what has changed from one run to the next, `number`. */
export function differenceLines({ asked, changes, unreached }: Difference, number: number): string[] {
  const width = Math.max(0, ...changes.map(({ name }) => name.length));
  const from = `${number - 1} → ${number}`;
  const what = asked.length === 0 ? [] : [`asked otherwise: ${asked.join("; ")}`];
  const left = unreached === 0 ? [] : [`not reached: ${unreached}`];
  const head = [...what, ...left, changes.length === 0 ? "no case has changed" : `${changes.length} changed`];
  return [
    `${from}  ${head.join("; ")}`,
    ...changes.map((change) => `  ${change.name.padEnd(width)}  ${changeText(change)}`),
  ];
}

export function changeText(change: Change): string {
  switch (change.kind) {
    case "verdict":
      return `${verdictText(change.before)} → ${verdictText(change.after)}`;
    case "new":
      return `new: ${verdictText(change.after)}`;
    case "gone":
      return `gone, was ${verdictText(change.before)}`;
    case "grown":
      return `${change.part}: ${shareText(change.before)} → ${shareText(change.after)} of what is granted`;
  }
}

function verdictText({ status, message }: KeptVerdict): string {
  return message === "" ? status : `${status} (${message})`;
}

function shareText(share: number): string {
  return String(Number(share.toPrecision(2)));
}
