/** As many trials of every class. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { Samples } from "../dataset.ts";
import { type AugmentationContext, roomLike, withSpikes } from "./context.ts";

/**
 * Of each class as many trials as the smallest class has, drawn without replacement and in the order they had. Classes
 * without trials do not count.
 */
export function balanceClasses(samples: Samples, { random }: AugmentationContext): Samples {
  const { labels, offsets, times, sources, speakers } = samples;
  const chosen = choose(labels, random);
  const balanced = { ...roomLike(samples), offsets: new Uint32Array(chosen.length + 1) };
  for (const [i, trial] of chosen.entries()) {
    const from = offsets[trial]!;
    const to = offsets[trial + 1]!;
    const at = balanced.offsets[i]!;
    balanced.times.set(times.subarray(from, to), at);
    balanced.sources.set(sources.subarray(from, to), at);
    balanced.offsets[i + 1] = at + to - from;
  }
  return {
    ...withSpikes(samples, balanced),
    labels: Uint16Array.from(chosen, (trial) => labels[trial]!),
    ...(speakers && { speakers: Uint16Array.from(chosen, (trial) => speakers[trial]!) }),
  };
}

/** Number of trials that are left. */
export function balancedTrials(labels: Uint16Array): number {
  const counts = [...countsOf(labels).values()];
  return counts.length * Math.min(...counts);
}

function countsOf(labels: Uint16Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

/** Each trial in turn with probability wanted/remaining of its class (Knuth's algorithm S): every choice equally likely. */
function choose(labels: Uint16Array, random: AugmentationContext["random"]): number[] {
  const remaining = countsOf(labels);
  const smallest = Math.min(...remaining.values());
  const wanted = new Map([...remaining.keys()].map((label) => [label, smallest]));
  const chosen: number[] = [];
  for (const [trial, label] of labels.entries()) {
    const left = remaining.get(label)!;
    const open = wanted.get(label)!;
    remaining.set(label, left - 1);
    if (uniformInt(random, 0, left - 1) >= open) continue;
    wanted.set(label, open - 1);
    chosen.push(trial);
  }
  return chosen;
}
