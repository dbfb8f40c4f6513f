/** What the result of a batch is compared with, class by class. */
import { ConfigError } from "../../base/errors.ts";
import type { Reference } from "../compare/comparison.ts";
import { exactReference } from "../reference/exactReference.ts";
import {
  type ClassChoice,
  certified,
  exactClassOf,
  exactly,
  resultReference,
} from "../reference/references.ts";
import { nearTwin } from "../reference/twinReference.ts";
import type { BatchAnswer } from "../suite/batchGolden.ts";
import type { Answer } from "../suite/golden.ts";
import { type Batch, trialCase } from "./batch.ts";
import { type BatchResult, engineTrial, solveBatch, twinTrial } from "./solveBatch.ts";

export interface BatchReference {
  readonly trials: readonly Reference[];
  readonly batches: readonly Reference[];
}

/**
 * @param known certified values, which T0 and T4 do without
 * @throws ConfigError a batch that the class cannot judge
 */
export async function batchReference(
  choice: ClassChoice,
  known: BatchAnswer | undefined,
  batch: Batch,
): Promise<BatchReference> {
  const { name } = choice;
  switch (name) {
    case "T0":
      return mapped(await solveBatch(batch, engineTrial("f64")), (result) =>
        resultReference(result, exactly),
      );
    case "T4":
      return twinBatch(choice, batch);
    case "T5":
      throw new ConfigError(
        "what a step does to one trial shows in the other groups; batches are for class T4",
      );
    default: {
      const { trials, batches } = certified(known);
      const of = (answer: Answer, k: number) =>
        exactReference(answer, exactClassOf(name, choice), trialCase(batch, k, batch.problem.network));
      return { trials: trials.map(of), batches: batches.map((answer) => of(answer, 0)) };
    }
  }
}

function mapped<A, B>(
  { trials, batches }: { readonly trials: readonly A[]; readonly batches: readonly A[] },
  of: (part: A) => B,
) {
  return { trials: trials.map(of), batches: batches.map(of) };
}

async function twinBatch({ convention, dt, precision }: ClassChoice, batch: Batch): Promise<BatchReference> {
  const solved = async (its: ClassChoice["precision"]) => {
    const start = twinTrial({ convention, dt, precision: its });
    const close: Awaited<ReturnType<typeof start>>["close"][] = [];
    const result = await solveBatch(
      batch,
      async (trial) => {
        const run = await start(trial);
        close.push(run.close);
        return run;
      },
      convention.staleBackward,
    );
    return { ...result, close };
  };
  const twin = await solved("f64");
  const rough: BatchResult = precision === "f32" ? await solved("f32") : twin;
  const stepping = { convention, dt, precision };
  return {
    trials: twin.trials.map((its, k) =>
      nearTwin(batch.problem, its, rough.trials[k]!, stepping, twin.close[k]!),
    ),
    batches: twin.batches.map((its, k) => nearTwin(batch.problem, its, rough.batches[k]!, stepping, {})),
  };
}
