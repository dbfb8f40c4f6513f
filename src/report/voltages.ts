/**
 * Voltages of readouts between events, for pictures: the kernel's flow from arrival to arrival, as flow.ts has it, with
 * u = V − bias:
 *
 *   u ← a u + κ I,   I ← b I;   an arrival over a synapse of weight w: I ← I + w
 */
import { bindKernel, compileKernel, memoryOf } from "../engine/kernel/kernel.ts";
import { Structure, Views } from "../engine/kernel/structures.ts";
import { inputName, type Network, type Projection, type SpikeTrain } from "../model/network.ts";
import type { PopulationSpikes } from "../model/solution.ts";

/** What the readouts see: the input, and the spikes of the `lif` populations by name. */
export interface TrialSpikes {
  readonly input: SpikeTrain;
  readonly spikes: Readonly<Record<string, PopulationSpikes>>;
}

/** Spikes of one source on their way over a projection. */
interface Afferent {
  readonly projection: Projection;
  readonly times: Float64Array;
  readonly sources: Int32Array;
}

interface Arrival {
  readonly time: number;
  readonly weight: number;
}

/** a − 1, b and κ of a flow of x ms. */
type Coefficients = (
  alpha: number,
  beta: number,
  x: number,
) => readonly [change: number, b: number, gain: number];

/** V of each neuron of the `li` population `name` at `times`, which ascend from 0 or later. */
export async function readoutVoltages(
  network: Network,
  name: string,
  trial: TrialSpikes,
  times: Float64Array,
): Promise<Float64Array[]> {
  const population = network.populations.find((one) => one.name === name)!;
  const coefficients = await kernelCoefficients();
  const afferents = network.projections
    .filter(({ to }) => to === name)
    .map((projection) => ({ projection, ...spikesOf(projection.from, trial) }));
  return Array.from({ length: population.size }, (_, j) => {
    const arrivals = arrivalsAt(j, population.size, afferents);
    const [alpha, beta] = [1 / population.tauMem[j]!, 1 / population.tauSyn[j]!];
    const bias = population.bias[j]!;
    const start = { u: population.v0[j]! - bias, i: population.i0[j]! };
    const flow = (x: number) => coefficients(alpha, beta, x);
    return trace(start, arrivals, times, flow).map((u) => u + bias);
  });
}

/** `count` times from 0 to `duration`, evenly spaced. */
export function evenTimes(duration: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, k) => (duration * k) / (count - 1));
}

function trace(
  start: { u: number; i: number },
  arrivals: readonly Arrival[],
  times: Float64Array,
  flow: (x: number) => ReturnType<Coefficients>,
): Float64Array {
  let { u, i } = start;
  let now = 0;
  const proceed = (to: number) => {
    const [change, b, gain] = flow(to - now);
    u += change * u + gain * i;
    i *= b;
    now = to;
  };
  let next = 0;
  return times.map((time) => {
    for (; next < arrivals.length && arrivals[next]!.time <= time; next++) {
      proceed(arrivals[next]!.time);
      i += arrivals[next]!.weight;
    }
    proceed(time);
    return u;
  });
}

/** What reaches neuron j of `size`, in order of time. */
function arrivalsAt(j: number, size: number, afferents: readonly Afferent[]): Arrival[] {
  const arrivals = afferents.flatMap(({ projection, times, sources }) => {
    const row = j * (projection.weight.length / size);
    const delayOf = (source: number) =>
      typeof projection.delay === "number" ? projection.delay : projection.delay[row + source]!;
    return Array.from(times, (time, k) => ({
      time: time + delayOf(sources[k]!),
      weight: projection.weight[row + sources[k]!]!,
    }));
  });
  return arrivals.sort((a, b) => a.time - b.time);
}

function spikesOf(name: string, { input, spikes }: TrialSpikes): SpikeTrain {
  if (name === inputName) return input;
  const found = spikes[name];
  return { times: found?.times ?? new Float64Array(0), sources: found?.neurons ?? new Int32Array(0) };
}

async function kernelCoefficients(): Promise<Coefficients> {
  const memory = memoryOf(1);
  const functions = bindKernel(await compileKernel("f64"), memory);
  const out = Math.ceil(functions.heapBase() / 16) * 16;
  const found = new Structure(new Views(memory, "f64"), "Coefficients", out);
  return (alpha, beta, x) => {
    functions.coefficients(alpha, beta, x, out);
    return [found.get("change"), found.get("current"), found.get("gain")];
  };
}
