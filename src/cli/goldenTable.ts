/** What `goldspike demo` shows first: how far solutions are from certified values, a line per case. */

import { KernelError } from "../base/errors.ts";
import { readGolden } from "../conformance/suite/golden.ts";
import { listSuite, type SuiteEntry } from "../conformance/suite/suite.ts";
import { solveCase } from "../engine/solve.ts";
import { loadCase } from "../format/loadCase.ts";
import type { Precision } from "../model/solution.ts";
import { goldenErrors } from "./goldenErrors.ts";

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
