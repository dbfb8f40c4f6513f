/** Room for the record of one trial and for its loss. */
import type { Arena } from "./arena.ts";
import type { Constants } from "./kernel.ts";
import { deliveriesPerSpike, type Shape } from "./shape.ts";

/** Bytes of checkpoints up to which they are kept every 64 intervals; beyond it every 1024, and recomputed for longer. */
const amplyCheckpointed = 2 ** 28;

export interface Capacity {
  readonly maxInputSpikes: number;
  /** Most network spikes and delayed deliveries of a trial. */
  readonly maxEvents: number;
  /** Whether the states of a trial can be recomputed, as gradients of neurons and losses of voltages need. */
  readonly replay: boolean;
  /** Whether there is room for wanted spike times. */
  readonly targets: boolean;
}

export interface RecordLayout {
  /** Bytes of the state of the first n populations. */
  readonly stateBytes: readonly number[];
  /** Addresses by the Plan's field names. */
  readonly fields: Readonly<Record<string, number>>;
  readonly eventCapacity: number;
  /** Intervals from one checkpoint of the state to the next. */
  readonly segment: number;
}

export function layOutRecord(
  shape: Shape,
  capacity: Capacity,
  constant: Constants,
  arena: Arena,
  {
    widest,
    zeros,
    stateBytes,
  }: { readonly widest: number; readonly zeros: number; readonly stateBytes: readonly number[] },
): RecordLayout {
  const { maxInputSpikes, maxEvents, replay } = capacity;
  const events = maxInputSpikes * (1 + deliveriesPerSpike(shape, -1)) + maxEvents;
  const bytes = stateBytes.at(-1)!;
  const segment = (events / 64) * bytes <= amplyCheckpointed ? 64 : 1024;
  const delayed = shape.projections.filter(({ delayKind }) => delayKind !== "none").length;
  const spiking = shape.populations.slice(0, shape.spikingCount);
  const neurons = spiking.reduce((sum, { population }) => sum + population.size, 0);
  const fields = {
    zeros,
    inputTimes: arena.take(maxInputSpikes * 8),
    inputSources: arena.take(maxInputSpikes * 4),
    events: arena.take(events * constant("EventAt", "end")),
    instants: arena.take(events * constant("InstantAt", "end")),
    pending: arena.take(delayed === 0 ? 0 : (events * delayed + 2) * constant("PendingAt", "end")),
    candidates: arena.take((neurons + 1) * constant("CandidateAt", "end")),
    tied: arena.take((neurons + 1) * 8),
    checkpoints: arena.take(replay ? (Math.floor(events / segment) + 2) * bytes : 0),
    segmentStates: arena.take(replay ? (segment + 1) * bytes : 0),
    scratch: arena.take(128),
    readout: arena.take(widest * 8),
    dReadout: arena.take(widest * 8),
    logits: arena.take(widest * 8),
    lossScratch: arena.take(widest * 64),
    targets: arena.take(capacity.targets ? events * 8 : 0),
    targetOffsets: arena.take((widest + 1) * 4),
    influenceSlopes: arena.take(events * 8),
    activity: arena.take(events * 8),
  };
  return { stateBytes, fields, eventCapacity: events, segment };
}
