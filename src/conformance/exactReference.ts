/** Certified values as a reference: classes T1 to T3. */

import { norm } from "../format/tensor.ts";
import type { Case } from "../model/case.ts";
import { type ExactClass, granted, leastShare } from "./classes.ts";
import type { Answer, GoldenSpikes } from "./golden.ts";
import { openArrival, openEvent } from "./margins.ts";
import type { Reference } from "./reference.ts";

/** Where no sensitivity is known, as where spikes coincide: that of a value a few events deep, per its own size. */
const usual = 64;

export function exactReference(answer: Answer, tolerance: ExactClass, problem: Case): Reference {
  const { sensitivities } = answer;
  const reach = (golden: GoldenSpikes, k: number) =>
    granted(tolerance, golden.sensitivities?.[k] ?? fallback(golden, k), problem.duration);
  const spikes = Object.entries(answer.spikes).map(([name, golden]) => {
    const near = (k: number) => reach(golden, k);
    return [name, { times: golden.times, neurons: golden.neurons, earlier: near, later: near }] as const;
  });
  const largest = Math.max(0, ...[...answer.gradients.values()].map(({ values }) => norm(values)));
  const gradients = [...answer.gradients].map(([name, tensor]) => {
    const size = Math.max(norm(tensor.values), leastShare * largest);
    const sensitivity = sensitivities?.gradients[name] ?? usual * size;
    return [name, { tensor, tolerance: granted(tolerance, sensitivity, size) }] as const;
  });
  return {
    spikes: Object.fromEntries(spikes),
    open: (population, divergence) =>
      openEvent(answer, population, divergence, tolerance) ??
      (divergence.index === undefined
        ? undefined
        : openArrival(
            problem,
            answer,
            population,
            divergence,
            reach(answer.spikes[population]!, divergence.index),
          )),
    ...(answer.loss !== undefined && {
      loss: {
        value: answer.loss,
        tolerance: granted(tolerance, sensitivities?.loss ?? usual, Math.abs(answer.loss)),
      },
    }),
    ...(answer.readout && {
      readout: {
        tensor: { shape: [answer.readout.length], values: answer.readout },
        tolerance: granted(tolerance, sensitivities?.readout ?? usual, norm(answer.readout)),
      },
    }),
    gradients: new Map(gradients),
    partial: false,
  };
}

/** ms: a voltage of the threshold's size that is wrong, at the spike's slope. */
function fallback({ slopes }: GoldenSpikes, k: number): number {
  return usual / slopes[k]!;
}
