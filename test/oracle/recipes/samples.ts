/** Small cases for the oracle's own tests. */
import type { Case } from "../../../src/model/case.ts";
import type { Loss, Weighting } from "../../../src/model/losses.ts";
import { type CaseJson, caseFromJson, type PopulationJson } from "../../../src/oracle/certify/caseJson.ts";

/** One input spike at time 0 or `times`, of weight `weight`, into the neurons of `population`. */
export function single(
  population: Omit<PopulationJson, "name">,
  weight: number,
  loss: Loss,
  times = [0],
): Case {
  const json: CaseJson = {
    format: "goldspike/case@1",
    name: "single",
    time_unit: "ms",
    duration: 50,
    input: { channels: 1, times, sources: times.map(() => 0) },
    populations: [{ name: "cell", ...population }],
    projections: [{ from: "input", to: "cell", weight: Array(population.size).fill([weight]) }],
    loss,
  };
  return caseFromJson(json);
}
export const none: Loss = { kind: "none" };
export const lif = { size: 1, model: "lif", tau_mem: 20, tau_syn: 5 } as const;
export const li = { ...lif, model: "li" } as const;

/** Two hidden neurons that drive each other and themselves, read out by two: a few milliseconds to solve. */
export function recurrent(loss: Loss, delay: number, hidden: Partial<PopulationJson> = {}): Case {
  return caseFromJson({
    format: "goldspike/case@1",
    name: "recurrent",
    time_unit: "ms",
    duration: 40,
    input: { channels: 2, times: [0, 1.5, 1.5, 9, 14.25, 20], sources: [0, 1, 0, 1, 0, 1] },
    populations: [
      {
        name: "hidden",
        size: 2,
        model: "lif",
        tau_mem: [20, 17],
        tau_syn: [5, 6],
        reset: [0, -0.1],
        ...hidden,
      },
      {
        name: "output",
        size: 2,
        model: "li",
        tau_mem: [15, 18],
        tau_syn: [4, 7],
        bias: 0.1,
        v0: 0.2,
        i0: -0.1,
      },
    ],
    projections: [
      {
        from: "input",
        to: "hidden",
        weight: [
          [3.1, 2.2],
          [1.7, 2.9],
        ],
      },
      {
        from: "hidden",
        to: "hidden",
        weight: [
          [0.4, -0.3],
          [0.5, -0.2],
        ],
        delay,
      },
      {
        from: "hidden",
        to: "output",
        weight: [
          [0.9, -0.4],
          [0.3, 0.7],
        ],
        delay,
      },
    ],
    loss,
  });
}
export const averageCrossEntropy: Loss = { kind: "average_cross_entropy", target: 1 };
export const integral = (weighting: Weighting): Loss => ({
  kind: "integral_cross_entropy",
  weighting,
  target: 0,
});
