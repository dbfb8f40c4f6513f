/** The gradients of a result file as tensors by name, whatever of them is there. */
import { z } from "zod";
import type { Projection } from "../model/network.ts";
import { type FileName, parameters } from "../model/parameters.ts";
import { inputTimesName, spikeTimesName, synapsesName } from "../model/tensors.ts";
import { arraySchema } from "./arraySchemas.ts";
import type { ArraySource } from "./arrays.ts";
import { readTensor, type Tensor } from "./tensor.ts";

type ParameterShape = Record<FileName, z.ZodOptional<typeof arraySchema>>;
const parameterSchema = z.strictObject(
  Object.fromEntries(
    Object.values(parameters).map(({ file }) => [
      file,
      arraySchema.optional().describe(`By ${file}, [neuron].`),
    ]),
  ) as ParameterShape,
);

/** As `goldspike/result@1` has them; what is missing is for whoever compares to say. */
export const gradientsSchema = z.strictObject({
  projections: z
    .array(
      z.strictObject({
        from: z.string().describe("As in the case."),
        to: z.string().describe("As in the case."),
        weight: arraySchema.optional().describe("By weight, [post][pre]."),
        delay: arraySchema.optional().describe("By delay, [post][pre], also of a delay that is one number."),
      }),
    )
    .optional()
    .describe("In the case's order."),
  populations: z.record(z.string(), parameterSchema).optional().describe("By the neurons' parameters."),
  input_times: arraySchema.optional().describe("By the time of each input spike."),
  spike_times: z
    .record(z.string(), arraySchema)
    .optional()
    .describe("Total derivative by moving each spike, by population, in the order of `spikes`."),
});

export type RawGradients = z.output<typeof gradientsSchema>;

export interface NamedTensors {
  /** By name, such as `projections[0].weight`, `populations.hidden.tau_mem`, `input_times`, `spike_times.hidden`. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Why others could not be read, by name. */
  readonly unreadable: ReadonlyMap<string, string>;
  /** What the file says that projections lead from and to, in its order. */
  readonly ends?: readonly Pick<Projection, "from" | "to">[];
}

/** Every tensor that can be read, and the reason for every other. */
export function readGradients(raw: RawGradients, from: ArraySource): NamedTensors {
  const tensors = new Map<string, Tensor>();
  const unreadable = new Map<string, string>();
  for (const [name, array] of arraysOf(raw)) {
    try {
      tensors.set(name, readTensor(array, `gradients.${name}`, from));
    } catch (error) {
      unreadable.set(name, (error as Error).message);
    }
  }
  const ends = (raw.projections ?? []).map(({ from, to }) => ({ from, to }));
  return { tensors, unreadable, ends };
}

function* arraysOf(raw: RawGradients): Generator<[string, unknown]> {
  const { projections = [], populations = {}, input_times, spike_times = {} } = raw;
  for (const [k, { weight, delay }] of projections.entries()) {
    if (weight) yield [synapsesName(k, "weight"), weight];
    if (delay) yield [synapsesName(k, "delay"), delay];
  }
  for (const [population, parameters] of Object.entries(populations))
    for (const [parameter, array] of Object.entries(parameters))
      if (array) yield [`populations.${population}.${parameter}`, array];
  if (input_times) yield [inputTimesName, input_times];
  for (const [population, array] of Object.entries(spike_times)) yield [spikeTimesName(population), array];
}
