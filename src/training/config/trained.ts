/** The names of what a run trains, which configurations, checkpoints and reports share. */
import { hiddenNames, outputName, projectionEnds, projectionName } from "./projections.ts";
import type { RunConfig } from "./run.ts";

/**
 * `<projection>.weight`, `<projection>.delay`, `<population>.tau_mem`, `.tau_syn` and `.threshold`: projections in their
 * order, then populations in theirs.
 */
export function trainedParameters({ network }: RunConfig): string[] {
  const ofProjections = projectionEnds(network).flatMap((ends) => {
    const name = projectionName(ends);
    return network.delays[name]?.train === true ? [`${name}.weight`, `${name}.delay`] : [`${name}.weight`];
  });
  const layers = [...network.hidden, network.output];
  const ofPopulations = [...hiddenNames(network), outputName].flatMap((name, k) => {
    const trained: readonly string[] = layers[k]!.train;
    return ["tau_mem", "tau_syn", "threshold"]
      .filter((key) => trained.includes(key))
      .map((key) => `${name}.${key}`);
  });
  return [...ofProjections, ...ofPopulations];
}
