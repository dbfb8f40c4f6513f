/** A network as arrays by name, those of results and checkpoints, and what is left of it without them. */
import { z } from "zod";
import { complaint, parseWith } from "../base/parseWith.ts";
import { checkDelay, checkEnds, checkPopulations, checkSize } from "../model/checkNetwork.ts";
import { type Network, type Population, type Projection, preOf } from "../model/network.ts";
import { mapParameters, parameters, parametersOf } from "../model/parameters.ts";
import { parameterName, synapsesName } from "../model/tensors.ts";
import { countSchema, populationSchema, projectionSchema } from "./parseNetwork.ts";
import type { Tensor } from "./tensor.ts";

const outlineSchema = z.strictObject({
  format: z.literal("goldspike/network@1"),
  time_unit: z.literal("ms"),
  input_channels: countSchema,
  populations: z.array(populationSchema.pick({ name: true, size: true, model: true })).min(1),
  projections: z.array(projectionSchema.pick({ from: true, to: true })),
});

type Outline = z.output<typeof outlineSchema>;

/** Names, sizes and ends, as `goldspike/network@1` has them. */
export function networkOutline({ inputChannels, populations, projections }: Network): Outline {
  return {
    format: "goldspike/network@1",
    time_unit: "ms",
    input_channels: inputChannels,
    populations: populations.map(({ name, size, model }) => ({ name, size, model })),
    projections: projections.map(({ from, to }) => ({ from, to })),
  };
}

/** Weights and delays [post][pre], a delay for all synapses without a shape; parameters of neurons [size]. */
export function networkTensors(network: Network): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const [k, projection] of network.projections.entries()) {
    const { weight, delay } = projection;
    const pre = preOf(network, projection);
    const shape = [weight.length / pre, pre];
    tensors.set(synapsesName(k, "weight"), { shape, values: weight });
    tensors.set(
      synapsesName(k, "delay"),
      typeof delay === "number" ? { shape: [], values: Float64Array.of(delay) } : { shape, values: delay },
    );
  }
  for (const population of network.populations)
    for (const key of parametersOf(population.model))
      tensors.set(parameterName(population.name, key), { shape: [population.size], values: population[key] });
  return tensors;
}

/**
 * @param outline from JSON
 * @param source starts messages
 * @throws ConfigError naming a tensor that is missing, has another shape, or a value that no network can have
 */
export function networkOfTensors(
  outline: unknown,
  tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: ArrayLike<number> }>,
  source: string,
): Network {
  const { input_channels: inputChannels, ...raw } = parseWith(outlineSchema, outline, source);
  const read = (name: string, ...shapes: (readonly number[])[]) => {
    const found = tensors.get(name);
    const isFit = shapes.some((shape) => shape.join() === found?.shape.join());
    const wanted = shapes.map((shape) => `[${shape.join(", ")}]`).join(" or ");
    if (!found || !isFit)
      throw complaint(source, [name], `expected an array of shape ${wanted}`, found?.shape);
    const bad = Array.prototype.findIndex.call(found.values, (value) => !Number.isFinite(value));
    if (bad >= 0) throw complaint(source, [name, bad], "expected a finite number", found.values[bad]);
    return Float64Array.from(found.values);
  };
  const populations = raw.populations.map(({ name, size, model }): Population => {
    const own = parametersOf(model);
    const values = mapParameters((key) =>
      own.includes(key)
        ? read(parameterName(name, key), [size])
        : new Float64Array(size).fill(parameters[key].default ?? 0),
    );
    return { name, size, model, ...values };
  });
  checkPopulations(populations, { source, path: [], place: (_, key, j) => [parameters[key].file, j] });
  checkSize(inputChannels, populations, raw.projections, [], source);
  const projections = raw.projections.map((ends, k): Projection => {
    checkEnds(ends, populations, ["projections", k], source);
    const pre = preOf({ inputChannels, populations, projections: [] }, ends);
    const shape = [populations.find(({ name }) => name === ends.to)!.size, pre];
    const delay = read(synapsesName(k, "delay"), [], shape);
    const isOne = tensors.get(synapsesName(k, "delay"))!.shape.length === 0;
    const weight = read(synapsesName(k, "weight"), shape);
    const projection = { ...ends, weight, delay: isOne ? delay[0]! : delay };
    checkDelay(projection, pre, ["projections", k, "delay"], source);
    return projection;
  });
  return { inputChannels, populations, projections };
}
