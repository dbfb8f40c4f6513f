/** A trial with what is known of it, made ready for passes backwards. */
import type { Engine } from "../../engine/engine.ts";
import { type Elementary, elementary } from "../../engine/kernel/elementary.ts";
import type { Case } from "../../model/case.ts";
import { parameterName } from "../../model/tensors.ts";
import type { Answer } from "../suite/golden.ts";
import type { Event } from "./events.ts";

/** ∂L/∂V and ∂L/∂I of a neuron. */
export interface Adjoint {
  readonly byV: number;
  readonly byI: number;
}

interface State {
  readonly v: number;
  readonly i: number;
}

export interface Replay {
  readonly problem: Case;
  readonly answer: Answer;
  readonly events: readonly Event[];
  /** A neuron's state just before an event. @param population its place in the network @param time ms */
  readonly before: (population: number, neuron: number, time: number) => State;
  /** The exact adjoint just after an event; arrivals leave it as it is. */
  readonly after: (population: number, neuron: number, time: number) => Adjoint;
  readonly elementary: Elementary;
}

/** Of a time: how far from it an event may be that rounding has moved. */
const slack = 2 ** -47;

/** @param engine with room for four states of every neuron an event; they and the adjoint are taken from it */
export async function replayOf(
  problem: Case,
  answer: Answer,
  events: readonly Event[],
  engine: Engine,
): Promise<Replay> {
  const { network, input, duration, loss } = problem;
  const before = (time: number) => time * (1 - slack);
  const after = (time: number) => Math.min(time * (1 + slack), duration);
  const own = events.flatMap((event) =>
    event.kind === "arrival" ? [event.time, event.sender.time] : [event.time],
  );
  const times = new Set(own.filter((time) => time > 0).flatMap((time) => [before(time), after(time)]));
  const sorted = Float64Array.from(times).sort();
  const rows = new Map(Array.from(sorted, (time, row) => [time, row]));
  const all = Object.fromEntries(network.populations.map(({ name }) => [name, "all"] as const));
  const { populations } = engine.trace(input, loss, sorted, all);
  const place = (p: number, neuron: number, time: number) => {
    const { name, size } = network.populations[p]!;
    return [populations[name]!, rows.get(time)! * size + neuron] as const;
  };
  return {
    problem,
    answer,
    events,
    elementary: await elementary(),
    before: (p, neuron, time) => {
      const { v0, i0 } = network.populations[p]!;
      if (time === 0) return { v: v0[neuron]!, i: i0[neuron]! };
      const [{ v, i }, k] = place(p, neuron, before(time));
      return { v: v[k]!, i: i[k]! };
    },
    after: (p, neuron, time) => {
      const { name, tauMem, tauSyn } = network.populations[p]!;
      const start = (key: "v0" | "i0") => answer.gradients.get(parameterName(name, key))!.values[neuron]!;
      if (time === 0) return { byV: start("v0"), byI: start("i0") };
      const [{ lambdaV, lambdaI }, k] = place(p, neuron, after(time));
      return { byV: -tauMem[neuron]! * lambdaV[k]!, byI: -tauSyn[neuron]! * lambdaI[k]! };
    },
  };
}
