/** The oracle's solution of a case as a backend's result: an event-driven implementation to put bugs into. */
import type { Result } from "../../src/format/result.ts";
import type { Tensor } from "../../src/format/tensor.ts";
import { type CaseJson, caseFromJson } from "../../src/oracle/certify/caseJson.ts";
import { adjoint } from "../../src/oracle/simulate/adjoint.ts";
import { exactCase } from "../../src/oracle/simulate/exactCase.ts";
import { arithmetic } from "../../src/oracle/simulate/fixed.ts";
import { evaluateLoss } from "../../src/oracle/simulate/loss.ts";
import { simulate } from "../../src/oracle/simulate/simulate.ts";
import { tensorsOf } from "../../src/oracle/simulate/tensors.ts";

/** Enough that nothing of a double's precision is lost, and no more: many cases are to be solved. */
const math = arithmetic(30);

export function solve(json: CaseJson): Result {
  const exact = exactCase(caseFromJson(json), math);
  const trial = simulate(exact);
  const { loss, readout } = evaluateLoss(exact, trial);
  const hasLoss = json.loss.kind !== "none";
  const tensors = new Map<string, Tensor>();
  if (hasLoss)
    for (const [name, values] of Object.entries(tensorsOf(exact, adjoint(exact, trial)))) {
      const projection = /^projections\[(\d+)\]/.exec(name)?.[1];
      const columns = projection === undefined ? undefined : exact.projections[Number(projection)]!.preCount;
      const shape = columns === undefined ? [values.length] : [values.length / columns, columns];
      tensors.set(name, { shape, values: Float64Array.from(values, math.toNumber) });
    }
  return {
    case: json.name,
    backend: "oracle",
    precision: "f64",
    spikes: new Map(
      exact.populations.flatMap(({ name, model }, p) => {
        if (model === "li") return [];
        const { times, neurons } = trial.spikes[p]!;
        const order = [...times.keys()].sort((x, y) =>
          times[x]! < times[y]! ? -1 : times[x]! > times[y]! ? 1 : 0,
        );
        const its = {
          times: Float64Array.from(order, (k) => math.toNumber(times[k]!)),
          neurons: Float64Array.from(order, (k) => neurons[k]!),
        };
        return [[name, its] as const];
      }),
    ),
    loss: hasLoss ? math.toNumber(loss) : undefined,
    readout: hasLoss
      ? { shape: [readout.length], values: Float64Array.from(readout, math.toNumber) }
      : undefined,
    gradients: { tensors, unreadable: new Map() },
    unreadable: new Map(),
  };
}
