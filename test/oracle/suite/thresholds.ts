/** Thresholds that a voltage just reaches or just misses, and arrivals just before or after a crossing. */
import { caseFromJson } from "../../../src/oracle/certify/caseJson.ts";
import { exactCase } from "../../../src/oracle/simulate/exactCase.ts";
import { arithmetic } from "../../../src/oracle/simulate/fixed.ts";
import { margins } from "../../../src/oracle/simulate/margins.ts";
import { simulate } from "../../../src/oracle/simulate/simulate.ts";
import type { Solvable } from "./recipe.ts";
import { channel0, hidden, output, small } from "./small.ts";

const m = arithmetic();

/** One input spike of weight 8 at 1 ms into a neuron that would spike at 1 without it being asked for. */
const single = (name: string, note: string, threshold: number) =>
  small(name, note, {
    input: channel0(1),
    populations: [hidden(1, { threshold }), output(2)],
    projections: [
      { from: "input", to: "hidden", weight: [[8]] },
      { from: "hidden", to: "output", weight: [[0.6], [-0.3]] },
      { from: "input", to: "output", weight: [[0.3], [0.1]] },
    ],
  });

/** The peak of its voltage. */
function peak(): bigint {
  const exact = exactCase(caseFromJson(single("peak", "", 100)), m);
  const { margin } = margins(exact, simulate(exact)).missed[0]![0]!;
  return m.from(100) - margin;
}

/** Relative distances of the peak from the threshold. */
const distances = [1e-3, 1e-6, 1e-9, 1e-15] as const;

function touches(): Solvable[] {
  const top = peak();
  return distances.flatMap((distance) =>
    (["misses", "reaches"] as const).map((what): Solvable => {
      const by = what === "misses" ? m.one - m.from(distance) : m.one + m.from(distance);
      const name = `touch-${what}-${distance.toExponential(0)}`;
      const note = `the peak of V is the threshold times 1 ${what === "misses" ? "-" : "+"} ${distance}`;
      return {
        group: "adversarial",
        name,
        catches:
          what === "misses"
            ? "a spike where V stays below the threshold, from a crossing test with slack"
            : "a crossing missed between two samples of V, and a jump divided by a slope that was bounded from below",
        json: () => single(name, note, m.toNumber(m.div(top, by))),
      };
    }),
  );
}

const inhibited = (name: string, note: string, inhibition: number) =>
  small(name, note, {
    input: { channels: 2, times: [1, 4, inhibition], sources: [0, 0, 1] },
    populations: [hidden(1), output(2)],
    projections: [
      { from: "input", to: "hidden", weight: [[5, -60]] },
      { from: "hidden", to: "output", weight: [[0.6], [-0.3]] },
    ],
  });

/** Doubles on either side of the crossing that inhibition would prevent. */
function inhibitions(): Solvable[] {
  const exact = exactCase(caseFromJson(inhibited("probe", "", 49)), m);
  const crossing = simulate(exact).spikes[0]!.times[0]!;
  const nearest = m.toNumber(crossing);
  const ulp = 2 ** (Math.floor(Math.log2(nearest)) - 52);
  const below = m.from(nearest) <= crossing ? nearest : nearest - ulp;
  return [
    {
      group: "adversarial",
      name: "inhibition-before-crossing",
      catches:
        "events of nearly one time handled in the wrong order: the inhibition comes first and prevents the spike",
      json: () =>
        inhibited("inhibition-before-crossing", "inhibition within 1 ulp before the crossing", below - ulp),
    },
    {
      group: "adversarial",
      name: "inhibition-after-crossing",
      catches: "events of nearly one time handled in the wrong order: the spike comes first",
      json: () =>
        inhibited("inhibition-after-crossing", "inhibition within 1 ulp after the crossing", below + 2 * ulp),
    },
  ];
}

export const thresholds: readonly Solvable[] = [...touches(), ...inhibitions()];
