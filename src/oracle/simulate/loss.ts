/** Value and readout of every loss of the case format. */
import { ConfigError } from "../../base/errors.ts";
import type { FirstSpike, SpikeTimeMse } from "../../model/losses.ts";
import type { ExactCase } from "./exactCase.ts";
import type { Arithmetic } from "./fixed.ts";
import { flow } from "./flow.ts";
import { longestPanel, weightedIntegral } from "./integrals.ts";
import { linearLoss } from "./linear.ts";
import { gaussLegendre, integrate, type Rule } from "./quadrature.ts";
import type { Trial } from "./simulate.ts";
import { peak, type Trace, traces } from "./trace.ts";

export interface ExactLoss {
  readonly loss: bigint;
  readonly readout: readonly bigint[];
}

/** Enough that doubling it changes nothing a double can show, nor a difference of step 1e−19 of it. */
const quadratureOrder = 20;

const rules = new Map<string, Rule>();

export function evaluateLoss(exact: ExactCase, trial: Trial, order = quadratureOrder): ExactLoss {
  const { math: m, loss } = exact;
  switch (loss.kind) {
    case "none":
      return { loss: 0n, readout: [] };
    case "integral_cross_entropy": {
      const integrals = readoutTraces(exact, trial, loss.population).map((trace) =>
        weightedIntegral(exact, trace, loss.weighting, ruleOf(m, order)),
      );
      return classify(
        m,
        integrals.map((integral) => m.div(integral, exact.duration)),
        loss.target,
      );
    }
    case "max_cross_entropy": {
      const peaks = readoutTraces(exact, trial, loss.population).map((trace) => peak(exact, trace));
      return classify(m, peaks, loss.target);
    }
    case "average_cross_entropy":
      return averageCrossEntropy(exact, readoutTraces(exact, trial, loss.population), loss.target, order);
    case "first_spike":
      return firstSpike(exact, trial, loss);
    case "spike_time_mse":
      return { loss: spikeTimeMse(exact, trial, loss), readout: [] };
    case "linear":
      return { loss: linearLoss(exact, trial), readout: [] };
  }
}

export function ruleOf(m: Arithmetic, order = quadratureOrder): Rule {
  const key = `${m.bits} ${order}`;
  const rule = rules.get(key) ?? gaussLegendre(m, order);
  rules.set(key, rule);
  return rule;
}

export function readoutTraces(exact: ExactCase, trial: Trial, name: string | undefined): Trace[] {
  const readouts = exact.populations.filter((population) =>
    name === undefined ? population.model === "li" : population.name === name,
  );
  if (readouts.length !== 1 || readouts[0]!.model !== "li")
    throw new Error("the loss needs one li population");
  return traces(exact, trial, exact.populations.indexOf(readouts[0]!));
}

function classify(m: Arithmetic, readout: bigint[], target: number): ExactLoss {
  return { loss: crossEntropy(m, readout, target), readout };
}

export function softmax(m: Arithmetic, x: readonly bigint[]): bigint[] {
  const largest = x.reduce((most, value) => (value > most ? value : most));
  const powers = x.map((value) => m.exp(value - largest));
  const sum = powers.reduce((total, power) => total + power, 0n);
  return powers.map((power) => m.div(power, sum));
}

/** −log softmax(x)_y = ln Σ e^{x_k − x_y}. */
function crossEntropy(m: Arithmetic, x: readonly bigint[], target: number): bigint {
  return m.ln(x.reduce((sum, value) => sum + m.exp(value - x[target]!), 0n));
}

/** (1/T) ∫ −log softmax(V(t))_y dt, cut at every arrival; the readout is (1/T) ∫ V. */
function averageCrossEntropy(exact: ExactCase, all: Trace[], target: number, order: number): ExactLoss {
  const { math: m, duration } = exact;
  const cuts = new Set(all.flatMap(({ segments }) => segments.map(({ start }) => start)));
  const breaks = [...cuts, duration].sort((x, y) => (x < y ? -1 : 1));
  const rule = ruleOf(m, order);
  const longest = longestPanel(exact, all);
  let sum = 0n;
  for (let k = 1; k < breaks.length; k++) {
    const piece = [breaks[k - 1]!, breaks[k]!];
    const current = all.map(({ segments }) => segments.find(({ end }) => end > piece[0]!)!);
    sum += integrate(m, rule, piece, longest, (t) => {
      const v = all.map(({ dynamics }, n) => flow(m, dynamics, current[n]!.state, t - current[n]!.start).v);
      return crossEntropy(m, v, target);
    });
  }
  const readout = all.map((trace) => m.div(weightedIntegral(exact, trace, "uniform", rule), duration));
  return { loss: m.div(sum, duration), readout };
}

/** −log softmax(−t/τ0)_y plus a penalty on t_y; a neuron that never spikes counts as spiking at T + 1. */
function firstSpike(exact: ExactCase, trial: Trial, loss: FirstSpike): ExactLoss {
  const { math: m, duration, constants } = exact;
  const { tau0, tau1, alpha } = constants;
  const { penalty = "exponential", target } = loss;
  const p = exact.populations.findIndex(({ name }) => name === loss.population);
  const { times, neurons } = trial.spikes[p]!;
  const first = Array.from({ length: exact.populations[p]!.size }, (_, neuron) => {
    const k = neurons.indexOf(neuron);
    return k < 0 ? duration + m.one : times[k]!;
  });
  const entropy = crossEntropy(
    m,
    first.map((t) => m.div(-t, tau0)),
    target,
  );
  const late = first[target]!;
  const cost =
    penalty === "exponential"
      ? m.mul(alpha, m.exp(m.div(late, tau1)) - m.one)
      : m.div(alpha, (101n * duration) / 100n - late);
  return { loss: entropy + cost, readout: first };
}

/** ½ Σ (t_k − target_k)², spikes and targets of each neuron paired in order. */
function spikeTimeMse(exact: ExactCase, trial: Trial, { population }: SpikeTimeMse): bigint {
  const m = exact.math;
  const { times, neurons } = trial.spikes[exact.populations.findIndex(({ name }) => name === population)]!;
  let sum = 0n;
  exact.constants.targets.forEach((wanted, neuron) => {
    const actual = times.filter((_, k) => neurons[k] === neuron);
    if (actual.length !== wanted.length)
      throw new ConfigError(
        `${population} ${neuron} spikes ${actual.length} times, and the loss has ${wanted.length} targets`,
      );
    wanted.forEach((target, k) => {
      const miss = actual[k]! - target;
      sum += m.mul(miss, miss);
    });
  });
  return sum >> 1n;
}
