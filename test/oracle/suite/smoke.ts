/** A handful that a new backend tries first. */
import type { CaseJson } from "../../../src/oracle/certify/caseJson.ts";
import { header } from "../recipes/recipe.ts";
import type { Solvable } from "./recipe.ts";
import { channel0, exponential, hidden, output, small } from "./small.ts";

const smoke = (name: string, catches: string, json: CaseJson): Solvable => ({
  group: "smoke",
  name,
  catches,
  json: () => json,
});

export const smokes: readonly Solvable[] = [
  smoke(
    "postsynaptic-potential",
    "weights that are not the jump of the current, and time constants in another unit",
    {
      ...header,
      name: "postsynaptic-potential",
      note: "one input spike into two readouts; no neuron spikes",
      duration: 60,
      input: channel0(5),
      populations: [output(2, { tau_mem: [20, 15], tau_syn: [5, 3] })],
      projections: [{ from: "input", to: "output", weight: [[1.5], [-0.8]] }],
      loss: exponential(),
    },
  ),
  smoke(
    "hidden-spikes",
    "the jump of the adjoint at a spike: missing, of the wrong sign, or not divided by I - V",
    small("hidden-spikes", "two neurons, a few spikes each, read out by two"),
  ),
  smoke(
    "recurrence",
    "feedback between neurons left out of the adjoint, and neurons connected to themselves",
    small("recurrence", "two neurons that drive each other and themselves after 1 ms", {
      populations: [hidden(2, { tau_mem: [20, 17], tau_syn: [5, 6] }), output(2)],
      projections: [
        { from: "input", to: "hidden", weight: [[4], [5.5]] },
        {
          from: "hidden",
          to: "hidden",
          weight: [
            [0.9, -0.6],
            [0.7, -0.4],
          ],
          delay: 1,
        },
        {
          from: "hidden",
          to: "output",
          weight: [
            [0.6, -0.4],
            [-0.3, 0.5],
          ],
        },
      ],
    }),
  ),
  smoke(
    "first-spikes",
    "losses on spike times: which spike counts, and which sign its gradient has",
    small("first-spikes", "two output neurons race", {
      populations: [hidden(2), { ...output(2), model: "lif" }],
      projections: [
        { from: "input", to: "hidden", weight: [[4], [5.5]] },
        {
          from: "hidden",
          to: "output",
          weight: [
            [4.5, 2.5],
            [3, 5],
          ],
        },
      ],
      loss: {
        kind: "first_spike",
        population: "output",
        tau0: 2,
        tau1: 20,
        alpha: 0.01,
        penalty: "exponential",
        target: 0,
      },
    }),
  ),
];
