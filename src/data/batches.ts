/** Trials in random order, batch by batch. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/** The indices 0 … count − 1 in an order drawn from `random`, in parts of `size`; the last one may be shorter. */
export function batches(count: number, size: number, random: RandomGenerator): Uint32Array[] {
  const order = shuffled(count, random);
  const parts = [];
  for (let from = 0; from < count; from += size) parts.push(order.subarray(from, from + size));
  return parts;
}

/** Fisher and Yates: every order is equally likely. */
function shuffled(count: number, random: RandomGenerator): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, k) => k);
  for (let last = count - 1; last > 0; last--) {
    const chosen = uniformInt(random, 0, last);
    const moved = order[last]!;
    order[last] = order[chosen]!;
    order[chosen] = moved;
  }
  return order;
}
