/** Where things lie in memory: a function of sizes that gives every array room of its own. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Constants } from "../src/kernel/kernel.ts";
import { type Layout, layOut } from "../src/kernel/layout.ts";
import { type Shape, shapeOf } from "../src/kernel/shape.ts";
import type { Network, Population, Projection } from "../src/network/network.ts";
import { instantiate } from "./support/kernels.ts";

interface Region {
  readonly name: string;
  readonly at: number;
  readonly bytes: number;
}

function constantsOf(build: "f64" | "f32"): Constants {
  const exports = instantiate(build);
  return (group, name) => (exports[`${group}.${name}`] as WebAssembly.Global).value as number;
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

/** Every array with the room it needs, by the documentation of the kernel's structures. */
function regionsOf(shape: Shape, layout: Layout, constant: Constants, inputSpikes: number): Region[] {
  const real = constant("Layout", "realBytes");
  const regions: Region[] = [];
  const add = (name: string, at: number, bytes: number) => regions.push({ name, at, bytes });
  add("plan", layout.plan, constant("PlanAt", "end"));
  add("populations", layout.populationTable, constant("PopulationAt", "end") * shape.populations.length);
  add("projections", layout.projectionTable, constant("ProjectionAt", "end") * shape.projections.length);
  shape.populations.forEach(({ stride }, p) => {
    const chunks = (stride * real) / constant("Layout", "chunkBytes");
    for (const [field, at] of Object.entries(layout.populations[p]!)) {
      const is64 = ["alpha", "beta", "threshold", "reset", "bias"].includes(field);
      const bytes =
        field === "flagged" ? 2 * chunks : stride * (is64 ? 8 : real) * (field === "flow" ? 5 : 1);
      add(`${field} of population ${p}`, at, bytes);
    }
  });
  shape.projections.forEach(({ pre, stride }, p) => {
    const bytes = { weight: real, dWeight: real, dDelay: real, delays: 8, order: 4, sums: 32 };
    for (const [field, at] of Object.entries(layout.projections[p]!))
      add(`${field} of projection ${p}`, at, pre * stride * bytes[field as keyof typeof bytes]);
  });
  const widest = Math.max(...shape.populations.map(({ stride }) => stride));
  const events = layout.eventCapacity;
  const neurons = shape.populations
    .slice(0, shape.spikingCount)
    .reduce((sum, { population }) => sum + population.size, 0);
  const stateBytes = layout.stateBytes.at(-1)!;
  const delayed = shape.projections.filter(({ delayKind }) => delayKind !== "none").length;
  const records: Record<string, number> = {
    inputTimes: 8 * inputSpikes,
    inputSources: 4 * inputSpikes,
    events: events * constant("EventAt", "end"),
    instants: events * constant("InstantAt", "end"),
    pending: delayed === 0 ? 0 : (delayed * events + 1) * constant("PendingAt", "end"),
    candidates: neurons * constant("CandidateAt", "end"),
    tied: 8 * neurons,
    zeros: widest * real,
    checkpoints: (Math.floor(events / layout.segment) + 1) * stateBytes,
    segmentStates: (layout.segment + 1) * stateBytes,
    scratch: 128,
    readout: 8 * widest,
    dReadout: 8 * widest,
    logits: 8 * widest,
    lossScratch: 64 * widest,
    targets: 8 * events,
    targetOffsets: 4 * (widest + 1),
    influenceSlopes: 8 * events,
  };
  expect(Object.keys(layout.fields).sort()).toEqual(Object.keys(records).sort());
  for (const [field, at] of Object.entries(layout.fields)) add(field, at, records[field]!);
  return regions;
}

describe.each(["f64", "f32"] as const)("an engine in %s", (precision) => {
  const constant = constantsOf(precision);
  const lanes = constant("Layout", "chunkBytes") / constant("Layout", "realBytes");
  const check = (property: (shape: Shape, layout: Layout, regions: Region[], heapBase: number) => void) =>
    fc.assert(
      fc.property(
        networks,
        fc.nat(500),
        fc.nat(5000),
        fc.nat(2000),
        (network, maxInputSpikes, maxEvents, heapBase) => {
          const shape = shapeOf(network, lanes);
          const layout = layOut(shape, { maxInputSpikes, maxEvents }, constant, heapBase);
          property(shape, layout, regionsOf(shape, layout, constant, maxInputSpikes), heapBase);
          expect(layOut(shape, { maxInputSpikes, maxEvents }, constant, heapBase)).toEqual(layout);
        },
      ),
      { seed: 1, numRuns: 150 },
    );

  test("has arrays that are aligned, disjoint and inside its memory", () => {
    check((_shape, layout, regions, heapBase) => {
      const sorted = regions.filter(({ bytes }) => bytes > 0).sort((a, b) => a.at - b.at);
      let end = heapBase;
      for (const { name, at, bytes } of sorted) {
        expect(at % 16, name).toBe(0);
        expect(at, `${name} begins where another array still is`).toBeGreaterThanOrEqual(end);
        end = at + bytes;
      }
      expect(end).toBeLessThanOrEqual(layout.end);
    });
  });

  test("has its gradients together, so that they are cleared at once", () => {
    check((_shape, { gradients, gradientsEnd }, regions) => {
      for (const { name, at, bytes } of regions.filter(({ bytes }) => bytes > 0)) {
        const isGradient = /^d[A-Z].* of p/.test(name);
        const isInside = at >= gradients && at + bytes <= gradientsEnd;
        const isOutside = at + bytes <= gradients || at >= gradientsEnd;
        expect(isGradient ? isInside : isOutside, name).toBe(true);
      }
    });
  });

  test("has the states of the first populations together, so that they are copied at once", () => {
    check((shape, { state, stateBytes, populations }, regions) => {
      for (let count = 0; count <= shape.populations.length; count++) {
        const end = state + stateBytes[count]!;
        for (const { name, at, bytes } of regions.filter(({ bytes }) => bytes > 0)) {
          const own = populations.slice(0, count).some(({ u, i }) => at === u || at === i);
          expect(own ? at >= state && at + bytes <= end : at + bytes <= state || at >= end, name).toBe(true);
        }
      }
    });
  });
});
