/** A case with all its numbers moved a little, and in which direction. */
import type { Case } from "../../../src/model/case.ts";
import { parametersOf } from "../../../src/model/parameters.ts";
import { inputTimesName, parameterName, synapsesName } from "../../../src/model/tensors.ts";

export interface Moved {
  readonly problem: Case;
  /** How far each number has moved per unit of the step, by the names and in the order of a result's gradients. */
  readonly direction: ReadonlyMap<string, Float64Array>;
}

/** Nothing that is 0 moves among delays and input times, which must not become negative. */
export function along({ network, input, ...rest }: Case, step: number): Moved {
  const direction = new Map<string, Float64Array>();
  let count = 0;
  const move = (name: string, values: Float64Array, movable = (_: number) => true): Float64Array => {
    // Any fixed numbers that have nothing to do with the network.
    const rates = values.map((value) => (movable(value) ? Math.sin(37 * ++count) : 0));
    direction.set(name, rates);
    return values.map((value, k) => value + step * rates[k]!);
  };
  const positive = (value: number) => value > 0;
  const projections = network.projections.map(({ weight, delay, ...ends }, k) => ({
    ...ends,
    weight: move(synapsesName(k, "weight"), weight),
    delay: move(
      synapsesName(k, "delay"),
      typeof delay === "number" ? weight.map(() => delay) : delay,
      positive,
    ),
  }));
  const populations = network.populations.map((population) => {
    const own = parametersOf(population.model).map((name) => [
      name,
      move(parameterName(population.name, name), population[name]),
    ]);
    return { ...population, ...Object.fromEntries(own) };
  });
  const times = move(inputTimesName, input.times, positive);
  return {
    problem: { ...rest, network: { ...network, projections, populations }, input: { ...input, times } },
    direction,
  };
}
