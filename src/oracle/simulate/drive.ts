/** How a loss pulls: at the voltages of the readouts while a trial runs, at moments, and at spike times. */
import type { FirstSpike, SpikeTimeMse } from "../../model/losses.ts";
import type { ExactCase, Look } from "./exactCase.ts";
import { flow } from "./flow.ts";
import { weightOf } from "./integrals.ts";
import { evaluateLoss, readoutTraces, softmax } from "./loss.ts";
import type { Trial } from "./simulate.ts";
import { peakTime, type Trace } from "./trace.ts";

export interface Drive {
  /** Index of the population of readouts, −1 if the loss looks at spikes only. */
  readonly population: number;
  /** Where `pull` has kinks, ascending. */
  readonly breaks: readonly bigint[];
  /** ∂l/∂V of a readout at a time, L = ∫ l dt, is its share of the course. */
  readonly shares: readonly bigint[];
  course(readout: number, time: bigint): bigint;
  /** Whether the course is the same for all readouts. */
  readonly common: boolean;
  /** ∂L/∂V of each readout at the moment of its maximum, if the loss looks at it: it moves with the arrival that ends it. */
  readonly moments: readonly ({ readonly time: bigint; readonly pull: bigint } | undefined)[];
  /** ∂L/∂V of neurons of any population at fixed times. */
  readonly looks: readonly Look[];
  /** ∂L/∂t of spike `index` of a population, as far as the loss looks at the time itself. */
  onSpike(population: number, index: number): bigint;
}

const nothing: Drive = {
  population: -1,
  breaks: [],
  shares: [],
  course: () => 0n,
  common: true,
  moments: [],
  looks: [],
  onSpike: () => 0n,
};

export function driveOf(exact: ExactCase, trial: Trial): Drive {
  const { math: m, loss, duration, constants } = exact;
  switch (loss.kind) {
    case "none":
      return nothing;
    case "first_spike":
      return { ...nothing, onSpike: firstSpike(exact, trial, loss) };
    case "spike_time_mse":
      return { ...nothing, onSpike: spikeTimeMse(exact, trial, loss) };
    case "linear":
      return {
        ...nothing,
        looks: constants.looks,
        onSpike: (population, index) => constants.spikeFactors[population]?.[index] ?? 0n,
      };
    default: {
      const all = readoutTraces(exact, trial, loss.population);
      const population = exact.populations.findIndex(({ name, model }) =>
        loss.population === undefined ? model === "li" : name === loss.population,
      );
      const breaks = breaksOf(all);
      const base = { ...nothing, population, breaks };
      if (loss.kind === "average_cross_entropy") {
        const shares = all.map(() => m.one);
        return { ...base, shares, course: average(exact, all, loss.target), common: false };
      }
      const shares = miss(softmax(m, evaluateLoss(exact, trial).readout), loss.target, m.one);
      if (loss.kind === "max_cross_entropy") {
        const moments = all.map((trace, k) => {
          const time = peakTime(exact, trace);
          return time === undefined ? undefined : { time, pull: shares[k]! };
        });
        return { ...base, moments };
      }
      const { weighting } = loss;
      return { ...base, shares, course: (_, time) => m.div(weightOf(exact, weighting, time), duration) };
    }
  }
}

/** ∂(−log softmax(x)_y)/∂x. */
function miss(shares: bigint[], target: number, one: bigint): bigint[] {
  return shares.map((share, k) => (k === target ? share - one : share));
}

function breaksOf(all: readonly Trace[]): bigint[] {
  const starts = new Set(all.flatMap(({ segments }) => segments.map(({ start }) => start)));
  return [...starts].sort((x, y) => (x < y ? -1 : 1));
}

function average(exact: ExactCase, all: readonly Trace[], target: number): Drive["course"] {
  const { math: m, duration } = exact;
  // All readouts are asked for at the same times, one readout after the other.
  let known = { time: -1n, shares: [] as bigint[] };
  const cache = new Map<bigint, bigint[]>();
  return (readout, time) => {
    if (known.time !== time) {
      let shares = cache.get(time);
      if (shares === undefined) {
        const v = all.map(({ dynamics, segments }) => {
          const { start, state } = segments[lastBefore(segments, time)]!;
          return flow(m, dynamics, state, time - start).v;
        });
        shares = miss(softmax(m, v), target, m.one);
        cache.set(time, shares);
      }
      known = { time, shares };
    }
    return m.div(known.shares[readout]!, duration);
  };
}

/** The segment that a time lies in. */
function lastBefore(segments: Trace["segments"], time: bigint): number {
  let [low, high] = [0, segments.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (segments[middle]!.start <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

function firstSpike(exact: ExactCase, trial: Trial, loss: FirstSpike): Drive["onSpike"] {
  const { math: m, duration, constants } = exact;
  const { tau0, tau1, alpha } = constants;
  const { penalty = "exponential", target } = loss;
  const p = exact.populations.findIndex(({ name }) => name === loss.population);
  const { neurons } = trial.spikes[p]!;
  const { readout: first } = evaluateLoss(exact, trial);
  const scaled = first.map((t) => m.div(-t, tau0));
  const shares = miss(softmax(m, scaled), target, m.one);
  return (population, index) => {
    const neuron = neurons[index]!;
    if (population !== p || neurons.indexOf(neuron) !== index) return 0n;
    const pull = m.div(-shares[neuron]!, tau0);
    if (neuron !== target) return pull;
    const time = first[neuron]!;
    if (penalty === "exponential") return pull + m.mul(m.div(alpha, tau1), m.exp(m.div(time, tau1)));
    const room = (101n * duration) / 100n - time;
    return pull + m.div(alpha, m.mul(room, room));
  };
}

function spikeTimeMse(exact: ExactCase, trial: Trial, loss: SpikeTimeMse): Drive["onSpike"] {
  const { constants } = exact;
  const p = exact.populations.findIndex(({ name }) => name === loss.population);
  const { times, neurons } = trial.spikes[p]!;
  return (population, index) => {
    if (population !== p) return 0n;
    const neuron = neurons[index]!;
    const ordinal = neurons.slice(0, index).filter((other) => other === neuron).length;
    return times[index]! - constants.targets[neuron]![ordinal]!;
  };
}
