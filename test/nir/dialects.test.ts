/**
 * Networks in the conventions of programs with time steps spike as the programs' own equations say, written down here step
 * by step, but for the step.
 */
import { describe, expect, test } from "vitest";
import { simulate } from "../../src/index.ts";
import type { NirArray, NirGraph, NirNode } from "../../src/nir/graph.ts";
import { importGraph } from "../../src/nir/importGraph.ts";
import type { NirDialect } from "../../src/nir.ts";

const [tauMem, tauSyn, threshold] = [12, 5, 1];
const times = [2, 3.5, 9, 11, 12.5, 20, 21, 30, 33, 34, 41];
const duration = 60;

/** One neuron in steps of `dt` ms: what a spike of weight `weight` and a constant `bias` do in each. */
type Stepped = (state: { v: number; i: number }, drive: number, dt: number) => void;

interface Program {
  readonly dialect: NirDialect;
  /** Weight and bias at this step, with which V comes to the same as ever at any other. */
  readonly scaled: (dt: number) => { readonly weight: number; readonly bias: number };
  readonly fields: (dt: number) => {
    readonly r: number;
    readonly wIn: number;
    readonly tauMem: number;
    readonly tauSyn: number;
  };
  readonly step: Stepped;
}

/** V and I of spyx (and, but for the order, of Rockpool) are multiplied by their decays; I is added to V once a step. */
const programs: readonly Program[] = [
  {
    dialect: "spyx",
    scaled: (dt) => ({ weight: (2.4 * dt) / tauMem, bias: (0.3 * dt * dt) / (tauMem * tauSyn) }),
    fields: (dt) => ({ r: 1 - dt / tauMem, wIn: 1, tauMem, tauSyn }),
    step: (state, drive, dt) => {
      state.i = (1 - dt / tauSyn) * state.i + drive;
      state.v = (1 - dt / tauMem) * state.v + state.i;
    },
  },
  {
    dialect: "rockpool",
    scaled: (dt) => ({ weight: (2.4 * dt) / tauMem, bias: (0.3 * dt * dt) / (tauMem * tauSyn) }),
    fields: (dt) => ({ r: (tauMem / dt) * Math.exp(-dt / tauMem), wIn: 1, tauMem, tauSyn }),
    step: (state, drive, dt) => {
      state.i = Math.exp(-dt / tauSyn) * (state.i + drive);
      state.v = Math.exp(-dt / tauMem) * state.v + state.i;
    },
  },
  {
    dialect: "jaxsnn",
    scaled: () => ({ weight: 2.4, bias: 0 }),
    fields: () => ({ r: 1, wIn: 1, tauMem, tauSyn }),
    step: (state, drive, dt) => {
      state.i += drive;
      state.v += (dt / tauMem) * (state.i - state.v);
      state.i -= (dt / tauSyn) * state.i;
    },
  },
  {
    dialect: "norse",
    scaled: (dt) => ({ weight: 2.4, bias: (0.3 * dt) / tauSyn }),
    fields: () => ({ r: 1, wIn: 1, tauMem, tauSyn }),
    step: (state, drive, dt) => {
      state.i += drive;
      state.v += (dt / tauMem) * (state.i - state.v);
      state.i -= (dt / tauSyn) * state.i;
    },
  },
];

function one(value: number): NirArray {
  return { shape: [1], values: Float64Array.of(value) };
}

function node(type: string, fields: Readonly<Record<string, NirArray>>): NirNode {
  return { type, fields: new Map(Object.entries(fields)), metadata: new Map() };
}

function graphOf({ scaled, fields }: Program, dt: number): NirGraph {
  const { weight, bias } = scaled(dt);
  const { r, wIn, ...taus } = fields(dt);
  const nodes = new Map([
    ["input", node("Input", { shape: one(1) })],
    ["w", node("Affine", { weight: { shape: [1, 1], values: Float64Array.of(weight) }, bias: one(bias) })],
    [
      "lif",
      node("CubaLIF", {
        tau_mem: one(taus.tauMem),
        tau_syn: one(taus.tauSyn),
        r: one(r),
        w_in: one(wIn),
        v_leak: one(0),
        v_threshold: one(threshold),
      }),
    ],
    ["output", node("Output", { shape: one(1) })],
  ]);
  const edges = [
    ["input", "w"],
    ["w", "lif"],
    ["lif", "output"],
  ] as const;
  return { type: "NIRGraph", nodes, edges, metadata: new Map() };
}

/** Spikes of the program. */
function stepped({ scaled, step }: Program, dt: number): number[] {
  const { weight, bias } = scaled(dt);
  const state = { v: 0, i: 0 };
  const spikes: number[] = [];
  const arrivals = times.map((time) => Math.floor(time / dt));
  for (let k = 0; k < Math.round(duration / dt); k++) {
    step(state, bias + weight * arrivals.filter((at) => at === k).length, dt);
    if (state.v <= threshold) continue;
    spikes.push((k + 1) * dt);
    state.v = 0;
  }
  return spikes;
}

describe.each(programs)("$dialect", (program) => {
  test.each([0.1, 0.01])("in steps of %s ms", async (dt) => {
    const options = { timeUnit: "ms", dialect: program.dialect, step: dt } as const;
    const network = await importGraph(graphOf(program, dt), "a.nir", options);
    const input = { times: Float64Array.from(times), sources: new Int32Array(times.length) };
    const { spikes } = await simulate(network, input, duration);
    const [exact, found] = [[...spikes["lif"]!.times], stepped(program, dt)];
    expect(found.length).toBeGreaterThan(3);
    expect(found.length).toBe(exact.length);
    for (const [k, time] of exact.entries()) expect(Math.abs(found[k]! - time)).toBeLessThan(10 * dt);
  });
});
