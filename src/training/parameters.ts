/**
 * A plan in the kernel's memory: an engine with room for its largest trial, its parameters by name, and which of them a
 * step has taken out of the range of numbers.
 */
import { KernelError } from "../base/errors.ts";
import { mostAugmentedSpikes } from "../data/augment/augment.ts";
import type { Dataset } from "../data/dataset.ts";
import { mostTrialSpikes } from "../data/delayLine.ts";
import { Batch } from "../engine/batch/batch.ts";
import { momentBytes } from "../engine/batch/optimizer.ts";
import type { StartThreads } from "../engine/batch/threads.ts";
import { notFiniteAdjoint } from "../engine/failures.ts";
import type { Shape } from "../engine/kernel/shape.ts";
import type { Network } from "../model/network.ts";
import { mapParameters } from "../model/parameters.ts";
import { parameterName, synapsesName } from "../model/tensors.ts";
import type { TrainerConfig } from "./config/own.ts";
import { configuredLoss } from "./losses.ts";
import { delayTensor, neuronTensor, type ParameterTensor, weightTensor } from "./parameterTensors.ts";
import type { PlannedTensor, TrainingPlan } from "./plan.ts";
import type { TrialPlace } from "./trials.ts";

/** @throws ConfigError if network and batch need more than 4 GiB */
export async function trainingEngine(
  config: TrainerConfig,
  dataset: Dataset,
  { network, output, tensors }: TrainingPlan,
  threads: StartThreads,
): Promise<Batch> {
  const { duration, batch_size, lanes, precision, max_events } = config;
  const trained = tensors.filter((tensor) => tensor.trained);
  return Batch.create(network, {
    precision,
    duration,
    batchSize: batch_size,
    maxInputSpikes: mostInputSpikes(config, dataset),
    maxEvents: max_events,
    loss: configuredLoss(config.loss, output),
    neuronGradients: trained.some(({ place }) => place.kind === "parameter"),
    delayGradients: trained.some(({ place }) => place.kind === "delay"),
    silencing: config.regularization.dropout > 0,
    lanes,
    threads,
    spareBytes: (shape, realBytes) => parameterBytes(trained, shape, realBytes),
  });
}

/** Of any trial of any part, augmented ones included. */
function mostInputSpikes(config: TrainerConfig, { train, validation, test }: Dataset): number {
  const { input, augmentation } = config;
  const evaluated = [validation, test].map((samples) => (samples ? mostTrialSpikes(samples, input) : 0));
  const asked = "max_input_spikes" in config ? (config.max_input_spikes ?? 0) : 0;
  return Math.max(asked, ...evaluated, mostAugmentedSpikes(mostTrialSpikes(train, input), augmentation));
}

/** In the order of the plan. */
export function parameterTensors(planned: readonly PlannedTensor[], engine: Batch): ParameterTensor[] {
  const { projections, populations } = engine.shape;
  return planned.map((tensor) => {
    const { place } = tensor;
    if (place.kind === "parameter") {
      const p = populations.findIndex(({ index }) => index === place.population);
      return neuronTensor(engine, p, place.parameter, tensor);
    }
    const p = projections.findIndex(({ index }) => index === place.projection);
    return place.kind === "weight" ? weightTensor(engine, p, tensor) : delayTensor(engine, p, tensor);
  });
}

/** The network with parameters as they are in the kernel's memory; its arrays are copies. */
export function networkNow(
  { inputChannels, populations, projections }: Network,
  tensors: readonly Pick<ParameterTensor, "name" | "read">[],
): Network {
  const values = (name: string) => tensors.find((tensor) => tensor.name === name)?.read();
  return {
    inputChannels,
    populations: populations.map((population) => ({
      ...population,
      ...mapParameters(
        (key) => values(parameterName(population.name, key)) ?? Float64Array.from(population[key]),
      ),
    })),
    projections: projections.map((projection, k) => ({
      ...projection,
      weight: values(synapsesName(k, "weight"))!,
      delay: values(synapsesName(k, "delay")) ?? copied(projection.delay),
    })),
  };
}

function copied(delay: number | Float64Array): number | Float64Array {
  return typeof delay === "number" ? delay : Float64Array.from(delay);
}

/** Bytes of the kernel's memory that trained tensors and their moments will take, beside what it has of its own. */
function parameterBytes(trained: readonly PlannedTensor[], shape: Shape, realBytes: number): number {
  return trained.reduce((sum, { place }) => {
    if (place.kind === "parameter") {
      const { stride } = shape.populations.find(({ index }) => index === place.population)!;
      return sum + momentBytes(stride * realBytes) + 2 * stride * realBytes + 128;
    }
    const { pre, stride } = shape.projections.find(({ index }) => index === place.projection)!;
    const own = pre * stride * realBytes;
    return sum + momentBytes(own) + (place.kind === "delay" ? own + 64 : 0);
  }, 0);
}

/**
 * Why a step has left the range of numbers, with the recording and the neuron to blame.
 *
 * @param name of a parameter that is no longer finite
 * @param trials of the batch, in the engine's slots
 */
export function stepFailure(
  { trials: slots }: Batch,
  parameters: readonly ParameterTensor[],
  name: string,
  { place, samples }: TrialPlace,
  trials: Uint32Array,
): KernelError {
  const { shape, read } = parameters.find((parameter) => parameter.name === name)!;
  const values = read();
  const at = values.findIndex((value) => !Number.isFinite(value));
  const neuron = Math.floor((at * shape[0]!) / values.length);
  const recording = (slot: number) =>
    `${trials[slot]} of ${samples.source} (label ${samples.labels[trials[slot]!]})`;
  for (const slot of trials.keys()) {
    const blamed = notFiniteAdjoint(slots[slot]!);
    if (blamed) {
      return new KernelError(
        `${place}, recording ${recording(slot)}: ${blamed}, and with it ${name} of neuron ${neuron}; lower the learning rate`,
      );
    }
  }
  const all = `recordings ${[...trials].join(", ")} of ${samples.source}`;
  return new KernelError(
    `${place}: ${name} of neuron ${neuron} is no longer finite after a step along finite gradients of ${all}; lower the learning rate`,
  );
}
