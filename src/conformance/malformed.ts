/** Spikes that no network can have. */
import type { FoundSpikes } from "../format/result.ts";

/** What is wrong with spikes as such, whatever they should be. */
export function malformed({ times, neurons }: FoundSpikes): string | undefined {
  if (times.length !== neurons.length)
    return `expected as many times as neurons, got ${times.length} and ${neurons.length}`;
  for (let k = 0; k < times.length; k++) {
    if (!Number.isFinite(times[k]!)) return `times[${k}]: expected a finite number, got ${times[k]}`;
    if (k > 0 && times[k]! < times[k - 1]!)
      return `times[${k}]: expected times that ascend, got ${times[k]} after ${times[k - 1]}; sort them, neurons alike`;
    if (!Number.isInteger(neurons[k]!) || neurons[k]! < 0)
      return `neurons[${k}]: expected an index from 0, got ${neurons[k]}`;
  }
  return undefined;
}
