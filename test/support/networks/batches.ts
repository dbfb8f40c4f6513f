/** Batches of trials of one problem, and the sums over the lanes that a batch leaves behind. */
import { Batch, type BatchOptions } from "../../../src/engine/batch/batch.ts";
import type { Trial } from "../../../src/engine/trial.ts";
import type { Case } from "../../../src/model/case.ts";
import type { SpikeTrain } from "../../../src/model/network.ts";
import { mostEvents } from "./conditioning.ts";

export interface BatchTrial {
  readonly input: SpikeTrain;
  readonly target: number;
}

/** Room for `trials`, twice the input spikes of the problem each; weights' gradients alone unless said otherwise. */
export function batchEngineFor(
  { network, duration, input, loss }: Case,
  options: Partial<BatchOptions> = {},
): Promise<Batch> {
  return Batch.create(network, {
    precision: "f64",
    duration,
    batchSize: 1,
    maxInputSpikes: 2 * input.times.length,
    maxEvents: mostEvents,
    loss,
    neuronGradients: false,
    delayGradients: false,
    silencing: false,
    lanes: 1,
    ...options,
  });
}

export function load(engine: Batch, trials: readonly BatchTrial[]): void {
  trials.forEach(({ input: { times, sources }, target }, slot) => {
    const room = engine.input(slot);
    room.times.set(times);
    room.sources.set(sources);
    engine.setTrial(slot, times.length, target);
  });
}

/** Forward passes and adjoints of these trials. */
export function differentiate(engine: Batch, trials: readonly BatchTrial[]): void {
  load(engine, trials);
  engine.evaluate(trials.length, true);
  engine.differentiate(trials.length);
}

/** One trial of every lane, in the order of lanes. */
function laneTrials({ trials }: Batch): Trial[] {
  return trials.filter(({ layout }, k) => k === 0 || layout.gradients !== trials[k - 1]!.layout.gradients);
}

export type Named = Readonly<Record<string, Float64Array>>;

/** Sums of tensors of the same names, in their order. */
export function sumOf(all: readonly Named[]): Record<string, Float64Array> {
  const sum: Record<string, Float64Array> = {};
  for (const tensors of all)
    for (const [name, values] of Object.entries(tensors))
      sum[name] = sum[name] ? sum[name].map((value, k) => value + values[k]!) : values;
  return sum;
}

/** Every wanted gradient by name, summed over the lanes: of projection p [post][pre], of populations [size]. */
export function gradientsOf(engine: Batch): Record<string, Float64Array> {
  const { neuronGradients, delayGradients } = engine.options;
  return sumOf(
    laneTrials(engine).map((trial) => {
      const { projections, populations } = trial.gradients();
      return Object.fromEntries([
        ...projections.map(({ weight }, p) => [`weight ${p}`, weight]),
        ...projections.flatMap(({ delay }, p) => (delayGradients ? [[`delay ${p}`, delay]] : [])),
        ...populations.flatMap((by, p) =>
          neuronGradients ? Object.entries(by).map(([name, values]) => [`${name} ${p}`, values]) : [],
        ),
      ]);
    }),
  );
}

/** The same tensors of a solution. */
export function namedGradients(
  gradients: {
    readonly projections: readonly { readonly weight: Float64Array; readonly delay: Float64Array }[];
    readonly populations: readonly object[];
  },
  names: readonly string[],
): Record<string, Float64Array> {
  const all = Object.fromEntries([
    ...gradients.projections.flatMap(({ weight, delay }, p) => [
      [`weight ${p}`, weight],
      [`delay ${p}`, delay],
    ]),
    ...gradients.populations.flatMap((by, p) =>
      Object.entries(by).map(([name, values]) => [`${name} ${p}`, values]),
    ),
  ]) as Record<string, Float64Array>;
  return Object.fromEntries(names.map((name) => [name, all[name]!]));
}
