/** What would make a failed result pass, said only after it has been tried; and a grid on which its times lie. */
import { ConfigError } from "../../base/errors.ts";
import type { Result } from "../../format/result.ts";
import type { ClassChoice } from "../reference/references.ts";
import { type Convention, conventions, switches } from "../twin/convention.ts";
import { type Part, summed } from "../verdict/verdict.ts";

interface Remedy {
  /** What to add to the command line. */
  readonly options: string;
  readonly choice: ClassChoice;
}

/** More than these would say nothing. */
const mostNamed = 3;

/**
 * One sentence after a verdict's message, or nothing.
 *
 * @param spikes of the result
 * @param compare the result with the reference of another choice
 * @param mistakes with which the result passes
 */
export async function remedyText(
  choice: ClassChoice,
  spikes: readonly Result["spikes"][],
  precision: string,
  compare: (choice: ClassChoice) => Promise<readonly Part[]>,
  mistakes: AsyncIterable<{ readonly phrase: string }>,
): Promise<string> {
  const known: string[] = [];
  for await (const { phrase } of mistakes) if (known.push(phrase) > mostNamed) break;
  if (known.length > 0) return `; with ${namesOf(known)} it passes`;
  const times = spikes.flatMap((rasters) => [...rasters.values()].flatMap((raster) => [...raster.times]));
  const grid = gridOf(times);
  if (grid === undefined && isStepped(choice) && areOffGrid(times, choice.dt))
    return `; spike times lie on no grid of ${choice.dt} ms: ${await withoutSteps(choice, precision, compare)}`;
  const groups = [
    oneHabit(choice),
    otherHabits(choice),
    otherClass(choice, precision),
    otherStep(choice, grid),
  ];
  for (const group of groups) {
    const names: string[] = [];
    for (const { options, choice: other } of group)
      if (await passes(() => compare(other))) names.push(options);
    if (names.length === 0) continue;
    const which = namesOf(names);
    return group === groups[3]
      ? `; times lie on a grid of ${grid} ms: with ${which} it passes`
      : `; with ${which} it passes`;
  }
  return grid === undefined || fits(choice, grid)
    ? ""
    : `; times lie on a grid of ${grid} ms: try ${stepOptions(choice, grid)}`;
}

function namesOf(names: readonly string[]): string {
  const more = names.length > mostNamed ? " or others" : "";
  return `${names.slice(0, mostNamed).join(" or ")}${more}`;
}

/** Every other setting of one switch. */
function oneHabit(choice: ClassChoice): Remedy[] {
  if (choice.name !== "T4") return [];
  const { convention } = choice;
  return Object.entries(switches).flatMap(([title, { key, values }]) =>
    Object.entries(values)
      .filter(([, value]) => convention[key] !== value)
      .map(([setting, value]) => ({
        options: `--switch ${title}=${setting}`,
        choice: { ...choice, convention: { ...convention, [key]: value } as Convention },
      })),
  );
}

function otherHabits(choice: ClassChoice): Remedy[] {
  if (choice.name !== "T4") return [];
  return Object.entries(conventions)
    .filter(([, convention]) => JSON.stringify(convention) !== JSON.stringify(choice.convention))
    .map(([name, convention]) => ({ options: `--convention ${name}`, choice: { ...choice, convention } }));
}

function otherClass(choice: ClassChoice, precision: string): Remedy[] {
  const wider = precision === "f32" && (choice.name === "T1" || choice.name === "T2");
  return wider ? [{ options: "--class T3", choice: { ...choice, name: "T3" } }] : [];
}

function otherStep(choice: ClassChoice, grid: number | undefined): Remedy[] {
  if (grid === undefined || fits(choice, grid)) return [];
  const step = { ...choice, name: "T4", dt: grid } as const;
  const options = stepOptions(choice, grid);
  const own = { options, choice: step };
  return [own, ...otherHabits(step).map((other) => ({ ...other, options: `${options} ${other.options}` }))];
}

/** What to do with a result of a program that takes no steps. */
async function withoutSteps(
  choice: ClassChoice,
  precision: string,
  compare: (choice: ClassChoice) => Promise<readonly Part[]>,
): Promise<string> {
  const name = precision === "f32" ? "T3" : "T2";
  if (await passes(() => compare({ ...choice, name }))) return `with --class ${name} it passes`;
  return "event-driven backends are judged by T2 or T3";
}

function stepOptions(choice: ClassChoice, grid: number): string {
  return isStepped(choice) ? `--dt ${grid}` : `--class T4 --dt ${grid}`;
}

/** Whether the class takes results on the grid for such. */
function fits(choice: ClassChoice, grid: number): boolean {
  return isStepped(choice) && Math.abs(grid / choice.dt - 1) < 1e-6;
}

function isStepped({ name }: ClassChoice): boolean {
  return name === "T4" || name === "T5";
}

async function passes(compare: () => Promise<readonly Part[]>): Promise<boolean> {
  try {
    return summed(await compare()).status === "pass";
  } catch (error) {
    // A class, or a twin with this habit, cannot do the case.
    if (error instanceof ConfigError) return false;
    throw error;
  }
}

/** Fewer times may lie on a grid by chance. */
const leastTimes = 3;
/** Share of a time by which one that has been rounded to single precision may be off. */
const singleSlack = 4e-7;
/** Share of a step by which a multiple of it may be off. */
const partSlack = 1e-4;
/** A grid's step divides the shortest distance by no more. */
const mostParts = 1000;

/** The widest grid, in ms, with times at multiples of its step; undefined if there is none that is wide enough to tell. */
export function gridOf(times: readonly number[]): number | undefined {
  const all = [...new Set([0, ...times])].filter(Number.isFinite).sort((a, b) => a - b);
  if (all.length <= leastTimes) return undefined;
  const slack = singleSlack * all.at(-1)!;
  let shortest = Number.POSITIVE_INFINITY;
  for (let k = 1; k < all.length; k++) {
    const distance = all[k]! - all[k - 1]!;
    if (distance > slack) shortest = Math.min(shortest, distance);
  }
  for (let parts = 1; parts <= mostParts; parts++) {
    const step = Number((shortest / parts).toPrecision(4));
    // A grid that is as fine as the slack would fit anything.
    if (step < 100 * slack) return undefined;
    if (all.every((time) => Math.abs(time / step - Math.round(time / step)) <= slack / step + partSlack))
      return step;
  }
  return undefined;
}

/** Of times that lie on no grid, so many may lie on one by chance. */
const byChance = 0.05;

/** Whether times, in ms, are no multiples of the step, nor are all as far from one as the others. */
export function areOffGrid(times: readonly number[], dt: number): boolean {
  const last = times.reduce((most, time) => Math.max(most, time), 0);
  const slack = (singleSlack * last) / dt + partSlack;
  const toNearest = (share: number) => Math.abs(share - Math.round(share));
  const isApart = (from: number) => (time: number) => toNearest((time - from) / dt) > slack;
  const off = times.filter(isApart(0));
  if (off.length === 0 || times.length - off.length > byChance * times.length) return false;
  return new Set(times).size === 1 || off.some(isApart(off[0]!));
}
