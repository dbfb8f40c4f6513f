/** `goldspike conform predict`: what a time step will do to a case. */
import { Command, Option } from "commander";
import { ConfigError } from "../../base/errors.ts";
import { predictGradients } from "../../conformance/step/gradientBands.ts";
import { cutPeak, lostChannel, otherGradient } from "../../conformance/step/otherGradient.ts";
import { type Predictable, predictable, predictStep } from "../../conformance/step/predictStep.ts";
import type { Convention } from "../../conformance/twin/convention.ts";
import { gradientTensors } from "../../format/solutionResult.ts";
import { norm } from "../../format/tensor.ts";
import { pairsLine, percent } from "../lines.ts";
import { caseArgument, loadNamedCase } from "../namedCase.ts";
import { positiveNumber } from "../options.ts";
import {
  type ConventionOptions,
  conventionOf,
  conventionOption,
  stepOption,
  switchOption,
} from "./conformOptions.ts";

interface PredictOptions extends ConventionOptions {
  readonly dt: number;
  readonly target?: number;
  readonly json?: boolean;
}

export function conformPredictCommand(): Command {
  return new Command("predict")
    .description(
      "From the exact solution of a case: by how much a time step may move spikes and " +
        "change gradients, and which spikes may appear or vanish.",
    )
    .argument("<case>", caseArgument)
    .addOption(conventionOption("whose steps"))
    .addOption(switchOption())
    .addOption(stepOption())
    .addOption(
      new Option("--target <x>", "find the step for this error of every gradient, a share of its norm")
        .argParser(positiveNumber)
        .conflicts(["dt", "json"]),
    )
    .option("--json", "every spike's band and every number's, as JSON")
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike conform predict suite/smoke/recurrence --dt 0.1
  $ goldspike conform predict suite/smoke/recurrence --dt 0.1 --json
  $ goldspike conform predict suite/smoke/recurrence --target 0.01

Exit codes: 1 if no step reaches the target, 2 for wrong input.`,
    )
    .action(predict);
}

async function predict(path: string, options: PredictOptions): Promise<void> {
  const { dt, target } = options;
  const exact = await predictable(await loadNamedCase(path));
  const convention = conventionOf(options);
  const { problem, solution } = exact;
  const other = otherGradient(problem, convention, solution) ?? (await cutPeak(problem, solution));
  if (options.json) console.log(JSON.stringify(await everyBand(exact, dt, convention, other)));
  else if (target === undefined) console.log(await described(exact, dt, convention, other));
  else if (!(await search(exact, target, convention, other))) process.exitCode = 1;
}

/** ms */
const steps = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002, 0.0001] as const;

/** Prints every step that is tried, then the first that is fine enough, or what none of them can exclude. */
async function search(
  exact: Predictable,
  target: number,
  convention: Convention,
  other: string | undefined,
): Promise<boolean> {
  if (other !== undefined) {
    console.log(`no step approaches the exact gradient: ${other}`);
    return false;
  }
  const { duration } = exact.problem;
  const fitting = steps.filter((step) => step <= duration);
  if (fitting.length === 0)
    throw new ConfigError(`--target: expected a trial of at least ${steps.at(-1)} ms, got ${duration}`);
  let obstacle = "";
  for (const step of fitting) {
    const { risks } = await predictStep(exact, step, convention);
    const [worst, error] = largest(await shares(exact, step, convention));
    const lost = lostChannel(exact.problem, convention, step);
    const line = { dt: step, gradient_error: error.toPrecision(2), ...(worst && { worst }) };
    console.log(pairsLine({ ...line, risks: risks.length }));
    if (risks.length === 0 && lost === undefined && error <= target) {
      console.log(`recommended: ${step} ms`);
      return true;
    }
    obstacle = `at ${step} ms ${risks[0]?.text ?? lost ?? `${worst} may be ${percent(error)} off, not ${percent(target)}`}`;
  }
  console.log(`no step from ${fitting[0]} to ${fitting.at(-1)} ms is certain to be fine enough: ${obstacle}`);
  return false;
}

function largest(list: readonly (readonly [string, number])[]): readonly [string, number] {
  return list.reduce((a, b) => (b[1] > a[1] ? b : a), ["", 0]);
}

/** @param other why the gradient's bands mean nothing */
async function described(
  exact: Predictable,
  dt: number,
  convention: Convention,
  other: string | undefined,
): Promise<string> {
  const { bands, risks } = await predictStep(exact, dt, convention);
  const lines = Object.entries(bands).flatMap(([name, list]) => {
    if (list.length === 0) return [];
    const lower = Math.min(...list.map((band) => band.lower));
    const upper = Math.max(...list.map((band) => band.upper));
    return [`spikes.${name}: ${lower.toPrecision(3)} to ${upper.toPrecision(3)} ms from their exact times`];
  });
  const reason = other ?? lostChannel(exact.problem, convention, dt);
  const numbers =
    reason === undefined
      ? (await shares(exact, dt, convention)).map(([name, share]) => `${name}: up to ${percent(share)} off`)
      : [`no step approaches the exact gradient: ${reason}`];
  const certain = risks.length === 0 ? ["no spike will appear or vanish"] : risks.map(({ text }) => text);
  return [...lines, ...numbers, ...certain].join("\n");
}

/** ms from the exact times; shares of norms. */
async function everyBand(exact: Predictable, dt: number, convention: Convention, other: string | undefined) {
  const { bands, risks } = await predictStep(exact, dt, convention);
  const { spikes } = exact.solution;
  const reason = other ?? lostChannel(exact.problem, convention, dt);
  return {
    dt,
    spikes: Object.fromEntries(
      Object.entries(bands).map(([name, list]) => {
        const { times, neurons } = spikes[name]!;
        return [name, list.map((band, k) => ({ time: times[k], neuron: neurons[k], ...band }))];
      }),
    ),
    ...(reason === undefined
      ? { gradients: Object.fromEntries(await shares(exact, dt, convention)) }
      : { no_gradient: reason }),
    risks: risks.map(({ text }) => text),
  };
}

/** Bands of gradients as shares of their norms. */
async function shares(exact: Predictable, dt: number, convention: Convention): Promise<[string, number][]> {
  if (exact.problem.loss.kind === "none") return [];
  const { gradients } = await predictGradients(exact, dt, convention);
  const tensors = gradientTensors(exact.problem, exact.solution);
  return [...gradients].flatMap(([name, band]) => {
    const size = norm(tensors.get(name)!.values);
    return size > 0 ? [[name, band / size] as [string, number]] : [];
  });
}
