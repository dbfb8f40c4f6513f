/** `goldspike conform explain`: where a result leaves the exact solution, or the twin of its time step. */
import { join } from "node:path";
import { Command } from "commander";
import { ConfigError } from "../../base/errors.ts";
import { type Explanation, explain, type Parting, type Standard } from "../../conformance/explain/explain.ts";
import { exactStandard, twinStandard } from "../../conformance/explain/standards.ts";
import type { Convention, ConventionName } from "../../conformance/twin/convention.ts";
import { readResult } from "../../format/result.ts";
import type { Case } from "../../model/case.ts";
import { caseArgument, loadNamedCase } from "../namedCase.ts";
import { positiveInteger, positiveNumber } from "../options.ts";
import { conventionOf, conventionOption, stepOption, switchOption } from "./conformOptions.ts";
import { tensorText } from "./tensorText.ts";

interface ExplainOptions {
  readonly dt?: number;
  readonly convention?: ConventionName;
  readonly switch: Partial<Convention>;
  readonly ms?: number;
  readonly jumps?: number;
}

export function conformExplainCommand(): Command {
  return new Command("explain")
    .description(
      "Finds the first spike at which a result leaves the exact solution or, with " +
        "--dt, the time-stepped twin of that step, and prints both states there. Where " +
        "all spikes agree it prints the tensor that is off most, entry by entry, and the " +
        "backward pass, jump by jump: I - V, dL/dt and lambda_V of every spike, beside " +
        "the result's dL/dt if it has spike_times.",
    )
    .argument("<case>", caseArgument)
    .argument("<result>", "folder with result.json")
    .addOption(stepOption("time step of the result, if it has one").default(undefined))
    .addOption(conventionOption("whose steps, with --dt; genn_eventprop if absent").default(undefined))
    .addOption(switchOption())
    .option(
      "--ms <ms>",
      "within which a spike is the same; 1e-6 if absent, or the same step with --dt",
      positiveNumber,
    )
    .option(
      "--jumps <n>",
      "spikes of the backward pass at most; if absent 40, or none where spikes differ",
      positiveInteger,
    )
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike conform run --case recurrence --keep out -- ./my_backend
  $ goldspike conform explain suite/smoke/recurrence out/smoke/recurrence/result
  $ goldspike conform explain suite/smoke/recurrence out/smoke/recurrence/result --dt 0.1 --jumps 6

Exit codes: 1 if the spikes differ, 2 for wrong input.`,
    )
    .action(run);
}

async function run(path: string, folder: string, options: ExplainOptions): Promise<void> {
  const problem = await loadNamedCase(path);
  const result = await readResult(folder, problem.name, join(folder, "result.json"));
  const explanation = explain(problem, result, await standardOf(problem, options));
  console.log(explanationText(explanation, options));
  if (explanation.parting) process.exitCode = 1;
}

async function standardOf(
  problem: Case,
  { dt, convention, ms, switch: own }: ExplainOptions,
): Promise<Standard> {
  if (dt !== undefined)
    return await twinStandard(
      problem,
      conventionOf({ convention: convention ?? "genn_eventprop", switch: own }),
      dt,
      ms,
    );
  if (convention !== undefined)
    throw new ConfigError(
      `--convention: expected --dt with it, the step of the twin, got ${convention} alone`,
    );
  return await exactStandard(problem, ms);
}

interface Showing {
  /** ms; undefined if the result was held against the exact solution. */
  readonly dt?: number | undefined;
  /** Of the backward pass at most. */
  readonly jumps?: number | undefined;
}

/** In words: the spike, the states there, and the backward pass as a table; or what is off where the spikes agree. */
function explanationText({ parting, wrong, jumps }: Explanation, { dt, jumps: most }: Showing): string {
  const whose = dt === undefined ? "exact" : "twin's";
  if (parting) {
    const text = partingText(parting, dt);
    if (most === undefined) return text;
    if (jumps.length === 0) return `${text}\n${nothing}`;
    const rows = rowsAround(parting, jumps, most);
    const title = `the ${whose} backward pass around it, latest spike first:`;
    return [text, title, header(false), ...rows].join("\n");
  }
  const tensors = wrong.length > 0 ? [`all spikes agree; ${tensorText(wrong)}`] : [];
  if (jumps.length === 0) return [...tensors, `all spikes agree; ${nothing}`].join("\n");
  const shown = jumps.slice(0, most ?? 40);
  const left = jumps.length - shown.length;
  return [
    ...tensors,
    `all spikes agree; the ${whose} backward pass, latest spike first:`,
    header(jumps.some(({ found }) => found !== undefined)),
    ...shown.map(row),
    ...(left > 0 ? [`and ${left} earlier ones (--jumps)`] : []),
  ].join("\n");
}

const nothing = "there is no backward pass to look at";

const kinds = { missing: "is missing", extra: "is one too many", moved: "is at another time" } as const;

function partingText(parting: Parting, dt: number | undefined): string {
  const { kind, population, neuron, ordinal, expected, found, exact, right, own, threshold, time } = parting;
  const spike = (at: number | undefined) => (at === undefined ? "none" : `${at} ms`);
  const moment =
    dt === undefined ? `just before ${time} ms` : `at the end of the step from ${onGrid(time, dt)} ms`;
  const state = (whose: string, { v, i }: Parting["own"]) =>
    `${`  by the ${whose} spikes`.padEnd(25)} V = ${v}  I = ${i}`;
  return [
    `the first spike that differs: spike ${ordinal} of ${population} ${neuron} ${kinds[kind]}`,
    ...(dt === undefined
      ? [`  expected  ${spike(expected)}`]
      : [`  twin      ${spike(expected && onGrid(expected, dt))}`, `  exact     ${spike(exact)}`]),
    `  found     ${spike(found)}`,
    ...neighbours(parting, dt),
    `the neuron ${moment}, threshold ${threshold}:`,
    state(dt === undefined ? "exact" : "twin's", right),
    state("result's", own),
    conclusion(Math.abs(right.v - own.v) <= 1e-6 * Math.max(1, Math.abs(threshold)), dt),
  ].join("\n");
}

/** Where the step starts that a time belongs to, without the digits of rounding. */
function onGrid(time: number, dt: number): number {
  return Number((Math.round(time / dt) * dt).toPrecision(12));
}

/** A spike one step away is often the right one under another name. */
function neighbours({ expected, found }: Parting, dt: number | undefined): string[] {
  if (dt === undefined || expected === undefined || found === undefined) return [];
  if (Math.abs(Math.abs(found - expected) - dt) > dt / 4) return [];
  return ["  one step apart: a spike's time is the start of the step in which V reaches the threshold"];
}

function conclusion(agree: boolean, dt: number | undefined): string {
  const step = dt === undefined ? "; if the result has a time step, name it with --dt" : "";
  return agree
    ? `both agree, so the spikes that reach it are right: look at its weights and delays, its integration, its threshold${step}`
    : `they differ, by what earlier spikes are off within --ms: give a smaller one${step}`;
}

const columns = [11, 21, 15, 15, 15, 15] as const;
/** Cells that are wider than their column still have a blank between them. */
const line = (cells: readonly string[]) =>
  cells
    .map((cell, k) => ` ${cell.padStart(columns[k]!)}`)
    .join("")
    .trimEnd();
const header = (withFound: boolean) =>
  line(["ms", "neuron", "I - V", "dL/dt", "lambda_V", ...(withFound ? ["found dL/dt"] : [])]);

/** Of the `most` spikes nearest to the one that differs, which is marked, or has a row of its own if it should not be. */
function rowsAround(parting: Parting, jumps: Explanation["jumps"], most: number): string[] {
  const { time, population, neuron, index } = parting;
  const distance = (jump: { time: number }) => Math.abs(jump.time - time);
  const near = new Set([...jumps].sort((x, y) => distance(x) - distance(y)).slice(0, most));
  const shown = jumps.filter((jump) => near.has(jump));
  const mark = "  <- the first spike that differs";
  const rows = shown.map((jump) =>
    jump.population === population && jump.index === index ? `${row(jump)}${mark}` : row(jump),
  );
  const later = shown.filter((jump) => jump.time > time).length;
  if (index === undefined)
    rows.splice(later, 0, `${line([time.toFixed(6), `${population} ${neuron}`])}${mark}`);
  return rows;
}

function row(jump: Explanation["jumps"][number]): string {
  const { population, neuron, time, slope, derivative, lambdaV, found } = jump;
  const number = (value: number) => value.toPrecision(6);
  const wrong = found !== undefined && !(Math.abs(found - derivative) <= 1e-3 * Math.abs(derivative) + 1e-12);
  const numbers = [slope, derivative, lambdaV, ...(found === undefined ? [] : [found])].map(number);
  return `${line([time.toFixed(6), `${population} ${neuron}`, ...numbers])}${wrong ? "  differs" : ""}`;
}
