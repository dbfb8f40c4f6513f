/** A case: one network, one input, one loss. The file format is `goldspike/case@1`. */
import type { Loss } from "./losses.ts";
import type { Network, SpikeTrain } from "./network.ts";

export interface Case {
  readonly name: string;
  readonly note?: string | undefined;
  /** Length T of the trial in ms; events at or after T do not happen. */
  readonly duration: number;
  readonly network: Network;
  readonly input: SpikeTrain;
  readonly loss: Loss;
}
