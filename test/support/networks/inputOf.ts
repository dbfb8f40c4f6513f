/** One trial of a data set. */
import type { Samples } from "../../../src/data/dataset.ts";
import type { SpikeTrain } from "../../../src/model/network.ts";

/** The spikes of trial `index`, as a copy. */
export function inputOf(samples: Samples, index: number): SpikeTrain {
  const from = samples.offsets[index]!;
  const to = samples.offsets[index + 1]!;
  return {
    times: Float64Array.from(samples.times.subarray(from, to)),
    sources: Int32Array.from(samples.sources.subarray(from, to)),
  };
}
