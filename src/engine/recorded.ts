/** What the kernel has recorded of a trial, read out as copies. */
import type { PopulationSpikes } from "../model/solution.ts";
import { enums } from "./kernel/description.ts";
import type { Layout } from "./kernel/layout.ts";
import { TableReader, type Views } from "./kernel/structures.ts";

/** Spikes of one population in order, with what the kernel knows of each. */
interface RecordedSpikes extends PopulationSpikes {
  /** dV/dt just before the spike, 1/ms. */
  readonly slopes: Float64Array;
  /** Total derivative of the loss with respect to the spike's time, 1/ms; valid after the adjoint pass. */
  readonly derivatives: Float64Array;
}

export interface Recorded {
  /** Of each spiking population, in the kernel's order. */
  readonly populations: readonly RecordedSpikes[];
  /** ∂L/∂t of each input spike. */
  readonly inputTimes: Float64Array;
}

class SpikeList {
  readonly times: number[] = [];
  readonly neurons: number[] = [];
  readonly slopes: number[] = [];
  readonly derivatives: number[] = [];

  get spikes(): RecordedSpikes {
    return {
      times: Float64Array.from(this.times),
      neurons: Int32Array.from(this.neurons),
      slopes: Float64Array.from(this.slopes),
      derivatives: Float64Array.from(this.derivatives),
    };
  }
}

/** Reads the record of the last trial. */
export function readRecord(
  views: Views,
  layout: Layout,
  { spikingCount, eventCount, instantCount }: Record<"spikingCount" | "eventCount" | "instantCount", number>,
): Recorded {
  const events = new TableReader(views, "Event", layout.record.events);
  const instants = new TableReader(views, "Instant", layout.record.instants);
  const [kind, group, source] = [events.reader("kind"), events.reader("group"), events.reader("source")];
  const [slope, derivative] = [events.reader("slope"), events.reader("derivative")];
  const [time, firstEvent] = [instants.reader("hi"), instants.reader("events")];
  const lists = Array.from({ length: spikingCount }, () => new SpikeList());
  const inputTimes: number[] = [];
  let instant = 0;
  for (let e = 0; e < eventCount; e++) {
    while (instant + 1 < instantCount && firstEvent(instant + 1) <= e) instant++;
    const what = kind(e);
    if (what === enums.EventKind.input) inputTimes.push(derivative(e));
    if (what !== enums.EventKind.spike) continue;
    const list = lists[group(e) - 1]!;
    list.times.push(time(instant));
    list.neurons.push(source(e));
    list.slopes.push(slope(e));
    list.derivatives.push(derivative(e));
  }
  return { populations: lists.map(({ spikes }) => spikes), inputTimes: Float64Array.from(inputTimes) };
}
