/** Where things lie in memory: a function of sizes that gives every array room of its own. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Placed } from "../../src/engine/kernel/arena.ts";
import { type Layout, layOut, type MemoryMap, type Room } from "../../src/engine/kernel/layout.ts";
import { type Shape, shapeOf } from "../../src/engine/kernel/shape.ts";
import { bytesOf } from "../../src/engine/kernel/structures.ts";
import type { Network, Population, Projection } from "../../src/model/network.ts";

interface Region {
  readonly name: string;
  readonly at: number;
  readonly bytes: number;
}

const size = fc.integer({ min: 1, max: 70 });
const delays = fc.constantFrom("none", "shared", "own");

/** Networks of up to four populations and six projections, of any sizes, models and kinds of delay. */
const networks: fc.Arbitrary<Network> = fc
  .record({
    inputChannels: size,
    sizes: fc.array(fc.tuple(size, fc.boolean()), { minLength: 1, maxLength: 4 }),
    ends: fc.array(fc.tuple(fc.nat(), fc.nat(), delays), { maxLength: 6 }),
  })
  .map(({ inputChannels, sizes, ends }) => {
    const spiking = sizes.map(([, isSpiking], k) => isSpiking || k === 0);
    const populations = sizes.map(([size], k) => populationOf(`p${k}`, size, spiking[k]!));
    const sources = populations.filter((_, k) => spiking[k]);
    const projections = ends.map(([from, to, delay]): Projection => {
      const pre = sources[from % (sources.length + 1)];
      const post = populations[to % populations.length]!;
      const synapses = post.size * (pre?.size ?? inputChannels);
      const own = Float64Array.from({ length: synapses }, (_, k) => 1 + k);
      const value = delay === "none" ? 0 : delay === "shared" ? 1.5 : own;
      return { from: pre?.name ?? "input", to: post.name, weight: new Float64Array(synapses), delay: value };
    });
    return { inputChannels, populations, projections };
  });

function populationOf(name: string, size: number, isSpiking: boolean): Population {
  const values = () => new Float64Array(size).fill(1);
  const [tauMem, tauSyn, threshold, reset] = [values(), values(), values(), values()];
  const [bias, v0, i0] = [values(), values(), values()];
  const model = isSpiking ? "lif" : "li";
  return { name, size, model, tauMem, tauSyn, threshold, reset, bias, v0, i0 };
}

/** Room for up to five trials and three sets of gradients. */
const rooms: fc.Arbitrary<Room> = fc
  .record({
    maxInputSpikes: fc.nat(500),
    maxEvents: fc.nat(5000),
    maxReadings: fc.nat(50),
    slots: fc.integer({ min: 1, max: 5 }),
    lanes: fc.integer({ min: 1, max: 3 }),
    replay: fc.boolean(),
    numbers: fc.boolean(),
    delayGradients: fc.boolean(),
    ownThresholds: fc.boolean(),
  })
  .map((room) => ({ ...room, lanes: Math.min(room.lanes, room.slots) }));

const chunk = 64;

/** Every structure and array of a slot with the room it needs, by the documentation of the kernel's structures. */
function regionsOf(shape: Shape, layout: Layout, real: number, room: Room): Region[] {
  const regions: Region[] = [];
  const add = (name: string, at: number, bytes: number) => regions.push({ name, at, bytes });
  const addPlaced = ({ name, at, parts }: Placed, path: string): void => {
    add(`${path}: ${name}`, at, bytesOf(name));
    for (const [field, part] of Object.entries(parts)) addPlaced(part, `${path}.${field}`);
  };
  addPlaced(layout.trial, "trial");
  shape.populations.forEach(({ stride }, p) => {
    for (const [field, at] of Object.entries(layout.populations[p]!)) {
      const is64 = ["alpha", "beta", "threshold", "reset", "origin", "rest"].includes(field);
      const width = field === "counts" ? 4 : is64 ? 8 : real;
      const fixed = { flagged: ((stride * real) / chunk) * 4, rows: 4 * 16, constants: 21 * 16 };
      const bytes = fixed[field as keyof typeof fixed] ?? stride * width * (field === "flow" ? 6 : 1);
      add(`${field} of population ${p}`, at, bytes);
    }
  });
  shape.projections.forEach(({ pre, stride, target, delayKind }, p) => {
    const own = delayKind === "own" ? 1 : 0;
    const [dDelay, readout] = [room.delayGradients ? real : 0, target >= shape.spikingCount ? 1 : 0];
    const bytes = {
      weight: real,
      dWeight: real,
      dDelay,
      delays: 8 * own,
      order: 4 * own,
      sums: 32 * readout,
      rowSums: real * readout,
      rowSlopes: dDelay * readout,
    };
    for (const [field, at] of Object.entries(layout.projections[p]!))
      add(`${field} of projection ${p}`, at, pre * stride * bytes[field as keyof typeof bytes]);
  });
  const widest = Math.max(...shape.populations.map(({ stride }) => stride));
  const counted = Math.max(widest, shape.spikingCount);
  const events = layout.eventCapacity;
  const instants = events + room.maxReadings;
  const spiking = shape.populations.slice(0, shape.spikingCount);
  const neurons = spiking.reduce((sum, { population }) => sum + population.size, 0);
  const stateBytes = layout.stateBytes.at(-1)!;
  const delayed = shape.projections.filter(({ delayKind }) => delayKind !== "none").length;
  const arrays = {
    network: {
      populations: bytesOf("Population") * shape.populations.length,
      projections: bytesOf("Projection") * shape.projections.length,
      zeros: widest * real,
      state: 0,
    },
    input: { times: 8 * room.maxInputSpikes, sources: 4 * room.maxInputSpikes },
    record: {
      events: events * bytesOf("Event"),
      instants: instants * bytesOf("Instant"),
      checkpoints: room.replay ? (Math.floor(instants / layout.segment) + 1) * stateBytes : 0,
      segmentStates: room.replay ? (layout.segment + 1) * stateBytes : 0,
    },
    queue: { pending: delayed === 0 ? 0 : (delayed * events + 1) * bytesOf("Pending") },
    search: { candidates: neurons * bytesOf("Candidate"), tied: neurons * bytesOf("Tied") },
    readings: { readings: room.maxReadings * bytesOf("Reading") },
    loss: {
      numbers: 8 * layout.numberCapacity,
      points: 8 * 5,
      own: 12 * widest * real,
      starts: 4 * counted,
      counts: 4 * counted,
      found: 4 * counted,
      readout: 8 * widest,
      dReadout: 8 * widest,
      logits: 8 * widest,
      carried: widest * bytesOf("Carried"),
      maxima: widest * bytesOf("Maximum"),
      firsts: widest * bytesOf("FirstEvent"),
      influenceSlopes: 8 * instants,
      activity: 8 * instants,
    },
  };
  for (const [part, fields] of Object.entries(arrays)) {
    const its = layout[part as keyof typeof arrays] as Readonly<Record<string, number>>;
    expect(Object.keys(its).sort()).toEqual(Object.keys(fields).sort());
    for (const [field, bytes] of Object.entries(fields)) add(field, its[field]!, bytes);
  }
  return regions.filter(({ bytes }) => bytes > 0);
}

