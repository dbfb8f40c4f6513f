/** Results in memory, as a backend's files would give them. */
import type { Case } from "../../src/case/case.ts";
import type { Result } from "../../src/conformance/result.ts";
import { gradientTensors } from "../../src/conformance/sameReference.ts";
import type { Solution } from "../../src/solution.ts";

export function resultOfSolution(problem: Case, solution: Solution): Result {
  const hasLoss = problem.loss.kind !== "none";
  return {
    case: problem.name,
    backend: "goldspike",
    precision: "f64",
    spikes: new Map(
      Object.entries(solution.spikes).map(([name, { times, neurons }]) => [
        name,
        { times, neurons: Float64Array.from(neurons) },
      ]),
    ),
    loss: hasLoss ? solution.loss : undefined,
    readout: hasLoss ? { shape: [solution.readout.length], values: solution.readout } : undefined,
    gradients: { tensors: hasLoss ? gradientTensors(problem, solution) : new Map(), unreadable: new Map() },
    unreadable: new Map(),
  };
}
