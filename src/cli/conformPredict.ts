/** `goldspike conform predict`: what a time step will do to a case. */
import { Command } from "commander";
import { loadCase } from "../case/loadCase.ts";
import { predictGradients } from "../conformance/step/gradientBands.ts";
import { type Predictable, predictable, predictStep } from "../conformance/step/prediction.ts";
import { norm } from "../conformance/tensor.ts";
import type { Convention } from "../conformance/twin/convention.ts";
import {
  type ConventionOptions,
  conventionOf,
  conventionOption,
  stepOption,
  switchOption,
} from "./conformOptions.ts";
import { positiveNumber } from "./options.ts";

interface PredictOptions extends ConventionOptions {
  readonly dt: number;
  readonly target?: number;
}

export function conformPredictCommand(): Command {
  return new Command("predict")
    .summary("what a time step will do")
    .description(
      "From the exact solution of a case: by how much a time step may move spikes and\n" +
        "change gradients, and which spikes may appear or vanish.",
    )
    .argument("<case>", "case file, or folder with case.json")
    .addOption(conventionOption("whose steps"))
    .addOption(switchOption())
    .addOption(stepOption())
    .option(
      "--target <x>",
      "find the step for this error of every gradient, a share of its norm",
      positiveNumber,
    )
    .addHelpText(
      "after",
      `
Examples:
  $ goldspike conform predict suite/smoke/recurrence --dt 0.1
  $ goldspike conform predict suite/smoke/recurrence --target 0.01`,
    )
    .action(predict);
}

async function predict(path: string, options: PredictOptions): Promise<void> {
  const { dt, target } = options;
  const exact = await predictable(await loadCase(path));
  const convention = conventionOf(options);
  if (target === undefined) return console.log(await described(exact, dt, convention));
  for (const step of steps) {
    const { risks } = await predictStep(exact, step, convention);
    const worst = Math.max(0, ...(await shares(exact, step, convention)).map(([, share]) => share));
    console.log(`dt=${step} gradient_error=${worst.toPrecision(2)} risks=${risks.length}`);
    if (risks.length === 0 && worst <= target) return console.log(`recommended: ${step} ms`);
  }
  console.log(`no step down to ${steps.at(-1)} ms is fine enough for certain`);
}

/** ms */
const steps = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002, 0.0001] as const;

async function described(exact: Predictable, dt: number, convention: Convention): Promise<string> {
  const { bands, risks } = await predictStep(exact, dt, convention);
  const lines = Object.entries(bands).flatMap(([name, list]) => {
    if (list.length === 0) return [];
    const lower = Math.min(...list.map((band) => band.lower));
    const upper = Math.max(...list.map((band) => band.upper));
    return [`spikes.${name}: ${lower.toPrecision(3)} to ${upper.toPrecision(3)} ms from their exact times`];
  });
  const numbers = (await shares(exact, dt, convention)).map(
    ([name, share]) => `${name}: up to ${(100 * share).toPrecision(2)} % off`,
  );
  const certain = risks.length === 0 ? ["no spike will appear or vanish"] : risks;
  return [...lines, ...numbers, ...certain].join("\n");
}

/** Bands of gradients as shares of their norms. */
async function shares(exact: Predictable, dt: number, convention: Convention): Promise<[string, number][]> {
  if (exact.problem.loss.kind === "none") return [];
  const { gradients } = await predictGradients(exact, dt, convention);
  const { projections } = exact.solution.gradients;
  return [...gradients].flatMap(([name, band]) => {
    const [, k, kind] = /^projections\[(\d+)\]\.(weight|delay)$/.exec(name)!;
    const size = norm(projections[Number(k)]![kind as "weight" | "delay"]);
    return size > 0 ? [[name, band / size] as [string, number]] : [];
  });
}
