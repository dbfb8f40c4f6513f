/** Where everything lies in the kernel's memory: a pure function of sizes. */
import { Arena, type Placed } from "./arena.ts";
import { enums } from "./description.ts";
import { deliveriesPerSpike, type Shape, type ShapedProjection } from "./shape.ts";
import type { ArrayField, Arrays, StructureName } from "./structures.ts";

/** Room that an engine is given. */
export interface Room {
  /** Trials that are held at the same time, each with a record of its own. */
  readonly slots: number;
  /** Sets of gradients; slot s adds to the one numbered ⌊s · lanes / slots⌋. */
  readonly lanes: number;
  readonly maxInputSpikes: number;
  /** Most network spikes and delayed deliveries of a trial. */
  readonly maxEvents: number;
  /** Most readings of single neurons. */
  readonly maxReadings: number;
  /** Whether the states of a trial can be recomputed, as gradients of neurons and losses of voltages need. */
  readonly replay: boolean;
  /** Whether there is room for a number of the loss for each event. */
  readonly numbers: boolean;
  /** Whether there is room for gradients of delays. */
  readonly delayGradients: boolean;
  /** Whether every slot has thresholds of its own. */
  readonly ownThresholds: boolean;
}

/** Byte addresses of what one trial sees. */
export interface Layout {
  /** The Trial structure and all that it points to. */
  readonly trial: Placed;
  readonly populations: readonly Arrays<"Population">[];
  readonly projections: readonly Arrays<"Projection">[];
  readonly network: Arrays<"Network">;
  readonly input: Arrays<"Input">;
  readonly record: Arrays<"Record">;
  readonly queue: Arrays<"Queue">;
  readonly search: Arrays<"Search">;
  readonly readings: Arrays<"Readings">;
  readonly loss: Arrays<"LossPlan">;
  /** [gradients, gradientsEnd) are those of populations and projections. */
  readonly gradients: number;
  readonly gradientsEnd: number;
  /** Bytes of the state of the first n populations. */
  readonly stateBytes: readonly number[];
  readonly eventCapacity: number;
  /** Numbers of a loss that there is room for. */
  readonly numberCapacity: number;
  /** Intervals from one checkpoint of the state to the next. */
  readonly segment: number;
}

/** Everything an engine keeps: one layout a slot, and what comes after them. */
export interface MemoryMap {
  readonly slots: readonly Layout[];
  readonly end: number;
}

/** What an array belongs to: it is there once, once a lane, once a trial, or in the one block of a trial's states. */
type Holder = "parameters" | "gradients" | "trial" | "state";

const each = (stride: number): number => stride;
const chunks = (stride: number, realBytes: number): number => (stride * realBytes) / enums.Size.chunk;

/** Every array of a population: whose it is, and its entries for this padded size. */
const populationArrays: Readonly<
  Record<ArrayField<"Population">, readonly [Holder, (stride: number, realBytes: number) => number]>
> = {
  alpha: ["parameters", each],
  beta: ["parameters", each],
  threshold: ["parameters", each],
  reset: ["parameters", each],
  origin: ["parameters", each],
  rest: ["parameters", each],
  u0: ["parameters", each],
  i0: ["parameters", each],
  alphaReal: ["parameters", each],
  betaReal: ["parameters", each],
  thresholdReal: ["parameters", each],
  restReal: ["parameters", each],
  dAlpha: ["gradients", each],
  dBeta: ["gradients", each],
  dThreshold: ["gradients", each],
  dReset: ["gradients", each],
  dBias: ["gradients", each],
  dV0: ["gradients", each],
  dI0: ["gradients", each],
  u: ["state", each],
  i: ["state", each],
  rows: ["trial", () => enums.Most.rows],
  drive: ["trial", each],
  gu: ["trial", each],
  gi: ["trial", each],
  regularization: ["trial", each],
  flow: ["trial", (stride) => enums.FlowArray.count * stride],
  constants: ["trial", (_, realBytes) => (enums.Most.constants * enums.Size.vector) / realBytes],
  flagged: ["trial", chunks],
  counts: ["trial", each],
};

