/** Random losses, and targets and factors for those that need the spikes to be known. */
import fc from "fast-check";
import type { Case } from "../../../src/model/case.ts";
import type { Linear, Loss, SpikeTimeMse, VoltageTerm } from "../../../src/model/losses.ts";
import type { PopulationSpikes } from "../../../src/model/solution.ts";
import { decimal, list, type Outline, outputName } from "./outline.ts";

export function losses(outline: Outline, duration: number): fc.Arbitrary<Loss> {
  const { kind, layers, outputs } = outline;
  const target = fc.nat(outputs - 1);
  const last = `layer${layers.length - 1}`;
  switch (kind) {
    case "integral_cross_entropy":
      return fc.record({
        kind: fc.constant(kind),
        weighting: fc.constantFrom("uniform", "exponential", "linear", "sigmoid"),
        target,
        population: fc.constantFrom(undefined, outputName),
      });
    case "max_cross_entropy":
    case "average_cross_entropy":
      return fc.record({ kind: fc.constant(kind), target });
    case "first_spike":
      return fc.record({
        kind: fc.constant(kind),
        population: fc.constant(last),
        tau0: decimal(0.5, 4),
        tau1: decimal(10, 30),
        alpha: decimal(0.001, 0.3),
        penalty: fc.constantFrom("exponential", "hyperbolic"),
        target: fc.nat(layers.at(-1)! - 1),
      });
    case "spike_time_mse":
      return fc.constant({ kind, population: last, targets: [] });
    case "linear":
      return linear(outline, duration);
    case "none":
      return fc.constant({ kind });
  }
}

/** Factors of spikes are drawn for one population at least, a few each, of which `withTargets` makes one a spike. */
function linear({ layers, outputs }: Outline, duration: number): fc.Arbitrary<Linear> {
  const names = layers.map((_, p) => `layer${p}`);
  const sizes = new Map([...names.map((name, p) => [name, layers[p]!] as const), [outputName, outputs]]);
  // Input spikes and delays have four decimals: none of their sums is a time of a term.
  const time = fc.oneof(
    { weight: 5, arbitrary: decimal(0.02 * duration, 0.98 * duration).map((t) => t + 0.00005) },
    { weight: 1, arbitrary: fc.constant(duration) },
  );
  const term = (times: readonly number[]): fc.Arbitrary<VoltageTerm> =>
    fc.constantFrom(...sizes.keys()).chain((population) =>
      fc.record({
        population: fc.constant(population),
        neuron: fc.nat(sizes.get(population)! - 1),
        time: fc.constantFrom(...times),
        factor: decimal(-2, 2),
      }),
    );
  return fc.record({
    kind: fc.constant("linear"),
    spikeTimes: fc
      .subarray(names, { minLength: 1 })
      .chain((chosen) =>
        fc
          .tuple(...chosen.map(() => list(decimal(-1, 1), 7)))
          .map((factors) => Object.fromEntries(chosen.map((name, k) => [name, factors[k]!]))),
      ),
    // Few times for many terms, so that several are looked at together.
    voltages: list(time, 4).chain((times) => fc.array(term(times), { maxLength: 8 })),
  });
}

type Spikes = Readonly<Record<string, PopulationSpikes>>;

/** The problem with a target within 2 ms of every spike, or a factor for it, if its loss wants them. */
export function withTargets(problem: Case, spikes: Spikes): Case {
  const { loss } = problem;
  if (loss.kind === "spike_time_mse") return { ...problem, loss: targeted(problem, loss, spikes) };
  if (loss.kind === "linear") return { ...problem, loss: factored(problem, loss, spikes) };
  return problem;
}

function targeted({ network }: Case, loss: SpikeTimeMse, spikes: Spikes): SpikeTimeMse {
  const { size } = network.populations.find((population) => population.name === loss.population)!;
  const { times, neurons } = spikes[loss.population]!;
  const targets = Array.from({ length: size }, (): number[] => []);
  times.forEach((time, k) => {
    targets[neurons[k]!]!.push(Math.round(10 * time) / 10 + (((7 * k) % 5) - 2) * 0.5);
  });
  for (const own of targets) own.sort((a, b) => a - b);
  return { ...loss, targets };
}

/** ms. Where a spike and a term are nearer, rounding may say which of them comes first. */
const nearest = 0.02;

function factored(problem: Case, { kind, spikeTimes = {}, voltages = [] }: Linear, spikes: Spikes): Linear {
  const events = eventTimes(problem, spikes);
  return {
    kind,
    spikeTimes: Object.fromEntries(
      Object.entries(spikeTimes).map(([name, drawn]) => [
        name,
        Array.from(spikes[name]!.times, (_, k) => drawn[k % drawn.length]!),
      ]),
    ),
    voltages: voltages.filter(({ time }) => events.every((event) => Math.abs(event - time) > nearest)),
  };
}

/** Of all spikes of the network, and of all that they send. */
function eventTimes({ network: { projections } }: Case, spikes: Spikes): number[] {
  const events = Object.values(spikes).flatMap(({ times }) => Array.from(times));
  for (const { from, delay } of projections)
    for (const time of spikes[from]?.times ?? [])
      for (const wait of typeof delay === "number" ? [delay] : new Set(delay)) events.push(time + wait);
  return events;
}
