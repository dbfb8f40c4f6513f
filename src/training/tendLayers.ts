/** The silent-neuron policy on every hidden layer, after an epoch. */

import { randomStream, stream } from "../base/random.ts";
import type { Batch } from "../engine/batch/batch.ts";
import { hiddenNames } from "./config/projections.ts";
import type { RunConfig } from "./config/run.ts";
import { weightDistribution } from "./config/weights.ts";
import { tendSilentNeurons } from "./silentNeurons.ts";

/** @param counts spikes of each neuron of each hidden layer in the epoch */
export function tendLayers(
  config: RunConfig,
  engine: Batch,
  counts: readonly Float64Array[],
  epoch: number,
): void {
  const { silent } = config.regularization;
  const random = randomStream(config.seed, stream.redraw, epoch);
  hiddenNames(config.network).forEach((name, layer) => {
    const p = engine.shape.projections.findIndex(
      ({ projection: { from, to } }) => to === name && from !== name,
    );
    const { projection, pre, post, stride } = engine.shape.projections[p]!;
    const { weight: at } = engine.memory.layouts[0]!.projections[p]!;
    const weight = engine.memory.views.real(at, pre * stride);
    const distribution = weightDistribution(config, projection);
    tendSilentNeurons(silent, { pre, post, stride, weight }, counts[layer]!, { distribution, random });
  });
}
