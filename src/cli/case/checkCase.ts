/** `goldspike check`: a case's gradients against central differences, as a table. */
import { Command } from "commander";
import { alignedTable } from "../../base/alignedTable.ts";
import { visible } from "../../base/visible.ts";
import { centralDifferences, type TensorCheck } from "../../check/centralDifferences.ts";
import { print, say } from "../lines.ts";
import { caseArgument, loadNamedCase } from "../namedCase.ts";
import {
  chargeUnmatched,
  maxEventsOption,
  positiveInteger,
  positiveNumber,
  type UnmatchedCosts,
  withUnmatchedCosts,
} from "../options.ts";

interface CheckCommandOptions extends UnmatchedCosts {
  readonly step: number;
  readonly tolerance: number;
  readonly maxEntries: number;
  readonly maxEvents?: number;
}

export function checkCommand(): Command {
  const command = new Command("check")
    .description(
      "Compares every gradient of a case, as the adjoint gives it, with central differences of the exact forward pass in " +
        "f64, and prints a table: tensor, entries compared, worst error relative to the tensor's largest entry, where.",
    )
    .argument("<case>", caseArgument)
    .option(
      "--step <h>",
      "step as a fraction of an entry's scale: its size, its tensor's, or a tau",
      positiveNumber,
      1e-5,
    )
    .option("--tolerance <x>", "largest error that passes", positiveNumber, 1e-6)
    .option("--max-entries <n>", "most entries compared per tensor, evenly spread", positiveInteger, 200)
    .addOption(maxEventsOption());
  return withUnmatchedCosts(command)
    .addHelpText(
      "after",
      `
An entry whose perturbation changes the set of spikes has no difference to compare with: it is counted and listed, and
a tensor in which nothing else is left does not pass. At a boundary (a delay of 0) a one-sided difference is taken. At a
kink, as where several arrivals turn a readout's highest voltage at one instant, the loss has no derivative: both slopes are
shown, and nothing is compared.

Examples:
  $ goldspike check case.json
  $ goldspike check case.json --step 1e-6 --tolerance 1e-5 --max-entries 1000

Exit codes: 0 if every tensor passes, 1 if one does not, 2 for wrong input.`,
    )
    .action(check);
}

async function check(path: string, options: CheckCommandOptions): Promise<void> {
  const problem = chargeUnmatched(await loadNamedCase(path), options);
  const showProgress = process.stderr.isTTY;
  const checks = await centralDifferences(problem, {
    ...options,
    ...(showProgress && { onTensor: (name: string) => process.stderr.write(`\r\u001b[K${visible(name)} `) }),
  });
  if (showProgress) process.stderr.write("\r\u001b[K");
  print(table(checks));
  const failures = checks.filter((tensor) => !tensor.passes);
  if (failures.length > 0) process.exitCode = 1;
  const verdict =
    failures.length > 0 ? `${failures.length} of ${checks.length} tensors fail` : "all tensors pass";
  const leftOut = checks.reduce((count, tensor) => count + tensor.spikeSetChanges.length, 0);
  if (leftOut > 0)
    process.stderr.write(`${leftOut} entries not compared, as their perturbation changes the spikes\n`);
  for (const { name, kinks } of checks)
    for (const { place, adjoint, below, above } of kinks.slice(0, mostKinks))
      say(
        `${name}${place}: a kink: slope ${number(below)} below and ${number(above)} above, adjoint ${number(adjoint)}`,
      );
  process.stderr.write(`${verdict} (tolerance ${options.tolerance}, step ${options.step})\n`);
}

/** Of a tensor, that are spelled out. */
const mostKinks = 3;

const number = (value: number): string => value.toPrecision(5);

function okBecause(compared: number, entries: number, limitedByRounding: boolean): string {
  if (compared === 0 && entries > 0) return "no derivative";
  return limitedByRounding ? "ok, to rounding" : "ok";
}

function table(checks: readonly TensorCheck[]): string {
  const rows = checks.map(
    ({ name, entries, compared, worst, spikeSetChanges, kinks, passes, limitedByRounding }) => [
      name,
      compared === entries ? `${entries}` : `${compared} of ${entries}`,
      worst === undefined ? "-" : worst.error.toExponential(1),
      worst === undefined ? "-" : worst.place,
      passes
        ? okBecause(compared, entries, limitedByRounding)
        : compared === 0
          ? "NOTHING COMPARED"
          : "FAILS",
      [
        ...(spikeSetChanges.length === 0 ? [] : [`spike set changes in ${listed(spikeSetChanges)}`]),
        ...(kinks.length === 0
          ? []
          : [`no derivative (a kink) in ${listed(kinks.map(({ place }) => place))}`]),
      ].join("; "),
    ],
  );
  const heading = ["tensor", "entries", "worst error", "where", "verdict", ""];
  return alignedTable(heading, rows, heading.length);
}

function listed(places: readonly string[]): string {
  const more = places.length - 5;
  return `${places.length}: ${places.slice(0, 5).join(" ")}${more > 0 ? ` and ${more} more` : ""}`;
}
