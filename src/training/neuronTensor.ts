/** A parameter of a population's neurons as a tensor. */
import type { Batch } from "../engine/batch/batch.ts";
import { kernelParameters, populationArray } from "../engine/kernel/writer.ts";
import type { Parameter } from "../model/parameters.ts";
import { clamp, type ParameterTensor } from "./parameterTensor.ts";
import type { PlannedTensor } from "./plan.ts";

/** @param p the population's place in the kernel's order */
export function neuronTensor(
  engine: Batch,
  p: number,
  parameter: Parameter,
  planned: PlannedTensor,
): ParameterTensor {
  const { name, trained, adam, gradientFactor } = planned;
  const { population, stride } = engine.shape.populations[p]!;
  const { views } = engine.memory;
  const own = population[parameter];
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
  const bytes = stride * views.realBytes;
  const [valuesAt, gradient] = [engine.allocate(bytes), engine.allocate(bytes)];
  const values = views.real(valuesAt, size);
  /** What the kernel is told is what the optimiser holds, rounding included. */
  const adopt = () => {
    own.set(values);
    tell();
  };
  const publish = () => {
    clamp(values, planned);
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

/** Over the lanes in their order. */
function sumGradients(
  { memory: { layouts, views }, shape }: Batch,
  p: number,
  parameter: Parameter,
  into: Float64Array | Float32Array,
  factor: number,
): void {
  const { population } = shape.populations[p]!;
  const { gradient, derivative } = kernelParameters[parameter];
  const places = [
    ...new Map(layouts.map(({ populations }) => [populations[p]![gradient], populations[p]!])).values(),
  ];
  const lanes = places.map((at) => populationArray(views, at, gradient, population.size));
  for (let j = 0; j < into.length; j++) {
    let sum = 0;
    for (const lane of lanes) sum += lane[j]!;
    into[j] = factor * derivative(sum, population[parameter][j]!);
  }
}
