/** Losses linear in spike times and voltages: what any loss of them asks of a backend, one term at a time. */
import { type CaseJson, caseFromJson } from "../../../src/oracle/certify/caseJson.ts";
import { consult } from "../consult.ts";
import { createDraw, type Draw } from "../recipes/draw.ts";
import type { Solvable } from "./recipe.ts";
import { channel0, hidden, output, readout, small } from "./small.ts";

type Spikes = ReturnType<typeof consult>["spikes"];
type LinearJson = Extract<CaseJson["loss"], { readonly kind: "linear" }>;
type Terms = Omit<LinearJson, "kind">;

/** A small case whose loss needs the spikes to be known. */
const linear = (
  name: string,
  note: string,
  catches: string,
  changes: Partial<CaseJson>,
  terms: (spikes: Spikes, random: Draw) => Terms,
): Solvable => ({
  group: "adversarial",
  name,
  catches,
  json: () => {
    const bare = small(name, note, { ...changes, loss: { kind: "none" } });
    const { spikes } = consult(caseFromJson(bare));
    return { ...bare, loss: { kind: "linear", ...terms(spikes, createDraw(2027)) } };
  },
});

/** One for every spike. */
const factors = ({ times }: Spikes[string], { list }: Draw) => list(times.length, -1, 1);

const looks = (population: string, all: readonly (readonly [number, number, number])[]) =>
  all.map(([neuron, time, factor]) => ({ population, neuron, time, factor }));

const delayed: Partial<CaseJson> = {
  input: channel0(1, 4, 6, 9, 21.5, 24),
  populations: [hidden(2, { tau_mem: [20, 16], tau_syn: [5, 6] }), output(2)],
  projections: [
    { from: "input", to: "hidden", weight: [[4], [5.5]] },
    {
      from: "hidden",
      to: "hidden",
      weight: [
        [0.4, -0.6],
        [0.7, 0.3],
      ],
      delay: [
        [1.3, 0.4],
        [2.2, 0.9],
      ],
    },
    { from: "hidden", to: "output", weight: readout },
  ],
};

/** Single precision must be able to tell the times of a spike and of a look. */
const justBefore = 0.01;

export const linears: readonly Solvable[] = [
  linear(
    "linear-spike-times",
    "a factor for the time of every spike of recurrent neurons",
    "factors given to other spikes than their own, or to the first spike of each neuron only",
    delayed,
    ({ hidden: all }, random) => ({ spike_times: { hidden: factors(all!, random) } }),
  ),
  linear(
    "linear-readouts",
    "voltages of readouts at times off every grid, the last of them long before the end",
    "a pull at one moment that is spread over a step, or that reaches what happens after it",
    delayed,
    () => ({
      voltages: looks("output", [
        [0, 11.2345, 0.7],
        [1, 17.7071, -1.1],
        [0, 22.9137, 0.4],
      ]),
    }),
  ),
  linear(
    "linear-resets",
    "voltages of spiking neurons, just before and just after a reset among them",
    "V after a reset where it is asked for before, and an adjoint that forgets at a spike what it carried",
    { ...delayed, populations: [hidden(2, { reset: [-0.3, 0.2] }), output(2)] },
    ({ hidden: all }) => {
      const { times, neurons } = all!;
      const spike = times.filter((time) => time < 30).length - 1;
      const near = (by: number) => Math.round((times[spike]! + by) * 1e4) / 1e4;
      return {
        voltages: looks("hidden", [
          [neurons[spike]!, near(-justBefore), 1.2],
          [neurons[spike]!, near(justBefore), -0.8],
          [0, 13.25, 0.5],
          [1, 44.5, 0.9],
        ]),
      };
    },
  ),
  linear(
    "linear-shared-times",
    "spike times and voltages of three populations, several looked at together, one twice, and at T",
    "terms at one time that overwrite each other, and looks at the very end that are lost",
    {
      ...delayed,
      populations: [
        hidden(2),
        hidden(2, { name: "second", tau_mem: [12, 25], threshold: [0.8, 1.1] }),
        output(2),
      ],
      projections: [
        ...delayed.projections!.slice(0, 2),
        {
          from: "hidden",
          to: "second",
          weight: [
            [2.86, 2.42],
            [2.09, 3.74],
          ],
          delay: 0.75,
        },
        {
          from: "second",
          to: "hidden",
          weight: [
            [-0.6, 0.3],
            [0.2, -0.4],
          ],
          delay: 1.25,
        },
        { from: "second", to: "output", weight: readout },
      ],
    },
    ({ hidden: first, second }, random) => ({
      spike_times: { second: factors(second!, random), hidden: factors(first!, random) },
      voltages: [
        ...looks("output", [
          [0, 26.5, 0.6],
          [1, 26.5, -0.9],
          [1, 50, 1.3],
        ]),
        ...looks("second", [
          [1, 26.5, 0.7],
          [1, 26.5, 0.4],
          [0, 50, -0.5],
        ]),
        ...looks("hidden", [[0, 50, 0.8]]),
      ],
    }),
  ),
];
