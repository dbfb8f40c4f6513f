/** A parameter of a population's neurons as a tensor: time constants and thresholds. */
import type { BatchEngine } from "../engine/batch/batchEngine.ts";
import type { ParameterTensor } from "./parameters.ts";
import type { About } from "./weightTensor.ts";

export type NeuronParameter = "tau_mem" | "tau_syn" | "threshold";

const fields = {
  tau_mem: { own: "tauMem", gradient: "dAlpha" },
  tau_syn: { own: "tauSyn", gradient: "dBeta" },
  threshold: { own: "threshold", gradient: "dThreshold" },
} as const;

export interface NeuronAbout extends About {
  /** Values never fall below, but for its rounding to the kernel's precision. */
  readonly floor: number;
  /** Factor of the gradient. */
  readonly gradientFactor: number;
}

/** @param p the population's place in the kernel's order */
export function neuronTensor(
  engine: BatchEngine,
  p: number,
  parameter: NeuronParameter,
  { name, trained, adam, floor, gradientFactor }: NeuronAbout,
): ParameterTensor {
  const { population, stride } = engine.shape.populations[p]!;
  const { views, constant } = engine.memory;
  const own = population[fields[parameter].own];
  const { size } = population;
  const plain = {
    name,
    shape: [size],
    arranged: (array: ArrayLike<number>) => Float64Array.from({ length: size }, (_, j) => array[j]!),
    spread: (array: ArrayLike<number>, into: Float64Array | Float32Array) => into.set(array),
    read: () => Float64Array.from(own),
  };
  const tell = () => engine.memory.writePopulation(p);
  if (!trained) {
    const write = (array: ArrayLike<number>) => {
      own.set(array);
      tell();
    };
    return { ...plain, optimized: undefined, write };
  }
  const bytes = stride * constant("Layout", "realBytes");
  const [valuesAt, gradient] = [engine.allocate(bytes), engine.allocate(bytes)];
  const values = views.real(valuesAt, size);
  /** What the kernel is told is what the optimiser holds, rounding included. */
  const adopt = () => {
    own.set(values);
    tell();
  };
  const publish = () => {
    for (let j = 0; j < size; j++) values[j] = Math.max(values[j]!, floor);
    adopt();
  };
  const write = (array: ArrayLike<number>) => {
    values.set(array);
    adopt();
  };
  write(own);
  return {
    ...plain,
    optimized: { name, bytes, values: valuesAt, gradient, laneBytes: 0, lanes: 1, adam },
    write,
    publish,
    prepareGradient: () => sumGradients(engine, p, parameter, views.real(gradient, size), gradientFactor),
  };
}

/** Over the lanes in their order. The kernel differentiates by the rates α = 1/τ: dL/dτ = −dL/dα / τ². */
function sumGradients(
  { memory: { slots, views }, shape }: BatchEngine,
  p: number,
  parameter: NeuronParameter,
  into: Float64Array | Float32Array,
  factor: number,
): void {
  const { population } = shape.populations[p]!;
  const { own, gradient } = fields[parameter];
  const lanes = [...new Set(slots.map(({ layout }) => layout.populations[p]![gradient]))].map((at) =>
    views.real(at, population.size),
  );
  for (let j = 0; j < into.length; j++) {
    let sum = 0;
    for (const lane of lanes) sum += lane[j]!;
    const value = population[own][j]!;
    into[j] = factor * (parameter === "threshold" ? sum : -sum / (value * value));
  }
}
