/** A case: one network, one input, one loss. The file format is `goldspike/case@1`. */
import type { Loss } from "./losses.ts";
import type { Network, SpikeTrain } from "./network.ts";

/** One network, one input, one loss. */
export interface Case {
  /** Of the case; results repeat it. */
  readonly name: string;
  /** Free text. */
  readonly note?: string | undefined;
  /** Length T of the trial in ms; events at or after T do not happen. */
  readonly duration: number;
  /** What is simulated. */
  readonly network: Network;
  /** Spikes of the input channels. */
  readonly input: SpikeTrain;
  /** What is differentiated. */
  readonly loss: Loss;
}
