/** Relations by the names that files use. */
import { doubleTimes } from "./doubleTimes.ts";
import { idleParts } from "./idleParts.ts";
import type { Relation } from "./relation.ts";
import { reverseNeurons } from "./reverseNeurons.ts";
import { splitWeights } from "./splitWeights.ts";

export const relations = {
  reverse_neurons: reverseNeurons,
  double_times: doubleTimes,
  split_weights: splitWeights,
  idle_parts: idleParts,
} as const satisfies Readonly<Record<string, Relation>>;

export type RelationName = keyof typeof relations;
export const relationNames = Object.keys(relations) as RelationName[];