/** Arrays that every trial sees, or every trial of a lane. */
function sharing(name: string, { ownThresholds }: Room): "all" | "lane" | "none" {
  if (/^d[A-Z].* of p/.test(name)) return "lane";
  const parameters =
    /^(alpha|beta|reset|origin|rest|u0|i0|alphaReal|betaReal|restReal|weight|delays|order) of|^zeros$/;
  if (parameters.test(name) || (!ownThresholds && /^threshold/.test(name))) return "all";
  return "none";
}

describe.each(["f64", "f32"] as const)("an engine in %s", (precision) => {
  const real = precision === "f64" ? 8 : 4;
  const lanes = chunk / real;
  const check = (
    property: (shape: Shape, map: MemoryMap, regions: Region[][], room: Room, heapBase: number) => void,
  ) =>
    fc.assert(
      fc.property(networks, rooms, fc.nat(2000), (network, room, heapBase) => {
        const shape = shapeOf(network, lanes);
        const map = layOut(shape, room, real, heapBase);
        const regions = map.slots.map((layout) => regionsOf(shape, layout, real, room));
        property(shape, map, regions, room, heapBase);
        expect(layOut(shape, room, real, heapBase)).toEqual(map);
      }),
      { seed: 1, numRuns: 150 },
    );
  const laneOf = (slot: number, room: Room) => Math.floor((slot * room.lanes) / room.slots);

  test("has arrays that are aligned, disjoint unless they are meant to be shared, and inside its memory", () => {
    check((_shape, map, regions, room, heapBase) => {
      const own = regions.flatMap((slot, s) =>
        slot.filter(({ name }) => {
          const kind = sharing(name, room);
          return (
            kind === "none" || (kind === "all" ? s === 0 : s === 0 || laneOf(s - 1, room) < laneOf(s, room))
          );
        }),
      );
      let end = heapBase;
      for (const { name, at, bytes } of own.sort((a, b) => a.at - b.at)) {
        expect(at % 16, name).toBe(0);
        expect(at, `${name} begins where another array still is`).toBeGreaterThanOrEqual(end);
        end = at + bytes;
      }
      expect(end).toBeLessThanOrEqual(map.end);
    });
  });

  test("has parameters once, and gradients once a lane", () => {
    check((_shape, _map, regions, room) => {
      regions.forEach((slot, s) => {
        slot.forEach(({ name, at }, k) => {
          const kind = sharing(name, room);
          for (let other = 0; other < s; other++) {
            const shared = kind === "all" || (kind === "lane" && laneOf(other, room) === laneOf(s, room));
            expect(regions[other]![k]!.at === at, name).toBe(shared);
          }
        });
      });
    });
  });

  test("has the gradients of a lane together, so that they are cleared at once", () => {
    check((_shape, { slots }, regions, room) => {
      slots.forEach(({ gradients, gradientsEnd }, s) => {
        for (const { name, at, bytes } of regions[s]!) {
          const isInside = at >= gradients && at + bytes <= gradientsEnd;
          const isOutside = at + bytes <= gradients || at >= gradientsEnd;
          expect(sharing(name, room) === "lane" ? isInside : isOutside, name).toBe(true);
        }
      });
    });
  });

  test("has the states of the first populations together, so that they are copied at once", () => {
    check((shape, { slots }, regions) => {
      slots.forEach(({ network: { state }, stateBytes, populations }, s) => {
        for (let count = 0; count <= shape.populations.length; count++) {
          const end = state + stateBytes[count]!;
          for (const { name, at, bytes } of regions[s]!) {
            const own = populations.slice(0, count).some(({ u, i }) => at === u || at === i);
            expect(own ? at >= state && at + bytes <= end : at + bytes <= state || at >= end, name).toBe(
              true,
            );
          }
        }
      });
    });
  });
});
