/** Where everything of an engine lies in the kernel's memory: a pure function of sizes. */
import { Arena } from "./arena.ts";
import type { Constants } from "./kernel.ts";
import { deliveriesPerSpike, type Shape } from "./shape.ts";

/** Bytes of checkpoints up to which they are kept every 64 intervals; beyond it every 1024, and recomputed for longer. */
const amplyCheckpointed = 2 ** 28;

const perNeuron64 = ["alpha", "beta", "threshold", "reset", "bias"] as const;
const perNeuronReal = ["u0", "i0", "alphaReal", "betaReal", "thresholdReal", "drive", "gu", "gi"] as const;
const perNeuronGradient = ["dAlpha", "dBeta", "dThreshold", "dReset", "dBias", "dV0", "dI0"] as const;

export type PopulationField =
  | (typeof perNeuron64)[number]
  | (typeof perNeuronReal)[number]
  | (typeof perNeuronGradient)[number]
  | "u"
  | "i"
  | "flow"
  | "flagged";

export type PopulationAddresses = Readonly<Record<PopulationField, number>>;

export interface ProjectionAddresses {
  readonly weight: number;
  readonly dWeight: number;
  readonly dDelay: number;
  readonly delays: number;
  readonly order: number;
  readonly sums: number;
}

export interface Capacity {
  readonly maxInputSpikes: number;
  /** Most network spikes and delayed deliveries of a trial. */
  readonly maxEvents: number;
}

/** Byte addresses; [gradients, gradientsEnd) are those of populations and projections. */
export interface Layout {
  readonly plan: number;
  readonly populationTable: number;
  readonly projectionTable: number;
  readonly populations: readonly PopulationAddresses[];
  readonly projections: readonly ProjectionAddresses[];
  readonly gradients: number;
  readonly gradientsEnd: number;
  readonly state: number;
  /** Bytes of the state of the first n populations. */
  readonly stateBytes: readonly number[];
  readonly fields: Readonly<Record<string, number>>;
  readonly eventCapacity: number;
  /** Intervals from one checkpoint of the state to the next. */
  readonly segment: number;
  readonly end: number;
}

/** Lays out an engine from byte `heapBase` on. */
export function layOut(shape: Shape, capacity: Capacity, constant: Constants, heapBase: number): Layout {
  const arena = new Arena(heapBase);
  const real = constant("Layout", "realBytes");
  const chunk = constant("Layout", "chunkBytes");
  const plan = arena.take(constant("PlanAt", "end"));
  const populationTable = arena.take(constant("PopulationAt", "end") * shape.populations.length);
  const projectionTable = arena.take(constant("ProjectionAt", "end") * shape.projections.length);
  const widest = Math.max(1, ...shape.populations.map(({ stride }) => stride));

  const state = arena.take(0);
  const stateBytes = [0];
  const states = shape.populations.map(({ stride }) => {
    const u = arena.take(stride * real);
    const i = arena.take(stride * real);
    stateBytes.push(arena.end - state);
    return { u, i };
  });
  const take = (names: readonly string[], bytes: number) => names.map((name) => [name, arena.take(bytes)]);
  const statics = shape.populations.map(({ stride }) => [
    ...take(perNeuron64, stride * 8),
    ...take(perNeuronReal, stride * real),
    ["flow", arena.take(5 * stride * real)],
    ["flagged", arena.take(((stride * real) / chunk) * 4)],
  ]);
  const weights = shape.projections.map(({ pre, stride }) => arena.take(pre * stride * real));

  const gradients = arena.take(0);
  const dWeights = shape.projections.map(({ pre, stride }) => arena.take(pre * stride * real));
  const dNeurons = shape.populations.map(({ stride }) => take(perNeuronGradient, stride * real));
  const dDelays = shape.projections.map(({ pre, stride }) => arena.take(pre * stride * real));
  const gradientsEnd = arena.end;

  const events = eventCapacity(shape, capacity);
  const segment = (events / 64) * stateBytes.at(-1)! <= amplyCheckpointed ? 64 : 1024;
  const checkpoints = { stateBytes: stateBytes.at(-1)!, segment };
  const fields = layOutRecord(shape, capacity, constant, arena, widest, checkpoints);
  const populations = states.map(
    (own, p) => ({ ...own, ...Object.fromEntries([...statics[p]!, ...dNeurons[p]!]) }) as PopulationAddresses,
  );
  const projections = shape.projections.map(({ pre, stride }, p) => ({
    weight: weights[p]!,
    dWeight: dWeights[p]!,
    dDelay: dDelays[p]!,
    delays: arena.take(pre * stride * 8),
    order: arena.take(pre * stride * 4),
    sums: arena.take(pre * stride * 32),
  }));
  const tables = { plan, populationTable, projectionTable, populations, projections };
  const ranges = { gradients, gradientsEnd, state, stateBytes, fields };
  return { ...tables, ...ranges, eventCapacity: events, segment, end: arena.end };
}

function eventCapacity(shape: Shape, { maxInputSpikes, maxEvents }: Capacity): number {
  return maxInputSpikes * (1 + deliveriesPerSpike(shape, -1)) + maxEvents;
}

/** Room for the record of a trial and for the loss, by the Plan's field names. */
function layOutRecord(
  shape: Shape,
  capacity: Capacity,
  constant: Constants,
  arena: Arena,
  widest: number,
  { stateBytes, segment }: { readonly stateBytes: number; readonly segment: number },
): Record<string, number> {
  const events = eventCapacity(shape, capacity);
  const delayed = shape.projections.filter(({ delayKind }) => delayKind !== "none").length;
  const spiking = shape.populations.slice(0, shape.spikingCount);
  const neurons = spiking.reduce((sum, { population }) => sum + population.size, 0);
  const fields: Record<string, number> = {
    inputTimes: arena.take(capacity.maxInputSpikes * 8),
    inputSources: arena.take(capacity.maxInputSpikes * 4),
    events: arena.take(events * constant("EventAt", "end")),
    instants: arena.take(events * constant("InstantAt", "end")),
    pending: arena.take(delayed === 0 ? 0 : (events * delayed + 2) * constant("PendingAt", "end")),
    candidates: arena.take((neurons + 1) * constant("CandidateAt", "end")),
    tied: arena.take((neurons + 1) * 8),
    zeros: arena.take(widest * constant("Layout", "realBytes")),
    checkpoints: arena.take((Math.floor(events / segment) + 2) * stateBytes),
    segmentStates: arena.take((segment + 1) * stateBytes),
    scratch: arena.take(128),
    readout: arena.take(widest * 8),
    dReadout: arena.take(widest * 8),
    logits: arena.take(widest * 8),
    lossScratch: arena.take(widest * 64),
    targets: arena.take(events * 8),
    targetOffsets: arena.take((widest + 1) * 4),
    influenceSlopes: arena.take(events * 8),
  };
  return fields;
}
