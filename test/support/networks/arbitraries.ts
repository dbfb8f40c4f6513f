/** Random networks with their input and loss: every feature of the case format, sizes at which the oracle is quick. */
import fc from "fast-check";
import type { Case } from "../../../src/model/case.ts";
import { type LossKind, losses as lossTable } from "../../../src/model/losses.ts";
import type { Population, Projection } from "../../../src/model/network.ts";
import type { Model } from "../../../src/model/parameters.ts";
import { losses } from "./arbitraryLosses.ts";
import { projections } from "./arbitraryProjections.ts";
import { decimal, list, type Outline, outputName } from "./outline.ts";

export interface ProblemOptions {
  /** Default: all of them. */
  readonly kinds?: readonly LossKind[];
  /** Most `lif` populations; default 3. */
  readonly layers?: number;
  /** Whether synapses may have delays; default yes. */
  readonly delays?: boolean;
}

export const allKinds = Object.keys(lossTable) as LossKind[];

/** One value for all of a population, or one each. */
function values(low: number, high: number, size: number): fc.Arbitrary<number[]> {
  return fc.oneof(
    decimal(low, high).map((value) => Array<number>(size).fill(value)),
    list(decimal(low, high), size),
  );
}

/** `usual` for every neuron, or sometimes other values. */
function seldom(usual: number, low: number, high: number, size: number): fc.Arbitrary<number[]> {
  const plain = fc.constant(Array<number>(size).fill(usual));
  return fc.oneof({ weight: 2, arbitrary: plain }, { weight: 1, arbitrary: values(low, high, size) });
}

interface TimeConstants {
  readonly tauMem: number[];
  readonly tauSyn: number[];
}

/** Far apart either way, the same, or the same but for the last bits. */
function timeConstants(size: number): fc.Arbitrary<TimeConstants> {
  const pair = (mem: fc.Arbitrary<number[]>, syn: fc.Arbitrary<number[]>) =>
    fc.record({ tauMem: mem, tauSyn: syn });
  const near = fc.constantFrom(0, 2 ** -52, -(2 ** -52), 2 ** -40, 1e-9, -1e-9, 1e-6, 1e-3);
  return fc.oneof(
    { weight: 3, arbitrary: pair(values(8, 25, size), values(2, 7, size)) },
    { weight: 1, arbitrary: pair(values(2, 6, size), values(7, 15, size)) },
    {
      weight: 1,
      arbitrary: fc.tuple(values(4, 12, size), list(near, size)).map(([tauMem, offsets]) => ({
        tauMem,
        tauSyn: tauMem.map((tau, j) => tau * (1 + offsets[j]!)),
      })),
    },
  );
}

function population(name: string, size: number, model: Model): fc.Arbitrary<Population> {
  const spiking = model === "lif";
  return fc
    .record({
      taus: timeConstants(size),
      threshold: seldom(1, 0.6, 1.3, size),
      reset: seldom(0, -0.4, 0.3, size),
      bias: seldom(0, spiking ? -0.3 : -0.6, spiking ? 0.5 : 0.6, size),
      // Sometimes one neuron fires by its bias alone.
      driven: fc.option(fc.tuple(fc.nat(size - 1), decimal(1.4, 2)), { freq: 6 }),
      v0: seldom(0, -0.5, 0.5, size),
      i0: seldom(0, -1.5, 1.5, size),
    })
    .map(({ taus, threshold, reset, bias, driven, v0, i0 }) => {
      const shifted = Float64Array.from(bias);
      if (spiking && driven) shifted[driven[0]] = driven[1];
      return {
        name,
        size,
        model,
        tauMem: Float64Array.from(taus.tauMem),
        tauSyn: Float64Array.from(taus.tauSyn),
        threshold: Float64Array.from(spiking ? threshold : Array<number>(size).fill(1)),
        reset: Float64Array.from(spiking ? reset : Array<number>(size).fill(0)),
        bias: shifted,
        v0: Float64Array.from(v0),
        i0: Float64Array.from(i0),
      };
    });
}

/** Input spikes in [0, 0.8 T): some at time 0, some at once, some of one channel at once; all distinct on request. */
function input({ channels, kind }: Outline, duration: number): fc.Arbitrary<Case["input"]> {
  const spike = fc.record({
    time: fc.oneof(
      { weight: 9, arbitrary: decimal(0, 0.8 * duration) },
      { weight: 1, arbitrary: fc.constant(0) },
    ),
    source: fc.nat(channels - 1),
    copies: fc.oneof(
      { weight: 8, arbitrary: fc.constant<number[]>([]) },
      { weight: 1, arbitrary: fc.array(fc.nat(channels - 1), { minLength: 1, maxLength: 2 }) },
    ),
  });
  return fc.array(spike, { minLength: 1, maxLength: 14, size: "max" }).map((drawn) => {
    const spikes = drawn
      .flatMap(({ time, source, copies }) => [source, ...copies].map((s) => ({ time, source: s })))
      .sort((a, b) => a.time - b.time)
      // A maximum where several arrivals coincide has no derivative by the time of one of them.
      .filter(({ time }, k, all) => kind !== "max_cross_entropy" || k === 0 || time > all[k - 1]!.time);
    return {
      times: Float64Array.from(spikes, ({ time }) => time),
      sources: Int32Array.from(spikes, ({ source }) => source),
    };
  });
}

function outline({ kinds = allKinds, layers = 3, delays = true }: ProblemOptions): fc.Arbitrary<Outline> {
  return fc.record({
    channels: fc.integer({ min: 1, max: 4 }),
    layers: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: layers }),
    outputs: fc.integer({ min: 2, max: 4 }),
    kind: fc.constantFrom(...kinds),
    delays: fc.constant(delays),
  });
}

/**
 * Spiking populations `layer0`, `layer1`, … and the readouts `output`. What a loss says of each spike is still to be given:
 * see `withTargets`.
 * No output has its maximum at time 0 where max(0, V) is the loss, which has no derivative there.
 */
export function problems(options: ProblemOptions = {}): fc.Arbitrary<Case> {
  return outline(options).chain((shape) => {
    const sizes = shape.layers;
    const spiking = sizes.map((size, p) => population(`layer${p}`, size, "lif"));
    const output = population(outputName, shape.outputs, "li").map((drawn) =>
      shape.kind === "max_cross_entropy" ? { ...drawn, v0: drawn.v0.map((v) => -Math.abs(v) - 0.05) } : drawn,
    );
    return fc.tuple(fc.tuple(...spiking, output), decimal(25, 50)).chain(([populations, duration]) =>
      fc.record({
        name: fc.constant("random"),
        duration: fc.constant(duration),
        network: projections(shape, populations).map((all: Projection[]) => ({
          inputChannels: shape.channels,
          populations,
          projections: all,
        })),
        input: input(shape, duration),
        loss: losses(shape, duration),
      }),
    );
  });
}
