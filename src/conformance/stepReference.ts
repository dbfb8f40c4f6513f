/** Certified values with what a time step is predicted to do to them: class T5. */
import type { Case } from "../case/case.ts";
import { ConfigError } from "../errors.ts";
import { lossPopulation } from "../losses/lossPopulation.ts";
import type { Answer } from "./golden.ts";
import type { Reference } from "./reference.ts";
import { cutPeak } from "./step/cutPeak.ts";
import { predictGradients } from "./step/gradientBands.ts";
import { predictable, predictStep } from "./step/prediction.ts";
import type { Convention } from "./twin/convention.ts";

/** Of the trial's length: by how much rounding may move a time over the end of its band. */
const rounding = 1e-9;

/**
 * Spikes within their bands; numbers within theirs, of the gradient that the convention's scale makes of the exact one.
 *
 * @throws ConfigError too many spikes to predict, or a case whose gradient no such step approaches
 */
export async function stepReference(
  answer: Answer,
  problem: Case,
  dt: number,
  convention: Convention,
): Promise<Reference> {
  if (
    convention.jump === "threshold" &&
    problem.network.populations.some(({ reset }) => reset.some((v) => v !== 0))
  )
    throw new ConfigError("the convention's jump has the threshold where threshold - reset belongs");
  if (scaleTaus(problem, convention) > 1)
    throw new ConfigError(
      "readouts of different time constants: the convention's gradient is no one gradient",
    );
  const exact = await predictable(problem);
  const cut = await cutPeak(problem, exact.solution);
  if (cut) throw new ConfigError(cut);
  const { bands, risks } = await predictStep(exact, dt, convention);
  const numbers = answer.loss === undefined ? undefined : await predictGradients(exact, dt, convention);
  const slack = rounding * problem.duration;
  const spikes = Object.entries(answer.spikes).map(([name, { times, neurons }]) => {
    const its = bands[name]!;
    return [
      name,
      {
        times,
        neurons,
        earlier: (k: number) => slack - its[k]!.lower,
        later: (k: number) => slack + its[k]!.upper,
      },
    ] as const;
  });
  const gradients = [...answer.gradients].flatMap(([name, tensor]) => {
    const band = numbers?.gradients.get(name);
    if (band === undefined) return [];
    const scaled = { shape: tensor.shape, values: tensor.values.map((value) => value * numbers!.scale) };
    return [[name, { tensor: scaled, tolerance: band * Math.abs(numbers!.scale) }] as const];
  });
  return {
    spikes: Object.fromEntries(spikes),
    open: () => (risks.length > 0 ? `the step may do that: ${risks[0]}` : undefined),
    ...(risks.length > 0 && { doubt: `the step makes a spike's slope uncertain: ${risks[0]}` }),
    ...(answer.loss !== undefined && { loss: { value: answer.loss, tolerance: numbers!.loss } }),
    ...(answer.readout && {
      readout: {
        tensor: { shape: [answer.readout.length], values: answer.readout },
        tolerance: numbers!.readout,
      },
    }),
    gradients: new Map(gradients),
    partial: true,
  };
}

/** How many different scales the convention has in the readouts of a case. */
function scaleTaus({ network, loss }: Case, { scale }: Convention): number {
  if (scale === "declared" || !("target" in loss) || loss.kind === "first_spike") return 1;
  return new Set(lossPopulation(network, loss)?.tauMem).size;
}
