/** What `goldspike demo` shows first: how far solutions are from certified values, a line per case. */
import { KernelError } from "../../base/errors.ts";
import { type Answer, type GoldenSpikes, readGolden } from "../../conformance/suite/golden.ts";
import { listSuite, type SuiteEntry } from "../../conformance/suite/suite.ts";
import { solveCase } from "../../engine/solve.ts";
import { loadCase } from "../../format/loadCase.ts";
import { gradientTensors } from "../../format/solutionResult.ts";
import type { Tensor } from "../../format/tensor.ts";
import type { Case } from "../../model/case.ts";
import type { Precision, Solution } from "../../model/solution.ts";

/** Of times, of loss and readout, and of gradients, as `GoldenErrors` has them. */
type Errors = readonly [number, number, number];

/** What errors must stay below. */
const bounds: Readonly<Record<Precision, Errors>> = {
  f64: [1e-14, 1e-12, 1e-12],
  f32: [1e-4, 1e-3, 1e-3],
};
const precisions = ["f64", "f32"] as const;
const columns = ["times", "loss", "grads"];

/**
 * Solves the core cases of the suite in that folder and prints their errors.
 *
 * @throws KernelError errors are beyond their bounds; all lines are printed before
 */
export async function showGolden(suite: string): Promise<void> {
  const entries = (await listSuite(suite)).filter(({ group }) => group === "core");
  console.log(
    `${entries.length} certified cases, largest errors against arbitrary-precision arithmetic:\n` +
      "spike times per length of the trial, loss and readout per largest of these\n" +
      "numbers, gradients per largest entry of the tensor\n",
  );
  console.log(row("", ["", "f64", "", "", "f32"]));
  console.log(
    row(
      "",
      precisions.flatMap(() => columns),
    ),
  );
  const beyond: string[] = [];
  const largest = Array<number>(precisions.length * columns.length).fill(0);
  for (const entry of entries) {
    const line: number[] = [];
    for (const precision of precisions) {
      const errors = await errorsOf(entry, precision);
      if (!errors.every((error, k) => error <= bounds[precision][k]!))
        beyond.push(`${entry.name} in ${precision}`);
      line.push(...errors);
    }
    for (const [k, error] of line.entries()) largest[k] = Math.max(largest[k]!, error);
    console.log(row(entry.name, line.map(shown)));
  }
  console.log(row("largest", largest.map(shown)));
  if (beyond.length > 0) throw new KernelError(`errors beyond their bounds: ${beyond.join(", ")}`);
}

async function errorsOf({ folder }: SuiteEntry, precision: Precision): Promise<Errors> {
  const problem = await loadCase(folder);
  const { answer } = await readGolden(folder);
  const { times, loss, gradients } = goldenErrors(answer!, problem, await solveCase(problem, { precision }));
  return [times, loss, Math.max(0, ...gradients.values())];
}

function shown(error: number): string {
  return error === Infinity ? "∞" : error.toExponential(1);
}

/** Within 80 columns, however long a case's name. */
function row(name: string, cells: readonly string[]): string {
  return `${name.padEnd(30)}${cells.map((text) => text.padStart(8)).join("")}`;
}

/** What of an answer is looked at; gradients may be some of the tensors. */
export interface Certified extends Pick<Answer, "loss" | "readout" | "gradients"> {
  readonly spikes: Readonly<Record<string, Pick<GoldenSpikes, "times" | "neurons">>>;
}

/** Infinite where spikes or numbers are missing, or others. */
interface GoldenErrors {
  /** Worst error of a spike's time, as a share of the trial. */
  readonly times: number;
  /** Of the loss, relative, or of the worst number of loss and readout as a share of their largest, whichever is more. */
  readonly loss: number;
  /** Worst error in each tensor, as a share of its largest entry. */
  readonly gradients: ReadonlyMap<string, number>;
}

/** How far a solution is from the certified values of its case. */
export function goldenErrors(certified: Certified, problem: Case, solution: Solution): GoldenErrors {
  return {
    times: timeError(certified, solution) / problem.duration,
    loss: lossError(certified, solution),
    gradients: gradientErrors(certified.gradients, gradientTensors(problem, solution)),
  };
}

function timeError(certified: Certified, { spikes }: Solution): number {
  const errors = Object.entries(certified.spikes).map(([name, { times, neurons }]) => {
    const found = spikes[name];
    return found?.neurons.join() === neurons.join() ? worstError(times, found.times) : Infinity;
  });
  return Math.max(0, ...errors);
}

/** A case without a loss has a loss of 0 and no readout, as its solution has. */
function lossError({ loss = 0, readout = new Float64Array() }: Certified, solution: Solution): number {
  const numbers = [loss, ...readout];
  const error = worstError(numbers, [solution.loss, ...solution.readout]);
  return Math.max(share(Math.abs(solution.loss - loss), [loss]), share(error, numbers));
}

function gradientErrors(
  certified: ReadonlyMap<string, Tensor>,
  found: ReadonlyMap<string, Tensor>,
): Map<string, number> {
  const errors = [...certified].map(([name, { values }]) => {
    const error = worstError(values, found.get(name)?.values ?? []);
    return [name, share(error, values)] as const;
  });
  return new Map(errors);
}

function worstError(expected: ArrayLike<number>, found: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity;
  return Math.max(0, ...Array.from(expected, (value, k) => Math.abs(found[k]! - value)));
}

/** 0 of zeros that are right. */
function share(error: number, values: ArrayLike<number>): number {
  return error === 0 ? 0 : error / Math.max(...Array.from(values, Math.abs));
}
