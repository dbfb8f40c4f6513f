/** `goldspike conform explain`: where a result leaves the exact solution. */
import { join } from "node:path";
import { Command } from "commander";
import { loadCase } from "../case/loadCase.ts";
import { type Explanation, explain, type Jump, type Parting } from "../conformance/explain.ts";
import { readResult } from "../conformance/result.ts";
import { positiveInteger, positiveNumber } from "./options.ts";

interface ExplainOptions {
  readonly ms: number;
  readonly jumps: number;
}

export function conformExplainCommand(): Command {
  return new Command("explain")
    .summary("where a result goes wrong")
    .description(
      "Finds the first spike at which a result leaves the exact solution and prints\n" +
        "both states there. Where all spikes agree it prints the backward pass, jump\n" +
        "by jump: I - V, dL/dt and lambda_V of every spike, beside the result's dL/dt\n" +
        "if it has spike_times.",
    )
    .argument("<case>", "case file, or folder with case.json")
    .argument("<result>", "folder with result.json")
    .option("--ms <ms>", "within which a spike is the same", positiveNumber, 1e-6)
    .option("--jumps <n>", "of the backward pass to print at most", positiveInteger, 40)
    .addHelpText(
      "after",
      `
Example:
  $ goldspike conform run --case recurrence --keep out -- ./my_backend
  $ goldspike conform explain suite/smoke/recurrence out/smoke/recurrence/result --ms 0.1

Exit codes: 1 if the spikes differ, 2 for wrong input.`,
    )
    .action(run);
}

async function run(path: string, folder: string, { ms, jumps }: ExplainOptions): Promise<void> {
  const problem = await loadCase(path);
  const explanation = await explain(
    problem,
    await readResult(folder, problem.name, join(folder, "result.json")),
    ms,
  );
  console.log(textOf(explanation, jumps));
  if (explanation.parting) process.exitCode = 1;
}

function textOf({ parting, jumps }: Explanation, most: number): string {
  if (parting) return partingText(parting);
  if (jumps.length === 0) return "all spikes agree; there is no backward pass to look at";
  const shown = jumps.slice(0, most);
  const left =
    jumps.length > shown.length ? [`and ${jumps.length - shown.length} earlier ones (--jumps)`] : [];
  return [
    "all spikes agree; the backward pass, latest spike first:",
    header,
    ...shown.map(row),
    ...left,
  ].join("\n");
}

function partingText({ kind, population, neuron, ordinal, expected, found, ...rest }: Parting): string {
  const what =
    kind === "missing" ? "is missing" : kind === "extra" ? "is one too many" : "is at another time";
  const time = (value: number | undefined) => (value === undefined ? "none" : `${value} ms`);
  const { exact, own, threshold } = rest;
  return [
    `the first spike that differs: spike ${ordinal} of ${population} ${neuron} ${what}`,
    `  expected  ${time(expected)}`,
    `  found     ${time(found)}`,
    `the neuron at ${rest.time} ms, threshold ${threshold}:`,
    `  by the exact spikes    V = ${exact.v}  I = ${exact.i}`,
    `  by the result's spikes V = ${own.v}  I = ${own.i}`,
    near(exact.v, own.v, threshold)
      ? "both agree, so what the neuron is given is right: look at its own integration and at the crossing"
      : "they differ, so what the neuron is given is wrong: look at weights, delays and arrivals",
  ].join("\n");
}

function near(a: number, b: number, scale: number): boolean {
  return Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(scale));
}

const columns = [12, 22, 14, 14, 14, 14] as const;
const line = (cells: readonly string[]) =>
  cells
    .map((cell, k) => cell.padStart(columns[k]!))
    .join("")
    .trimEnd();
const header = line(["ms", "neuron", "I - V", "dL/dt", "lambda_V", "found dL/dt"]);

function row({ population, neuron, time, slope, derivative, lambdaV, found }: Jump): string {
  const number = (value: number) => value.toPrecision(6);
  const wrong = found !== undefined && !(Math.abs(found - derivative) <= 1e-3 * Math.abs(derivative) + 1e-12);
  const own = found === undefined ? "" : number(found);
  const cells = [
    time.toFixed(6),
    `${population} ${neuron}`,
    number(slope),
    number(derivative),
    number(lambdaV),
    own,
  ];
  return `${line(cells)}${wrong ? "  differs" : ""}`;
}
