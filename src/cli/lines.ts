/** Lines and numbers that people and programs can read. */
import { visibleJson, visibleLines } from "../base/controls.ts";
import { visible } from "../base/visible.ts";
import type { Interval } from "../training/confidence.ts";

/** A line on stderr. */
export function say(line: string): void {
  console.error(visible(line));
}

/** Lines on stdout. */
export function print(text: string): void {
  process.stdout.write(visibleLines(text));
}

/** A value as a line of JSON on stdout. */
export function printJson(value: unknown): void {
  process.stdout.write(`${visibleJson(value)}\n`);
}

/** `name=value name=value` */
export function pairsLine(pairs: Readonly<Record<string, string | number>>): string {
  return Object.entries(pairs)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

/** The ends of an interval of shares: `0.7812-0.8255`. */
export function intervalText({ low, high }: Interval): string {
  return `${low.toFixed(4)}-${high.toFixed(4)}`;
}

/** Two digits: 0, 0.042, 230, 4.6e-13. */
export function twoDigits(value: number): string {
  return String(Number(value.toPrecision(2)));
}

/** A share with its sign of percent. */
export function percent(share: number): string {
  return `${twoDigits(100 * share)} %`;
}
