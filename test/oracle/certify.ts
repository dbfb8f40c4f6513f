/** What is known about a case, from arithmetic of fifty digits: the content of golden.json. */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { type Adjoint, adjoint } from "./adjoint.ts";
import { type CaseJson, caseFromJson } from "./caseJson.ts";
import { derivativeOf } from "./derivative.ts";
import { allEntries, difference, type Entry } from "./differences.ts";
import { type ExactCase, exactCase } from "./exactCase.ts";
import { arithmetic } from "./fixed.ts";
import { keyOf } from "./keys.ts";
import { evaluateLoss } from "./loss.ts";
import { margins } from "./margins.ts";
import { type Sensitivity, sensitivity } from "./sensitivity.ts";
import { simulate, type Trial } from "./simulate.ts";
import { tensorsOf } from "./tensors.ts";

/** Nested numbers, as JSON has them. */
export type Tree = number | string | null | readonly Tree[] | { readonly [key: string]: Tree };

const digits = 50;
const usual = arithmetic(digits);
/** Where slopes are small, differences need smaller steps. */
const finest = arithmetic(150);
const smallSlope = 1e-4;
/** For a second solution that shows how many of the first one's digits are right. */
const finer = arithmetic(digits + 20);
/** Of spike times between the two, ms. */
const agreement = 2 ** -100;
/** Times at which states and adjoints are given; no event is likely to fall on them. */
const sampleShares = [0.1234, 0.3456, 0.5678, 0.7891, 0.9012];
/** Derivatives that are confirmed by differences, if a case has more; fewer of a large one, where each takes long. */
const confirmed = (events: number) => (events < 5000 ? 60 : 12);
/** Random changes of the case from which sensitivities are taken. */
const draws = (events: number) => (events < 5000 ? 6 : 3);

export interface Certificate {
  readonly spikeCount: number;
  readonly tree: { readonly [key: string]: Tree };
}

/** @throws Error if two precisions, or derivatives by two ways, do not agree */
export function certify(json: CaseJson): Certificate {
  const given = caseFromJson(json);
  const exact = exactCase(given, usual);
  const trial = simulate(exact);
  confirmTimes(trial, simulate(exactCase(given, finer)), json.name);
  const { loss, readout } = evaluateLoss(exact, trial);
  const times = sampleShares.map((share) => usual.from(share * json.duration));
  const found = adjoint(exact, trial, times);
  if (json.loss.kind !== "none") {
    const steep = trial.spikes.every(({ slopes }) =>
      slopes.every((slope) => usual.toNumber(slope) > smallSlope),
    );
    const precise = steep ? exact : exactCase(given, finest);
    confirmGradients(precise, steep ? trial : simulate(precise), exact, found, json.name);
  }
  const events = exact.inputTimes.length + spikeCount(trial);
  const sensitive = sensitivity(exact, trial, draws(events));
  const hasLoss = json.loss.kind !== "none";
  return {
    spikeCount: spikeCount(trial),
    tree: {
      spikes: spikesTree(exact, trial, sensitive),
      margins: marginsTree(exact, trial, sensitive),
      ...(hasLoss && {
        loss: usual.toNumber(loss),
        readout: readout.map(usual.toNumber),
        gradients: gradientsTree(exact, found),
        sensitivities: sensitive
          ? { loss: sensitive.loss, readout: sensitive.readout, gradients: sensitive.gradients }
          : null,
      }),
      traces: tracesTree(exact, found, times),
    },
  };
}

function spikeCount({ spikes }: Trial): number {
  return spikes.reduce((sum, { times }) => sum + times.length, 0);
}

function confirmTimes(trial: Trial, other: Trial, name: string): void {
  trial.spikes.forEach(({ times, neurons }, p) => {
    const { times: theirs, neurons: emitters } = other.spikes[p]!;
    if (theirs.length !== times.length || neurons.some((neuron, k) => neuron !== emitters[k]))
      throw new Error(`${name}: other spikes with more digits`);
    const extra = BigInt(finer.bits - usual.bits);
    for (const [k, time] of times.entries())
      if (Math.abs(finer.toNumber((time << extra) - theirs[k]!)) > agreement)
        throw new Error(`${name}: spike ${k} of population ${p} moves with more digits`);
  });
}

/** Every derivative, or a drawn sample, against a central difference. */
function confirmGradients(
  precise: ExactCase,
  trial: Trial,
  exact: ExactCase,
  found: Adjoint,
  name: string,
): void {
  const generator = xoroshiro128plus(1);
  const largest = new Map<string, number>();
  const tensorOf = (entry: Entry) => keyOf(entry).replace(/\/[^/]*$/, "");
  const entries = allEntries(exact, trial);
  for (const entry of entries) {
    const value = Math.abs(usual.toNumber(derivativeOf(exact, found, entry)));
    largest.set(tensorOf(entry), Math.max(value, largest.get(tensorOf(entry)) ?? 0));
  }
  const share = confirmed(exact.inputTimes.length + spikeCount(trial)) / entries.length;
  for (const entry of entries) {
    if ((generator.next() >>> 0) / 2 ** 32 >= share) continue;
    const value = usual.toNumber(derivativeOf(exact, found, entry));
    const other = difference(precise, trial, entry);
    if (!(Math.abs(value - other) <= 1e-14 * largest.get(tensorOf(entry))! + 1e-25))
      throw new Error(`${name}: ${keyOf(entry)} is ${value} by the adjoint and ${other} by a difference`);
  }
}

function spikesTree({ populations }: ExactCase, trial: Trial, sensitive: Sensitivity | undefined): Tree {
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

function marginsTree(exact: ExactCase, trial: Trial, sensitive: Sensitivity | undefined): Tree {
  const { missed, overshoots } = margins(exact, trial);
  return perLif(exact.populations, (p) => ({
    neurons: missed[p]!.map(({ neuron }) => neuron),
    times: missed[p]!.map(({ time }) => usual.toNumber(time)),
    missed: missed[p]!.map(({ margin }) => usual.toNumber(margin)),
    overshoots: overshoots[p]!.map(usual.toNumber),
    sensitivities: sensitive ? { missed: sensitive.missed[p]!, overshoots: sensitive.overshoots[p]! } : null,
  }));
}

function gradientsTree(exact: ExactCase, found: Adjoint): Tree {
  const flat = (name: string) => tensors[name]!.map(usual.toNumber);
  const tensors = tensorsOf(exact, found);
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
    input_times: flat("input_times"),
    spike_times: perLif(exact.populations, (p) => flat(`spike_times.${exact.populations[p]!.name}`)),
  };
}

function rows(values: number[], columns: number): number[][] {
  return Array.from({ length: values.length / columns }, (_, row) =>
    values.slice(row * columns, (row + 1) * columns),
  );
}

/** Shapes [time][neuron]. */
function tracesTree({ populations }: ExactCase, { samples }: Adjoint, times: readonly bigint[]): Tree {
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
