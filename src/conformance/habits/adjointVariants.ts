/**
 * What a habit makes of the certified gradient. An adjoint with a habit is the right adjoint of another loss,
 * L + Σ a_k t_k: what the habit does to dL/dt_k, a_k makes up for. So the neurons' own parameters have the certified
 * gradient plus the engine's exact one of Σ a_k t_k, and the pass backwards that finds a_k finds all the rest.
 */
import { ConfigError } from "../../base/errors.ts";
import { Engine } from "../../engine/engine.ts";
import { gradientTensors } from "../../format/solutionResult.ts";
import type { Tensor } from "../../format/tensor.ts";
import type { Case } from "../../model/case.ts";
import { inputTimesName, spikeTimesName, synapsesName } from "../../model/tensors.ts";
import type { Answer } from "../suite/golden.ts";
import { type Backward, type BySpike, backward, pullsOf } from "./backward.ts";
import { type Event, eventsOf } from "./events.ts";
import type { Habit } from "./habit.ts";
import { replayOf } from "./replay.ts";

/** The gradient with a habit, by tensor. */
export type WithHabit = (habit: Habit) => Map<string, Tensor>;

/** Arrivals at neurons, and states that are kept, in all; more would take too long. */
const most = { arrivals: 2 ** 19, states: 2 ** 17 };

/** Undefined for a case without a gradient, or one that is too large. @throws ConfigError as `placesOf` */
export async function gradientsWithHabits(problem: Case, answer: Answer): Promise<WithHabit | undefined> {
  const { network, input, duration } = problem;
  const events = eventsOf(problem, answer.spikes);
  if (answer.gradients.size === 0 || !isSmall(events, problem)) return undefined;
  const room = { duration, maxInputSpikes: input.times.length, maxReadings: most.states };
  const engine = await Engine.create(network, room);
  const places = placesOf(answer, engine, problem);
  const replay = await replayOf(problem, answer, events, engine);
  const spikeTimes = network.populations.map(({ name }) =>
    Array.from(answer.gradients.get(spikeTimesName(name))?.values ?? []),
  );
  const pulls = pullsOf(replay, spikeTimes);
  return (habit) => {
    const found = backward(replay, habit, pulls);
    const more = ofSpikeTimes(engine, problem, found.added, places);
    const tensors = new Map<string, Tensor>();
    for (const [name, { shape, values }] of answer.gradients) {
      const added = more.get(name)?.values;
      tensors.set(name, { shape, values: values.map((value, k) => value + (added?.[k] ?? 0)) });
    }
    for (const [name, values] of tensorsOf(problem, found))
      tensors.set(name, { shape: tensors.get(name)!.shape, values });
    return tensors;
  };
}

function isSmall(events: readonly Event[], { network }: Case): boolean {
  const neurons = network.populations.reduce((sum, { size }) => sum + size, 0);
  const arrivals = events.reduce(
    (sum, event) => sum + (event.kind === "arrival" ? event.posts.length : 1),
    0,
  );
  // Before and after it; an arrival both when it comes and when it was sent.
  return arrivals <= most.arrivals && 4 * events.length * neurons <= most.states;
}

/** Of each spike, by population, its place among the engine's, which may order those that coincide in another way. */
type Places = ReadonlyMap<string, readonly number[]>;

/** @throws ConfigError the engine has other spikes */
function placesOf(answer: Answer, engine: Engine, { input }: Case): Places {
  engine.evaluate(input, { kind: "none" });
  const { spikes } = engine.simulation();
  return new Map(
    Object.entries(answer.spikes).map(([name, { neurons }]) => {
      const own = Array.from(spikes[name]?.neurons ?? []);
      const last = new Map<number, number>();
      const places = Array.from(neurons, (neuron) => {
        const place = own.indexOf(neuron, (last.get(neuron) ?? -1) + 1);
        last.set(neuron, place);
        return place;
      });
      if (own.length !== places.length || places.includes(-1))
        throw new ConfigError(`spikes.${name}: the engine has others`);
      return [name, places] as const;
    }),
  );
}

/** The exact gradient of Σ a_k t_k. */
function ofSpikeTimes(
  engine: Engine,
  problem: Case,
  factors: BySpike,
  places: Places,
): ReadonlyMap<string, Tensor> {
  if (factors.every((its) => its.every((factor) => factor === 0))) return new Map();
  const { populations } = problem.network;
  const spikeTimes: Record<string, number[]> = {};
  for (const [name, at] of places) {
    const its = factors[populations.findIndex((one) => one.name === name)]!;
    spikeTimes[name] = Array<number>(at.length).fill(0);
    for (const [k, place] of at.entries()) spikeTimes[name][place] = its[k]!;
  }
  return gradientTensors(problem, engine.solve(problem.input, { kind: "linear", spikeTimes }));
}

/** What a pass finds by itself. */
function* tensorsOf(
  { network }: Case,
  { weights, delays, inputTimes, spikeTimes }: Backward,
): Generator<readonly [string, Float64Array]> {
  for (const k of network.projections.keys()) {
    yield [synapsesName(k, "weight"), weights[k]!];
    yield [synapsesName(k, "delay"), delays[k]!];
  }
  yield [inputTimesName, inputTimes];
  for (const [p, { name, model }] of network.populations.entries())
    if (model === "lif") yield [spikeTimesName(name), Float64Array.from(spikeTimes[p]!)];
}
