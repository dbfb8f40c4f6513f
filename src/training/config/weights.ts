/** How the weights of each projection are distributed before training. */
import { inputName } from "../../model/network.ts";
import { type Ends, outputName, projectionName } from "./projections.ts";
import type { RunConfig } from "./run.ts";

/** A normal distribution. */
export interface Normal {
  readonly mean: number;
  readonly sd: number;
}

/** As configured, else what [NTK25] used for spoken words. */
export function weightDistribution(config: RunConfig, ends: Ends): Normal {
  return config.network.weights[projectionName(ends)] ?? defaultDistribution(config, ends);
}

/** A delay line repeats every spike some ten times, so that its weights start ten times smaller. */
function defaultDistribution({ input, loss }: RunConfig, { from, to }: Ends): Normal {
  if (from === inputName)
    return input.delay_line === undefined ? { mean: 0.03, sd: 0.01 } : { mean: 0.003, sd: 0.001 };
  if (to === outputName) return loss.kind === "first_spike" ? { mean: 1.2, sd: 0.6 } : { mean: 0, sd: 0.03 };
  return from === to ? { mean: 0, sd: 0.02 } : { mean: 0.02, sd: 0.01 };
}
