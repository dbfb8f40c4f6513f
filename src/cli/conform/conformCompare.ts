/** `goldspike conform compare`: one result against another. */
import { join } from "node:path";
import { Command } from "commander";
import { compareResult } from "../../conformance/compare/compare.ts";
import { withWords } from "../../conformance/compare/comparison.ts";
import { resultReference } from "../../conformance/reference/references.ts";
import { type Part, summed } from "../../conformance/verdict/verdict.ts";
import { readResult } from "../../format/result.ts";
import { positiveNumber } from "../options.ts";
import { tensorsOption } from "./conformOptions.ts";

interface CompareOptions {
  readonly ms: number;
  readonly share: number;
  readonly tensors?: readonly string[];
}

export function conformCompareCommand(): Command {
  return new Command("compare")
    .description(
      "Compares the results of two backends for one case, part by part: spikes per " +
        "neuron, then numbers, and says what a difference looks like.",
    )
    .argument("<a>", "folder with result.json: the reference")
    .argument("<b>", "folder with the other result.json")
    .option("--ms <ms>", "within which a spike is the same", positiveNumber, 1e-6)
    .option("--share <x>", "of its norm by which a tensor may differ", positiveNumber, 1e-5)
    .addOption(tensorsOption())
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike conform compare out/mine out/theirs
  $ goldspike conform compare out/dt_0.1 out/dt_0.01 --ms 0.1 --share 0.05

Exit codes: 1 if they differ by more, 2 if one is no result.`,
    )
    .action(compare);
}

async function compare(a: string, b: string, { ms, share, tensors }: CompareOptions): Promise<void> {
  const reference = await readResult(a, undefined, join(a, "result.json"));
  const other = await readResult(b, reference.case, join(b, "result.json"));
  const nearness = { milliseconds: ms, share };
  const parts = compareResult(resultReference(reference, nearness), other, {
    wanted: withWords(tensors),
    factors: [],
    projections: reference.gradients.ends,
  });
  console.log(partLines(parts));
  const missing = parts.filter(({ status }) => status === "missing").length;
  if (missing > 0) console.log(`${missing} missing: --tensors names those that are to be compared`);
  if (summed(parts).status !== "pass") process.exitCode = 1;
}

/** A line each: name, status, error and what is granted, what is wrong. */
function partLines(parts: readonly Part[]): string {
  const width = Math.max(...parts.map(({ name }) => name.length));
  const number = (value: number | undefined) => (value === undefined ? "" : value.toExponential(1));
  return parts
    .map(({ name, status, error, tolerance, message = "" }) => {
      const granted = tolerance === undefined ? "" : ` of ${number(tolerance)}`;
      const errors = error === undefined ? "" : `${number(error)}${granted}`;
      return `${name.padEnd(width)}  ${status.padEnd(11)}  ${errors.padEnd(19)}  ${message.replace(/^missing: /, "")}`.trimEnd();
    })
    .join("\n");
}
