/** Where everything lies in the kernel's memory: a pure function of sizes. */
import { Arena } from "./arena.ts";
import type { Constants } from "./kernel.ts";
import { type Capacity, layOutRecord, type RecordLayout } from "./recordLayout.ts";
import type { Shape } from "./shape.ts";

const perNeuron64 = ["alpha", "beta", "threshold", "reset", "bias"] as const;
const perNeuronReal = ["u0", "i0", "alphaReal", "betaReal", "thresholdReal"] as const;
const perTrialReal = ["drive", "gu", "gi", "regularization"] as const;
const perNeuronGradient = ["dAlpha", "dBeta", "dThreshold", "dReset", "dBias", "dV0", "dI0"] as const;

export type PopulationField =
  | (typeof perNeuron64)[number]
  | (typeof perNeuronReal)[number]
  | (typeof perTrialReal)[number]
  | (typeof perNeuronGradient)[number]
  | "u"
  | "i"
  | "flow"
  | "flagged"
  | "counts";

export type PopulationAddresses = Readonly<Record<PopulationField, number>>;

export interface ProjectionAddresses {
  readonly weight: number;
  readonly dWeight: number;
  readonly dDelay: number;
  readonly delays: number;
  readonly order: number;
  readonly sums: number;
}

export interface Room extends Capacity {
  /** Trials that are held at the same time, each with a record of its own. */
  readonly slots: number;
  /** Sets of gradients; slot s adds to the one numbered ⌊s · lanes / slots⌋. */
  readonly lanes: number;
  /** Whether there is room for gradients of delays. */
  readonly delayGradients: boolean;
  /** Whether every slot has thresholds of its own. */
  readonly ownThresholds: boolean;
}

/** Byte addresses of what one trial sees; [gradients, gradientsEnd) are those of populations and projections. */
export interface Layout extends RecordLayout {
  readonly plan: number;
  readonly populationTable: number;
  readonly projectionTable: number;
  readonly populations: readonly PopulationAddresses[];
  readonly projections: readonly ProjectionAddresses[];
  readonly gradients: number;
  readonly gradientsEnd: number;
  readonly state: number;
}

/** Everything an engine keeps: one layout a slot, and what comes after them. */
export interface MemoryMap {
  readonly slots: readonly Layout[];
  readonly end: number;
}

interface Sizes {
  readonly real: number;
  readonly chunk: number;
  readonly widest: number;
}

type Addresses = Record<string, number>;
type Part = { readonly populations: readonly Addresses[]; readonly projections: readonly Addresses[] };

/** Lays out an engine from byte `heapBase` on: parameters once, gradients once a lane, the rest once a slot. */
export function layOut(shape: Shape, room: Room, constant: Constants, heapBase: number): MemoryMap {
  const arena = new Arena(heapBase);
  const sizes = {
    real: constant("Layout", "realBytes"),
    chunk: constant("Layout", "chunkBytes"),
    widest: Math.max(1, ...shape.populations.map(({ stride }) => stride)),
  };
  const parameters = layOutParameters(shape, arena, sizes);
  const zeros = arena.take(sizes.widest * sizes.real);
  const lanes = Array.from({ length: room.lanes }, () => layOutGradients(shape, room, arena, sizes));
  const slots = Array.from({ length: room.slots }, (_, slot) => {
    const lane = lanes[Math.floor((slot * room.lanes) / room.slots)]!;
    return layOutSlot(shape, room, constant, arena, sizes, { parameters, zeros, lane });
  });
  return { slots, end: arena.end };
}

function layOutParameters(shape: Shape, arena: Arena, { real }: Sizes): Part {
  return {
    populations: shape.populations.map(({ stride }) => ({
      ...taken(arena, perNeuron64, stride * 8),
      ...taken(arena, perNeuronReal, stride * real),
    })),
    projections: shape.projections.map(({ pre, stride, delayKind }) => ({
      weight: arena.take(pre * stride * real),
      delays: arena.take(delayKind === "own" ? pre * stride * 8 : 0),
      order: arena.take(delayKind === "own" ? pre * stride * 4 : 0),
    })),
  };
}

interface Lane extends Part {
  readonly gradients: number;
  readonly gradientsEnd: number;
}

function layOutGradients(shape: Shape, { delayGradients }: Room, arena: Arena, { real }: Sizes): Lane {
  const gradients = arena.take(0);
  const dWeights = shape.projections.map(({ pre, stride }) => arena.take(pre * stride * real));
  const populations = shape.populations.map(({ stride }) => taken(arena, perNeuronGradient, stride * real));
  const projections = shape.projections.map(({ pre, stride }, p) => ({
    dWeight: dWeights[p]!,
    dDelay: arena.take(delayGradients ? pre * stride * real : 0),
  }));
  return { gradients, gradientsEnd: arena.end, populations, projections };
}

interface Shared {
  readonly parameters: Part;
  readonly zeros: number;
  readonly lane: Lane;
}

function layOutSlot(
  shape: Shape,
  room: Room,
  constant: Constants,
  arena: Arena,
  sizes: Sizes,
  { parameters, zeros, lane }: Shared,
): Layout {
  const plan = arena.take(constant("PlanAt", "end"));
  const populationTable = arena.take(constant("PopulationAt", "end") * shape.populations.length);
  const projectionTable = arena.take(constant("ProjectionAt", "end") * shape.projections.length);
  const state = arena.take(0);
  const stateBytes = [0];
  const states = shape.populations.map(({ stride }) => {
    const own = taken(arena, ["u", "i"], stride * sizes.real);
    stateBytes.push(arena.end - state);
    return own;
  });
  const populations = shape.populations.map(({ stride }, p) => ({
    ...parameters.populations[p],
    ...lane.populations[p],
    ...states[p],
    ...layOutWork(stride, room, arena, sizes),
  }));
  const projections = shape.projections.map(({ pre, stride, target }, p) => ({
    ...parameters.projections[p],
    ...lane.projections[p],
    sums: arena.take(target < shape.spikingCount ? 0 : pre * stride * 32),
  }));
  return {
    plan,
    populationTable,
    projectionTable,
    populations: populations as unknown as PopulationAddresses[],
    projections: projections as unknown as ProjectionAddresses[],
    gradients: lane.gradients,
    gradientsEnd: lane.gradientsEnd,
    state,
    ...layOutRecord(shape, room, constant, arena, { ...sizes, zeros, stateBytes }),
  };
}

/** What the passes need of a population beside its state. */
function layOutWork(
  stride: number,
  { ownThresholds }: Room,
  arena: Arena,
  { real, chunk }: Sizes,
): Addresses {
  return {
    ...taken(arena, perTrialReal, stride * real),
    flow: arena.take(5 * stride * real),
    flagged: arena.take(((stride * real) / chunk) * 4),
    counts: arena.take(stride * 4),
    ...(ownThresholds && {
      threshold: arena.take(stride * 8),
      thresholdReal: arena.take(stride * real),
    }),
  };
}

function taken(arena: Arena, names: readonly string[], bytes: number): Addresses {
  return Object.fromEntries(names.map((name) => [name, arena.take(bytes)]));
}
