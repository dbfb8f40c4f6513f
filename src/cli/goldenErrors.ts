/** How far a solution is from the expected values of a golden case. */
import type { Case } from "../case/case.ts";
import type { PopulationGradient, Solution } from "../solution.ts";

/** Values from arbitrary-precision arithmetic, as golden/*.json hold them. */
export interface Expected {
  readonly loss: number;
  readonly spikes: Readonly<Record<string, { readonly times: number[]; readonly neurons: number[] }>>;
  /**
   * Keys `w/P/post/pre` and `d/P/post/pre` for the weight and delay of projection P, `t/k` for input time k, and
   * `<population>/<parameter>/<neuron>`.
   */
  readonly gradients: Readonly<Record<string, number>>;
}

export interface GoldenErrors {
  /** Worst error of a spike's time, as a fraction of the trial; infinite if the spikes are others. */
  readonly times: number;
  /** Relative. */
  readonly loss: number;
  /** Worst error of a gradient, as a fraction of its tensor's largest entry. */
  readonly gradients: number;
}

export function goldenErrors(expected: Expected, problem: Case, solution: Solution): GoldenErrors {
  return {
    times: timeError(expected, solution) / problem.duration,
    loss: fraction(Math.abs(solution.loss - expected.loss), Math.abs(expected.loss)),
    gradients: gradientError(expected, problem, solution),
  };
}

function timeError(expected: Expected, { spikes }: Solution): number {
  let worst = 0;
  for (const [name, { times, neurons }] of Object.entries(expected.spikes)) {
    const found = spikes[name]!;
    if (found.neurons.join() !== neurons.join()) return Infinity;
    times.forEach((time, k) => {
      worst = Math.max(worst, Math.abs(found.times[k]! - time));
    });
  }
  return worst;
}

function gradientError({ gradients }: Expected, problem: Case, solution: Solution): number {
  const tensors = new Map<string, { error: number; largest: number }>();
  for (const [key, value] of Object.entries(gradients)) {
    const path = key.split("/");
    const name = path
      .slice(0, 2)
      .join("/")
      .replace(/^t\/.*/, "t");
    const { error, largest } = tensors.get(name) ?? { error: 0, largest: 0 };
    const found = entry(path, problem, solution);
    tensors.set(name, {
      error: Math.max(error, Math.abs(found - value)),
      largest: Math.max(largest, Math.abs(value)),
    });
  }
  return Math.max(...[...tensors.values()].map(({ error, largest }) => fraction(error, largest)));
}

function fraction(error: number, whole: number): number {
  return error === 0 ? 0 : error / whole;
}

/** The gradient that a key of `Expected.gradients` names. */
function entry(path: readonly string[], { network }: Case, { gradients }: Solution): number {
  const [kind, second] = path as [string, string];
  const last = Number(path.at(-1));
  if (kind === "t") return gradients.inputTimes[last]!;
  if (kind === "w" || kind === "d") {
    const { from } = network.projections[Number(second)]!;
    const pre = network.populations.find(({ name }) => name === from)?.size ?? network.inputChannels;
    const { weight, delay } = gradients.projections[Number(second)]!;
    return (kind === "w" ? weight : delay)[Number(path[2]) * pre + last]!;
  }
  const population = network.populations.findIndex(({ name }) => name === kind);
  return gradients.populations[population]![parameters[second]!]![last]!;
}

const parameters: Readonly<Record<string, keyof PopulationGradient>> = {
  tau_mem: "tauMem",
  tau_syn: "tauSyn",
  threshold: "threshold",
  reset: "reset",
  bias: "bias",
  v0: "v0",
  i0: "i0",
};
