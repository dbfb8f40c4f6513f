/** Values of losses and their derivatives by spike times and voltages: what stands for them in a linear loss. */
import type { Neuron, Spike } from "../../../examples/eventprop.ts";
import type {
  AverageCrossEntropy,
  FirstSpike,
  IntegralCrossEntropy,
  SpikeTimeMse,
} from "../../../src/model/losses.ts";
import { arithmetic } from "../../../src/oracle/simulate/fixed.ts";
import { gaussLegendre } from "../../../src/oracle/simulate/quadrature.ts";

interface Cotangents {
  readonly value: number;
  /** By what the loss looks at. */
  readonly derivatives: number[];
}

/** `neurons[k]` of a population of `size` spikes at `times[k]`. */
export function spikeCotangents(
  loss: FirstSpike | SpikeTimeMse,
  duration: number,
  size: number,
  times: readonly number[],
  neurons: readonly number[],
): Cotangents {
  const ordinals = neurons.map((neuron, k) => neurons.slice(0, k).filter((other) => other === neuron).length);
  if (loss.kind === "spike_time_mse") {
    const derivatives = times.map((time, k) => time - loss.targets[neurons[k]!]![ordinals[k]!]!);
    return { value: derivatives.reduce((sum, miss) => sum + miss ** 2 / 2, 0), derivatives };
  }
  const { tau0, tau1 = tau0, alpha, target, penalty = "exponential" } = loss;
  const first = Array.from({ length: size }, (_, j) => times[neurons.indexOf(j)] ?? duration + 1);
  const late = first[target]!;
  const odds = first.map((time) => Math.exp((late - time) / tau0));
  const sum = odds.reduce((total, value) => total + value);
  const left = 1.01 * duration - late;
  const [cost, rise] =
    penalty === "exponential"
      ? [alpha * Math.expm1(late / tau1), (alpha / tau1) * Math.exp(late / tau1)]
      : [alpha / left, alpha / left ** 2];
  const derivatives = neurons.map((j, k) => {
    if (ordinals[k]! > 0) return 0;
    return (Number(j === target) - odds[j]! / sum) / tau0 + (j === target ? rise : 0);
  });
  return { value: Math.log(sum) + cost, derivatives };
}

interface Rule {
  /** ms, ascending. */
  readonly times: number[];
  readonly weights: number[];
}

const exact = arithmetic(30);
const rule = gaussLegendre(exact, 12);
const nodes = rule.nodes.map(exact.toNumber);
const shares = rule.weights.map(exact.toNumber);
/** ms; for time constants from 2 ms the rule is then right to the last bits. */
const longest = 2;

/** When and with which weight to look at the outputs for an integral over [0, T): they are smooth between arrivals. */
export function moments(outputs: readonly Neuron[], spikes: readonly Spike[], duration: number): Rule {
  const arrivals = spikes.flatMap(({ source, time }) =>
    source.out.filter(({ to }) => outputs.includes(to)).map(({ delay }) => time + delay),
  );
  const breaks = [...new Set([0, ...arrivals.filter((time) => time < duration), duration])].sort(
    (a, b) => a - b,
  );
  const panels = breaks.slice(1).flatMap((end, k) => {
    const start = breaks[k]!;
    const count = Math.ceil((end - start) / longest);
    const length = (end - start) / count;
    return Array.from({ length: count }, (_, panel) => ({ from: start + panel * length, length }));
  });
  const order = nodes.map((_, k) => k).sort((a, b) => nodes[a]! - nodes[b]!);
  return {
    times: panels.flatMap(({ from, length }) => order.map((k) => from + nodes[k]! * length)),
    weights: panels.flatMap(({ length }) => order.map((k) => shares[k]! * length)),
  };
}

const weightings = {
  uniform: () => 1,
  exponential: (x: number) => Math.exp(-x),
  linear: (x: number) => 1 - x,
  sigmoid: (x: number) => 1 / (1 + Math.exp((x - 0.5) / 0.2)),
} as const;

/** Of voltages [moment][output], row-major. */
export function voltageCotangents(
  loss: IntegralCrossEntropy | AverageCrossEntropy,
  duration: number,
  { times, weights }: Rule,
  voltages: readonly number[],
): Cotangents {
  const outputs = voltages.length / times.length;
  const rows = times.map((_, m) => voltages.slice(m * outputs, (m + 1) * outputs));
  if (loss.kind === "average_cross_entropy") {
    const all = rows.map((row) => crossEntropy(row, loss.target));
    const share = weights.map((weight) => weight / duration);
    return {
      value: all.reduce((sum, { value }, m) => sum + share[m]! * value, 0),
      derivatives: all.flatMap(({ derivatives }, m) => derivatives.map((d) => share[m]! * d)),
    };
  }
  const { weighting } = loss;
  if (weighting === "input") throw new Error("no case has this weighting");
  const share = weights.map((weight, m) => (weight * weightings[weighting](times[m]! / duration)) / duration);
  const readout = Array.from({ length: outputs }, (_, k) =>
    rows.reduce((sum, row, m) => sum + share[m]! * row[k]!, 0),
  );
  const { value, derivatives } = crossEntropy(readout, loss.target);
  return { value, derivatives: share.flatMap((part) => derivatives.map((d) => part * d)) };
}

/** −log softmax(x)_target. */
function crossEntropy(x: readonly number[], target: number): Cotangents {
  const odds = x.map((value) => Math.exp(value - x[target]!));
  const sum = odds.reduce((total, value) => total + value);
  return { value: Math.log(sum), derivatives: odds.map((value, k) => value / sum - Number(k === target)) };
}
