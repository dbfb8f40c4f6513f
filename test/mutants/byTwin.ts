/** A twin's solution of a case as a backend's result: a time-stepped implementation to put bugs into. */
import type { Case } from "../../src/case/case.ts";
import type { Result } from "../../src/conformance/result.ts";
import type { Tensor } from "../../src/conformance/tensor.ts";
import { conventions } from "../../src/conformance/twin/convention.ts";
import { solveTwin } from "../../src/conformance/twin/twin.ts";

export async function solve(problem: Case, dt: number): Promise<Result> {
  const twin = await solveTwin(problem, { convention: conventions.genn_eventprop, dt });
  const tensors = new Map<string, Tensor>();
  for (const [k, projection] of twin.projections.entries()) {
    const { weight, to } = problem.network.projections[k]!;
    const post = problem.network.populations.find(({ name }) => name === to)!.size;
    for (const name of ["weight", "delay"] as const) {
      const values = Float64Array.from(projection[name]);
      tensors.set(`projections[${k}].${name}`, { shape: [post, weight.length / post], values });
    }
  }
  const hasLoss = problem.loss.kind !== "none";
  return {
    case: problem.name,
    backend: "twin",
    precision: "f64",
    spikes: new Map(
      Object.entries(twin.spikes).map(([name, { times, neurons }]) => [
        name,
        { times, neurons: Float64Array.from(neurons) },
      ]),
    ),
    loss: hasLoss ? twin.loss : undefined,
    readout: hasLoss ? { shape: [twin.readout.length], values: twin.readout } : undefined,
    gradients: { tensors, unreadable: new Map() },
    unreadable: new Map(),
  };
}