/** Of arrivals at readouts that are not simulated. */
function atReadouts({ pre, stride, target }: ShapedProjection, _: Room, { spikingCount }: Shape): number {
  return target < spikingCount ? 0 : pre * stride;
}

/** Every array of a projection: whose it is, and its entries. */
type Entries = (shaped: ShapedProjection, room: Room, shape: Shape) => number;
const projectionArrays: Readonly<Record<ArrayField<"Projection">, readonly [Holder, Entries]>> = {
  weight: ["parameters", ({ pre, stride }) => pre * stride],
  delays: ["parameters", ({ pre, stride, delayKind }) => (delayKind === "own" ? pre * stride : 0)],
  order: ["parameters", ({ pre, stride, delayKind }) => (delayKind === "own" ? pre * stride : 0)],
  dWeight: ["gradients", ({ pre, stride }) => pre * stride],
  dDelay: ["gradients", ({ pre, stride }, { delayGradients }) => (delayGradients ? pre * stride : 0)],
  sums: ["trial", atReadouts],
  rowSums: ["trial", atReadouts],
  rowSlopes: ["trial", (shaped, room, shape) => (room.delayGradients ? atReadouts(shaped, room, shape) : 0)],
};

/** Addresses by field, as far as one holder has them. */
type Taken = Readonly<Record<string, number>>;
interface Part {
  readonly populations: readonly Taken[];
  readonly projections: readonly Taken[];
}

interface Given {
  readonly shape: Shape;
  readonly room: Room;
  readonly realBytes: number;
  readonly arena: Arena;
}

/** Lays out an engine from byte `heapBase` on: parameters once, gradients once a lane, the rest once a slot. */
export function layOut(shape: Shape, room: Room, realBytes: number, heapBase: number): MemoryMap {
  const arena = new Arena(heapBase);
  const given = { shape, room, realBytes, arena };
  const parameters = layOutPart("parameters", given);
  const zeros = arena.take(widestOf(shape) * realBytes);
  const lanes = Array.from({ length: room.lanes }, () => layOutLane(given));
  const slots = Array.from({ length: room.slots }, (_, slot) =>
    layOutSlot(given, zeros, parameters, lanes[Math.floor((slot * room.lanes) / room.slots)]!),
  );
  return { slots, end: arena.end };
}

function widestOf({ populations }: Shape): number {
  return Math.max(1, ...populations.map(({ stride }) => stride));
}

/** What a holder has: arrays of projections first, so that weights and their gradients lie together. */
function layOutPart(holder: Holder, given: Given): Part {
  const projections = given.shape.projections.map((shaped) =>
    taken(
      "Projection",
      holder,
      projectionArrays,
      (entries) => entries(shaped, given.room, given.shape),
      given,
    ),
  );
  return {
    projections,
    populations: given.shape.populations.map(({ stride }) => ofPopulation(holder, stride, given)),
  };
}

function ofPopulation(holder: Holder, stride: number, given: Given): Taken {
  return taken("Population", holder, populationArrays, (entries) => entries(stride, given.realBytes), given);
}

function taken<S extends StructureName, Entries>(
  name: S,
  holder: Holder,
  table: Readonly<Record<string, readonly [Holder, Entries]>>,
  count: (entries: Entries) => number,
  { arena, realBytes }: Given,
): Taken {
  const its = Object.entries(table).filter(([, [owner]]) => owner === holder);
  const entries = Object.fromEntries(its.map(([field, [, rule]]) => [field, count(rule)]));
  return arena.takeArrays(name, entries as Partial<Arrays<S>>, realBytes);
}

interface Lane {
  readonly part: Part;
  readonly gradients: number;
  readonly gradientsEnd: number;
}

function layOutLane(given: Given): Lane {
  const gradients = given.arena.take(0);
  const part = layOutPart("gradients", given);
  return { part, gradients, gradientsEnd: given.arena.end };
}

