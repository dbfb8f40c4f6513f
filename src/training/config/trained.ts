/** The names of what a run trains, which configurations, checkpoints and reports share. */

import { parameterNames, parameters } from "../../model/parameters.ts";
import { parameterName, synapsesName } from "../../model/tensors.ts";
import { hiddenNames, outputName, projectionEnds, projectionName } from "./projections.ts";
import type { RunConfig } from "./run.ts";

/** As in result files: weights and delays of projections in their order, then what is trained of populations in theirs. */
export function trainedParameters({ network }: RunConfig): string[] {
  const ofProjections = projectionEnds(network).flatMap((ends, k) => {
    const delays = network.delays[projectionName(ends)]?.train === true ? [synapsesName(k, "delay")] : [];
    return [synapsesName(k, "weight"), ...delays];
  });
  const layers = [...network.hidden, network.output];
  const ofPopulations = [...hiddenNames(network), outputName].flatMap((name, k) => {
    const trained: readonly string[] = layers[k]!.train;
    return parameterNames
      .filter((key) => trained.includes(parameters[key].file))
      .map((key) => parameterName(name, key));
  });
  return [...ofProjections, ...ofPopulations];
}
