/** What is known about a case as golden.json has it. */
import type { Adjoint } from "../simulate/adjoint.ts";
import type { ExactCase } from "../simulate/exactCase.ts";
import type { Margins } from "../simulate/margins.ts";
import type { Trial } from "../simulate/simulate.ts";
import type { Tensors } from "../simulate/tensors.ts";
import { usual } from "./precision.ts";
import type { Sensitivity } from "./sensitivity.ts";

/** Nested numbers, as JSON has them. */
export type Tree = number | string | null | readonly Tree[] | { readonly [key: string]: Tree };

export function spikesTree(
  { populations }: ExactCase,
  trial: Trial,
  sensitive: Sensitivity | undefined,
): Tree {
  const number = usual.toNumber;
  return perLif(populations, (p) => {
    const { times, neurons, slopes } = trial.spikes[p]!;
    const enclosures = times.map(enclosure);
    return {
      times: times.map(number),
      neurons,
      lower: enclosures.map(({ lower }) => lower),
      upper: enclosures.map(({ upper }) => upper),
      slopes: slopes.map(number),
      // κ = 1/(τm V̇): ms by which the time moves per unit by which the voltage is wrong, over τm.
      conditions: slopes.map((slope, k) =>
        number(usual.div(usual.one, usual.mul(slope, populations[p]!.tauMem[neurons[k]!]!))),
      ),
      sensitivities: sensitive ? sensitive.times[p]! : null,
    };
  });
}

/** Neighbouring doubles that the time lies between; one double if it is one. */
function enclosure(time: bigint): { lower: number; upper: number } {
  const nearest = usual.toNumber(time);
  const exactly = usual.from(nearest);
  if (exactly === time) return { lower: nearest, upper: nearest };
  const step = 2 ** (Math.floor(Math.log2(nearest)) - 52);
  return exactly < time
    ? { lower: nearest, upper: nearest + step }
    : { lower: nearest - step, upper: nearest };
}

export function marginsTree(
  exact: ExactCase,
  { missed, overshoots }: Margins,
  sensitive: Sensitivity | undefined,
): Tree {
  return perLif(exact.populations, (p) => ({
    neurons: missed[p]!.map(({ neuron }) => neuron),
    times: missed[p]!.map(({ time }) => usual.toNumber(time)),
    missed: missed[p]!.map(({ margin }) => usual.toNumber(margin)),
    overshoots: overshoots[p]!.map(usual.toNumber),
    sensitivities: sensitive ? { missed: sensitive.missed[p]!, overshoots: sensitive.overshoots[p]! } : null,
  }));
}

/** Gradients of what trials share. */
export function parametersTree(exact: ExactCase, tensors: Tensors): { [name: string]: Tree } {
  const flat = (name: string) => tensors[name]!.map(usual.toNumber);
  return {
    projections: exact.projections.map(({ from, to, preCount }, k) => ({
      from: from < 0 ? "input" : exact.populations[from]!.name,
      to: exact.populations[to]!.name,
      weight: rows(flat(`projections[${k}].weight`), preCount),
      delay: rows(flat(`projections[${k}].delay`), preCount),
    })),
    populations: Object.fromEntries(
      exact.populations.map(({ name }) => {
        const prefix = `populations.${name}.`;
        const own = Object.keys(tensors).filter((key) => key.startsWith(prefix));
        return [name, Object.fromEntries(own.map((key) => [key.slice(prefix.length), flat(key)]))];
      }),
    ),
  };
}

/** Gradients of one trial's input and spikes. */
export function timesTree({ populations }: ExactCase, tensors: Tensors): { [name: string]: Tree } {
  const flat = (name: string) => tensors[name]!.map(usual.toNumber);
  return {
    input_times: flat("input_times"),
    spike_times: perLif(populations, (p) => flat(`spike_times.${populations[p]!.name}`)),
  };
}

function rows(values: number[], columns: number): number[][] {
  return Array.from({ length: values.length / columns }, (_, row) =>
    values.slice(row * columns, (row + 1) * columns),
  );
}

/** Shapes [time][neuron]. */
export function tracesTree({ populations }: ExactCase, { samples }: Adjoint, times: readonly bigint[]): Tree {
  const names = { v: "v", i: "i", lambdaV: "lambda_v", lambdaI: "lambda_i" } as const;
  return {
    times: times.map(usual.toNumber),
    populations: Object.fromEntries(
      populations.map(({ name }, p) => [
        name,
        Object.fromEntries(
          Object.entries(names).map(([key, label]) => [
            label,
            samples.map((sample) =>
              sample[p]!.map((cell) => usual.toNumber(cell[key as keyof typeof names])),
            ),
          ]),
        ),
      ]),
    ),
  };
}

function perLif(populations: ExactCase["populations"], of: (p: number) => Tree): { [name: string]: Tree } {
  return Object.fromEntries(
    populations.flatMap(({ name, model }, p) => (model === "lif" ? [[name, of(p)] as const] : [])),
  );
}
