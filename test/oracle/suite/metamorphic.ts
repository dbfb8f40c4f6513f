/** Cases that are solved twice, changed in between in a way that must not matter. */
import type { RelationName } from "../../../src/conformance/relations/relations.ts";
import { drawCase } from "../recipes/drawCase.ts";
import { crossed } from "./core.ts";
import type { Related } from "./recipe.ts";

/** What fails if the relation does not hold. */
const bugs: Readonly<Record<RelationName, string>> = {
  reverse_neurons:
    "results that depend on a neuron's number: an index off by one, padding that is read, order in a block",
  double_times: "a constant in milliseconds inside the program, or one unit for tau and another for times",
  split_weights: "of two projections between one pair only one is used, or their gradients are mixed up",
  idle_parts: "memory of unused neurons that is not cleared, and projections told apart by their weights",
};

const bases = [
  ["delayed", "exponential", "drawn"],
  ["layered", "average", "usual"],
] as const;

export const metamorphs: readonly Related[] = (Object.keys(bugs) as RelationName[]).flatMap((relation) =>
  bases.map(([topology, loss, tau], k): Related => {
    const name = `${relation.replace("_", "-")}-${topology}`;
    const json = () => ({ ...drawCase(crossed(301 + k, topology, loss, tau)), name });
    return { group: "metamorphic", name, catches: bugs[relation], relation, json };
  }),
);