function layOutSlot(given: Given, zeros: number, parameters: Part, lane: Lane): Layout {
  const { arena, shape, room, realBytes } = given;
  const trial = arena.takeStructure("Trial");
  const tables = {
    populations: arena.takeTable("Population", shape.populations.length),
    projections: arena.takeTable("Projection", shape.projections.length),
  };
  const state = arena.take(0);
  const stateBytes = [0];
  const states = shape.populations.map(({ stride }) => {
    const own = ofPopulation("state", stride, given);
    stateBytes.push(arena.end - state);
    return own;
  });
  const own = layOutPart("trial", given);
  const thresholds = shape.populations.map(({ stride }) =>
    room.ownThresholds
      ? arena.takeArrays("Population", { threshold: stride, thresholdReal: stride }, realBytes)
      : {},
  );
  const all = <T>(key: keyof Part, more: readonly Taken[] = []) =>
    own[key].map((taken, k) => ({
      ...parameters[key][k],
      ...lane.part[key][k],
      ...taken,
      ...more[k],
    })) as unknown as T[];
  return {
    trial,
    populations: all(
      "populations",
      states.map((taken, k) => ({ ...taken, ...thresholds[k] })),
    ),
    projections: all("projections"),
    network: { ...tables, zeros, state },
    gradients: lane.gradients,
    gradientsEnd: lane.gradientsEnd,
    stateBytes,
    ...layOutRecord(given, stateBytes.at(-1)!),
  };
}

/** Bytes of checkpoints up to which they are kept every 64 intervals; beyond it every 1024, and recomputed for longer. */
const amplyCheckpointed = 2 ** 28;

type RecordLayout = Pick<
  Layout,
  | "input"
  | "record"
  | "queue"
  | "search"
  | "readings"
  | "loss"
  | "eventCapacity"
  | "numberCapacity"
  | "segment"
>;

/** The record of one trial, and what its search and its loss need. */
function layOutRecord({ shape, room, realBytes, arena }: Given, stateBytes: number): RecordLayout {
  const events = room.maxInputSpikes * (1 + deliveriesPerSpike(shape, -1)) + room.maxEvents;
  const instants = events + room.maxReadings;
  const segment = (instants / 64) * stateBytes <= amplyCheckpointed ? 64 : 1024;
  const states = room.replay ? stateBytes / realBytes : 0;
  const delayed = shape.projections.filter(({ delayKind }) => delayKind !== "none").length;
  const spiking = shape.populations.slice(0, shape.spikingCount);
  const neurons = spiking.reduce((sum, { population }) => sum + population.size, 0);
  const widest = widestOf(shape);
  const counted = Math.max(widest, shape.spikingCount);
  const take = <S extends StructureName>(name: S, entries: Arrays<S>) =>
    arena.takeArrays<S, Arrays<S>>(name, entries, realBytes);
  return {
    eventCapacity: events,
    numberCapacity: room.numbers ? events : 0,
    segment,
    input: take("Input", { times: room.maxInputSpikes, sources: room.maxInputSpikes }),
    record: take("Record", {
      events,
      instants,
      checkpoints: (Math.floor(instants / segment) + 2) * states,
      segmentStates: (segment + 1) * states,
    }),
    // The queue's slot after the last serves as the item in hand.
    queue: take("Queue", { pending: delayed === 0 ? 0 : events * delayed + 2 }),
    search: take("Search", { candidates: neurons + 1, tied: neurons + 1 }),
    readings: take("Readings", { readings: room.maxReadings }),
    loss: take("LossPlan", {
      numbers: room.numbers ? events : 0,
      points: enums.Most.points,
      starts: counted,
      counts: counted,
      found: counted,
      readout: widest,
      dReadout: widest,
      logits: widest,
      carried: widest,
      maxima: widest,
      firsts: widest,
      own: enums.OwnArray.count * widest,
      influenceSlopes: instants,
      activity: instants,
    }),
  };
}
