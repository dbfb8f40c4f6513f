/** What happens after an epoch to hidden neurons that never spiked in it: without a spike they have no gradient. */
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import type { RegularizationConfig } from "../config/regularization.ts";
import type { Normal } from "../config/weights.ts";
import { normal } from "../random.ts";

/** The weights of a layer's feed-forward projection, [pre][stride], stride ≥ post, padding zero. */
export interface IncomingWeights {
  readonly pre: number;
  readonly post: number;
  readonly stride: number;
  readonly weight: Float64Array | Float32Array;
}

/** What `redraw` draws from: the weights' initial distribution, and a stream of the epoch's own. */
export interface Redrawing {
  readonly distribution: Normal;
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
  incoming: IncomingWeights,
  counts: ArrayLike<number>,
  { distribution, random }: Redrawing,
): void {
  const isSilent = (j: number) => counts[j] === 0;
  switch (policy.policy) {
    case "leave":
      return;
    case "redraw":
      return change(incoming, isSilent, () => distribution.mean + distribution.sd * normal(random));
    case "lift_silent":
      return change(incoming, isSilent, (weight) => weight + policy.lift);
    case "lift_all":
      return change(
        incoming,
        () => true,
        (weight) => weight + policy.lift,
      );
  }
}

function change(
  { pre, post, stride, weight }: IncomingWeights,
  concerns: (j: number) => boolean,
  changed: (weight: number) => number,
): void {
  for (let j = 0; j < post; j++) {
    if (!concerns(j)) continue;
    for (let i = 0; i < pre; i++) weight[i * stride + j] = changed(weight[i * stride + j]!);
  }
}
