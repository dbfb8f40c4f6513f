/** What the kernel has recorded of a trial, read out as copies. */
import type { PopulationSpikes } from "../../model/solution.ts";
import type { Slot } from "./slot.ts";

/** Spikes of one population in order, with what the kernel knows of each. */
export interface RecordedSpikes extends PopulationSpikes {
  /** dV/dt just before the spike, 1/ms. */
  readonly slopes: Float64Array;
  /** Total derivative of the loss with respect to the spike's time, 1/ms; valid after the adjoint pass. */
  readonly derivatives: Float64Array;
}

interface SpikeList {
  times: number[];
  neurons: number[];
  slopes: number[];
  derivatives: number[];
}

/** Reads the record of the last trial: the spikes of each spiking population, and ∂L/∂t of each input spike. */
export function readTrial(slot: Slot): {
  populations: RecordedSpikes[];
  inputTimes: Float64Array;
} {
  const { views, constant, layout } = slot;
  const { spikingCount } = slot.shape;
  const at = (group: string, field: string) => constant(group, field);
  const [eventBytes, instantBytes] = [at("EventAt", "end"), at("InstantAt", "end")];
  const [events, instants] = [layout.fields.events!, layout.fields.instants!];
  const [kindAt, groupAt, sourceAt] = [
    at("EventAt", "kind"),
    at("EventAt", "group"),
    at("EventAt", "source"),
  ];
  const [slopeAt, derivativeAt] = [at("EventAt", "slope"), at("EventAt", "derivative")];
  const [hiAt, firstAt] = [at("InstantAt", "hi"), at("InstantAt", "events")];
  const [inputKind, spikeKind] = [at("EventKind", "input"), at("EventKind", "spike")];
  const instantCount = slot.u32("instantCount");
  const eventCount = slot.u32("eventCount");

  const lists = Array.from(
    { length: spikingCount },
    (): SpikeList => ({ times: [], neurons: [], slopes: [], derivatives: [] }),
  );
  const inputTimes: number[] = [];
  let instant = 0;
  for (let e = 0; e < eventCount; e++) {
    while (
      instant + 1 < instantCount &&
      views.data.getUint32(instants + (instant + 1) * instantBytes + firstAt, true) <= e
    )
      instant++;
    const event = events + e * eventBytes;
    const kind = views.data.getUint32(event + kindAt, true);
    const derivative = views.data.getFloat64(event + derivativeAt, true);
    if (kind === inputKind) inputTimes.push(derivative);
    if (kind !== spikeKind) continue;
    const list = lists[views.data.getUint32(event + groupAt, true) - 1]!;
    list.times.push(views.data.getFloat64(instants + instant * instantBytes + hiAt, true));
    list.neurons.push(views.data.getUint32(event + sourceAt, true));
    list.slopes.push(views.data.getFloat64(event + slopeAt, true));
    list.derivatives.push(derivative);
  }
  const populations = lists.map(({ times, neurons, slopes, derivatives }) => ({
    times: Float64Array.from(times),
    neurons: Int32Array.from(neurons),
    slopes: Float64Array.from(slopes),
    derivatives: Float64Array.from(derivatives),
  }));
  return { populations, inputTimes: Float64Array.from(inputTimes) };
}
