/** A twin's solution as a result file has it. */
import type { Case } from "../../case/case.ts";
import type { JsonTree } from "../../case/jsonChunks.ts";
import type { Precision } from "../../kernel/kernel.ts";
import type { TwinSolution } from "./twin.ts";

export function twinResult(
  problem: Case,
  { spikes, loss, readout, projections }: TwinSolution,
  backend: string,
  precision: Precision,
): JsonTree {
  const { network, name } = problem;
  return {
    format: "goldspike/result@1",
    case: name,
    backend,
    precision,
    spikes: Object.fromEntries(
      Object.entries(spikes).map(([population, { times, neurons }]) => [population, { times, neurons }]),
    ),
    ...(problem.loss.kind !== "none" && {
      loss,
      readout,
      gradients: {
        projections: network.projections.map(({ from, to, weight }, k) => {
          const pre = weight.length / network.populations.find((population) => population.name === to)!.size;
          const { weight: ofWeight, delay } = projections[k]!;
          return { from, to, weight: rows(ofWeight, pre), delay: rows(delay, pre) };
        }),
      },
    }),
  };
}

function rows(values: ArrayLike<number>, columns: number): Float64Array[] {
  const all = Float64Array.from(values);
  return Array.from({ length: all.length / columns }, (_, row) =>
    all.subarray(row * columns, (row + 1) * columns),
  );
}
