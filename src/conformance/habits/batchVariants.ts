/** Means over a batch in place of sums, as references. */
import type { Tensor } from "../../format/tensor.ts";
import { type Batch, membersOf } from "../batch/batch.ts";
import { type BatchReference, batchReference } from "../batch/batchReference.ts";
import { engineTrial, solveBatch } from "../batch/solveBatch.ts";
import type { Reference } from "../compare/comparison.ts";
import { type ClassChoice, exactClassOf, resultReference } from "../reference/references.ts";
import type { BatchAnswer } from "../suite/batchGolden.ts";
import { granted } from "../verdict/classes.ts";
import { classFor, solvable, type Variant } from "./variants.ts";

/** Per its own size, how sensitive a number of a trial mostly is. */
const usual = 64;

/** Of a batch, in classes T1 to T3. */
export async function* batchVariantsOf(
  choice: ClassChoice,
  batch: Batch,
  answer: BatchAnswer | undefined,
): AsyncGenerator<Variant<BatchReference>> {
  const className = classFor(choice);
  if (!answer || batch.batchSize === 1 || !className) return;
  const members = membersOf(batch).map(({ length }) => length);
  const full = members.map(() => batch.batchSize);
  const counts = members.at(-1) === batch.batchSize ? [members] : [members, full];
  const means = [
    "the mean over the batch in place of the sum",
    "the sum over a batch by the size of a full one",
  ];
  const right = await batchReference({ ...choice, name: className }, answer, batch);
  for (const [k, sizes] of counts.entries()) {
    const phrase = batch.learningRate === 0 ? means[k]! : `${means[k]}, though not in the step of descent`;
    yield { name: "batch_mean", phrase, reference: { ...right, batches: byCount(right.batches, sizes) } };
  }
  if (batch.learningRate === 0) return;
  // The last batch alone may have fewer trials, and no step of descent after it matters.
  const learningRate = batch.learningRate / batch.batchSize;
  const solved = await solvable(() => solveBatch({ ...batch, learningRate }, engineTrial("f64")));
  if (!solved) return;
  const share = granted(exactClassOf(className, choice), usual, 1);
  const nearness = { share, milliseconds: share * batch.problem.duration };
  const [trials, batches] = [solved.trials, solved.batches].map((results) =>
    results.map((result) => resultReference(result, nearness)),
  );
  for (const [k, sizes] of counts.entries())
    yield {
      name: "batch_mean",
      phrase: means[k]!,
      reference: { trials: trials!, batches: byCount(batches!, sizes) },
    };
}

/** Gradients as shares of what they are. */
function byCount(batches: readonly Reference[], counts: readonly number[]): Reference[] {
  return batches.map((reference, b) => {
    const count = counts[b]!;
    const gradients = [...reference.gradients].map(([name, { tensor, tolerance }]) => {
      const mean: Tensor = { ...tensor, values: tensor.values.map((value) => value / count) };
      return [name, { tensor: mean, tolerance: tolerance / count }] as const;
    });
    return { ...reference, gradients: new Map(gradients) };
  });
}
