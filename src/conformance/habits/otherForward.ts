/** Habits that change what the network does: such a program solves another case, exactly. */
import { solveCase } from "../../engine/solve.ts";
import { gradientTensors } from "../../format/solutionResult.ts";
import type { Tensor } from "../../format/tensor.ts";
import type { Case } from "../../model/case.ts";
import type { Solution } from "../../model/solution.ts";
import { inputTimesName } from "../../model/tensors.ts";
import type { Answer } from "../suite/golden.ts";

export interface OtherForward {
  readonly name: string;
  readonly phrase: string;
  /** What the program finds; undefined where the habit changes nothing, or more than can be said. */
  readonly solve: (problem: Case, answer: Answer) => Promise<Answer | undefined>;
  readonly untold?: RegExp;
}

export const otherForwards: readonly OtherForward[] = [
  { name: "delays_ignored", phrase: "delays ignored", solve: withoutDelays, untold: /delay$/ },
  {
    name: "coincident_spike_lost",
    phrase: "the second of two coincident spikes lost",
    solve: withoutSecondSpikes,
  },
  {
    name: "coincident_input_lost",
    phrase: "the second of two coincident input spikes lost",
    solve: withoutSecondInputs,
  },
];

async function withoutDelays(problem: Case): Promise<Answer | undefined> {
  const { network } = problem;
  const some = network.projections.some(({ delay }) =>
    typeof delay === "number" ? delay > 0 : delay.some((one) => one > 0),
  );
  if (!some) return undefined;
  const projections = network.projections.map((projection) => ({ ...projection, delay: 0 }));
  return found({ ...problem, network: { ...network, projections } });
}

async function withoutSecondInputs(problem: Case): Promise<Answer | undefined> {
  const { times, sources } = problem.input;
  const kept = [...times.keys()].filter((k) => k === 0 || times[k] !== times[k - 1]);
  if (kept.length === times.length) return undefined;
  const input = {
    times: Float64Array.from(kept, (k) => times[k]!),
    sources: Int32Array.from(kept, (k) => sources[k]!),
  };
  const answer = await found({ ...problem, input });
  const own = answer.gradients.get(inputTimesName);
  if (!own) return answer;
  const values = new Float64Array(times.length);
  for (const [place, k] of kept.entries()) values[k] = own.values[place]!;
  return {
    ...answer,
    gradients: new Map(answer.gradients).set(inputTimesName, { shape: [times.length], values }),
  };
}

/** Neurons that are silenced one after another; more would take too long. */
const mostSilent = 16;
/** A threshold that no voltage reaches. */
const never = 1e300;
/** Of a time: how far apart spikes may be that rounding has moved. */
const slack = 2 ** -47;

/**
 * Where the lost spike is its neuron's first: the neuron neither is reset nor sends anything, as if it had no threshold. It
 * is taken not to cross its threshold again.
 */
async function withoutSecondSpikes(problem: Case, { spikes }: Answer): Promise<Answer | undefined> {
  const silent = new Set<string>();
  let answer: Answer | undefined;
  for (;;) {
    const second = secondOf(answer?.spikes ?? spikes);
    if (!second) return answer;
    if (!second.isFirst || silent.size >= mostSilent) return undefined;
    silent.add(`${second.population} ${second.neuron}`);
    const populations = problem.network.populations.map((population) => ({
      ...population,
      threshold: population.threshold.map((own, n) => (silent.has(`${population.name} ${n}`) ? never : own)),
    }));
    answer = await found({ ...problem, network: { ...problem.network, populations } });
  }
}

interface Second {
  readonly population: string;
  readonly neuron: number;
  /** Whether the neuron has not spiked before. */
  readonly isFirst: boolean;
}

/** The first spike in time that comes with one before it in the order of populations and neurons. */
function secondOf(spikes: Answer["spikes"]): Second | undefined {
  const all = Object.entries(spikes).flatMap(([population, { times, neurons }]) =>
    Array.from(times, (time, k) => ({ time, population, neuron: neurons[k]! })),
  );
  all.sort((x, y) => x.time - y.time);
  const k = all.findIndex(({ time }, at) => at > 0 && time - all[at - 1]!.time <= slack * time);
  if (k < 0) return undefined;
  const order = Object.keys(spikes);
  const rank = (n: number) => order.indexOf(all[n]!.population) * 2 ** 32 + all[n]!.neuron;
  const { population, neuron } = all[rank(k) > rank(k - 1) ? k : k - 1]!;
  const isFirst = !all.slice(0, k - 1).some((one) => one.population === population && one.neuron === neuron);
  return { population, neuron, isFirst };
}

async function found(problem: Case): Promise<Answer> {
  return answerOf(problem, await solveCase(problem, { closestGraze: false }));
}

/** What the engine has found as if it were certified, without what is known of margins and sensitivities. */
function answerOf(problem: Case, solution: Solution): Answer {
  const hasLoss = problem.loss.kind !== "none";
  const empty = new Float64Array();
  const nothing = {
    neurons: empty,
    times: empty,
    missed: empty,
    overshoots: empty,
    sensitivities: undefined,
  };
  return {
    spikes: mapped(solution.spikes, ({ times, neurons }, name) => ({
      times,
      neurons: Float64Array.from(neurons),
      lower: times,
      upper: times,
      slopes: solution.slopes[name]!,
      conditions: new Float64Array(times.length),
      sensitivities: undefined,
    })),
    margins: mapped(solution.spikes, () => nothing),
    ...(hasLoss && { loss: solution.loss, readout: solution.readout }),
    gradients: hasLoss ? gradientTensors(problem, solution) : new Map<string, Tensor>(),
    sensitivities: undefined,
  };
}

function mapped<A, B>(
  record: Readonly<Record<string, A>>,
  of: (value: A, name: string) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, of(value, name)]));
}
