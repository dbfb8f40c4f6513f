/** What happens in the last time step of a trial, of 0.1 ms and of 1 ms: programs on a grid lose it, or never let go of it. */
import { type CaseJson, caseFromJson } from "../../../src/oracle/certify/caseJson.ts";
import { consult } from "../consult.ts";
import type { Solvable } from "./recipe.ts";
import { channel0, exponential, recurrent, small } from "./small.ts";

/** ms, and how names say it. */
const steps = { tenth: 0.1, millisecond: 1 } as const;
type Step = keyof typeof steps;

const duration = 30;
const inputs = [1, 4, 6, 9, 17, 21] as const;
const projections = recurrent(
  [
    [0.4, -0.6],
    [0.7, 0.3],
  ],
  1.25,
);

const ending = (
  what: string,
  step: Step,
  note: string,
  catches: string,
  changes: () => Partial<CaseJson>,
) => {
  const name = `last-${step}-${what}`;
  const json = () => small(name, note, { duration, loss: exponential(1), projections, ...changes() });
  return { group: "adversarial", name, catches, json } satisfies Solvable;
};

/** A whole number of steps after which the trial ends, soon after a hidden spike but not at once. */
function endAfterSpike(step: number): number {
  const { times } = consult(caseFromJson(small("probe", "", { projections, input: channel0(...inputs) })))
    .spikes["hidden"]!;
  for (const time of [...times].reverse()) {
    const count = Math.ceil(time / step);
    const left = count - time / step;
    if (left > 0.2 && left < 0.8) return Math.round(count * step * 10) / 10;
  }
  throw new Error(`no spike lies well inside a step of ${step} ms`);
}

const cases = (step: Step): Solvable[] => {
  const width = steps[step];
  return [
    ending(
      "hidden",
      step,
      `a hidden spike in the last ${width} ms`,
      "a spike of the last step that is never undone, and hides those before it from the backward pass",
      () => ({ duration: endAfterSpike(width), input: channel0(...inputs) }),
    ),
    ending(
      "input",
      step,
      `an input spike in the last ${width} ms`,
      "an input spike of the last step that hides those of its channel from the backward pass",
      () => ({ input: channel0(...inputs, duration - width / 2) }),
    ),
    ending(
      "delay",
      step,
      `a delayed input spike arrives in the last ${width} ms`,
      "a delivery of the last step lost, or brought back to the trial's start",
      () => ({
        input: channel0(...inputs),
        projections: [
          ...projections,
          { from: "input", to: "output", weight: [[0.8], [-0.5]], delay: duration - 17 - width / 2 },
        ],
      }),
    ),
  ];
};

export const ends: readonly Solvable[] = [...cases("tenth"), ...cases("millisecond")];
