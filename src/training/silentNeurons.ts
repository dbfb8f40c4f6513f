/** What happens after an epoch to hidden neurons that never spiked in it: without a spike they have no gradient. */
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { normal, randomStream, stream } from "../base/random.ts";
import type { Batch } from "../engine/batch/batch.ts";
import type { RegularizationConfig } from "./config/optimizer.ts";
import type { TrainerConfig } from "./config/own.ts";
import type { Normal } from "./config/parts.ts";
import type { TrainingPlan } from "./plan.ts";

/** The weights of a layer's feed-forward projection, [pre][stride], stride ≥ post, padding zero. */
export interface IncomingWeights {
  readonly pre: number;
  readonly post: number;
  readonly stride: number;
  readonly weight: Float64Array | Float32Array;
}

/** What `redraw` draws from: the weights' initial distribution, and a stream of the epoch's own. */
export interface Redrawing {
  readonly distribution: () => Normal;
  readonly random: RandomGenerator;
}

/**
 * Applies a policy in place. `lift_all` lifts every weight, as the code of [NTK25] does whatever its options say;
 * `lift_silent` and `redraw` change the weights into silent neurons only, neuron by neuron in their order.
 *
 * @param counts spikes of each neuron of the layer in the epoch, shape [post]
 */
export function tendSilentNeurons(
  policy: RegularizationConfig["silent"],
  { pre, post, stride, weight }: IncomingWeights,
  counts: ArrayLike<number>,
  redrawing: Redrawing,
): void {
  if (policy.policy === "leave") return;
  const change = changeBy(policy, redrawing);
  for (let j = 0; j < post; j++) {
    if (counts[j] !== 0 && policy.policy !== "lift_all") continue;
    for (let i = 0; i < pre; i++) weight[i * stride + j] = change(weight[i * stride + j]!);
  }
}

type Changing = Exclude<RegularizationConfig["silent"], { policy: "leave" }>;

function changeBy(policy: Changing, { distribution, random }: Redrawing): (weight: number) => number {
  if (policy.policy === "redraw") {
    const { mean, sd } = distribution();
    return () => mean + sd * normal(random);
  }
  return (weight) => weight + policy.lift;
}

/**
 * The policy on every hidden layer, for the weights that come from elsewhere.
 *
 * @param counts spikes of each neuron of each hidden layer in the epoch
 */
export function tendLayers(
  { regularization: { silent }, seed }: Pick<TrainerConfig, "regularization" | "seed">,
  { hidden, distribution }: Pick<TrainingPlan, "hidden" | "distribution">,
  { shape, memory }: Batch,
  counts: readonly Float64Array[],
  epoch: number,
): void {
  if (silent.policy === "leave") return;
  const random = randomStream(seed, stream.redraw, epoch);
  for (const [layer, name] of hidden.entries()) {
    for (const [p, { projection, pre, post, stride }] of shape.projections.entries()) {
      if (projection.to !== name || projection.from === name) continue;
      const weight = memory.views.real(memory.layouts[0]!.projections[p]!.weight, pre * stride);
      const redrawing = { random, distribution: () => distribution(projection) };
      tendSilentNeurons(silent, { pre, post, stride, weight }, counts[layer]!, redrawing);
    }
  }
}
