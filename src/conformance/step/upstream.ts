/** What can have had an effect on a neuron, and how long that takes. */
import { inputName, type Network } from "../../model/network.ts";

/** By population, ms for each of its neurons: the shortest way by synapses, 0 for the neuron itself, infinite for none. */
export type Ways = Readonly<Record<string, Float64Array>>;

/** The shortest ways to one neuron, along synapses that have a weight. @param sooner ms by which each delay may be shorter */
export function waysTo(
  { populations, projections }: Network,
  population: string,
  neuron: number,
  sooner: number,
): Ways {
  const ways: Record<string, Float64Array> = {};
  for (const { name, size } of populations)
    ways[name] = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  ways[population]![neuron] = 0;
  const waiting = new Map([[`${population} ${neuron}`, { name: population, index: neuron }]]);
  while (waiting.size > 0) {
    let [key, nearest] = [...waiting][0]!;
    for (const [other, place] of waiting)
      if (ways[place.name]![place.index]! < ways[nearest.name]![nearest.index]!)
        [key, nearest] = [other, place];
    waiting.delete(key);
    const so = ways[nearest.name]![nearest.index]!;
    for (const { from, to, weight, delay } of projections) {
      if (to !== nearest.name || from === inputName) continue;
      const pre = ways[from]!.length;
      for (let sender = 0; sender < pre; sender++) {
        const synapse = nearest.index * pre + sender;
        const takes = typeof delay === "number" ? delay : delay[synapse]!;
        const way = so + Math.max(0, takes - sooner);
        if (weight[synapse] === 0 || way >= ways[from]![sender]!) continue;
        ways[from]![sender] = way;
        waiting.set(`${from} ${sender}`, { name: from, index: sender });
      }
    }
  }
  return ways;
}
