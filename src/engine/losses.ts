/** How each loss is told to the kernel, and which readout it yields. */
import { ConfigError } from "../base/errors.ts";
import { defaultTauInput, type Linear, type Loss, type LossKind, losses } from "../model/losses.ts";
import { enums } from "./kernel/description.ts";
import { populationIndex, type Shape } from "./kernel/shape.ts";
import type { Structure, Views } from "./kernel/structures.ts";

/** What a loss writes to. */
export interface LossTarget {
  readonly shape: Shape;
  readonly views: Views;
  readonly plan: Structure<"LossPlan">;
  /** Numbers of the loss that there is room for. */
  readonly numberCapacity: number;
}

interface KernelLoss<L> {
  readonly kind: keyof typeof enums.LossKind;
  /** Beside its population and label. */
  readonly write: (loss: L, target: LossTarget) => void;
}

const nothing = (): void => {};

/** A row a loss. */
const kernelLosses: { readonly [K in LossKind]: KernelLoss<Extract<Loss, { readonly kind: K }>> } = {
  none: { kind: "none", write: nothing },
  integral_cross_entropy: {
    kind: "integral",
    write: ({ weighting, tauInput = defaultTauInput }, { plan }) =>
      plan.setAll({ weighting: enums.Weighting[weighting], tauInput }),
  },
  max_cross_entropy: { kind: "maximum", write: nothing },
  average_cross_entropy: { kind: "average", write: nothing },
  first_spike: {
    kind: "firstSpike",
    write: ({ penalty = "exponential", tau0, tau1 = tau0, alpha, phantomSpikes }, { plan }) =>
      plan.setAll({
        penalty: enums.Penalty[penalty],
        tau0,
        tau1,
        alpha,
        phantomSpikes: phantomSpikes ? 1 : 0,
      }),
  },
  spike_time_mse: {
    kind: "spikeTimeMse",
    write: ({ targets, extraCost = Infinity, missingCost = Infinity }, target) => {
      target.plan.setAll({ extraCost, missingCost });
      writeNumbers("loss.targets", targets, target);
    },
  },
  linear: { kind: "linear", write: writeLinear },
};

/** Tells the kernel about the loss of a trial. */
export function writeLoss(loss: Loss, target: LossTarget): void {
  const { plan, shape } = target;
  const row = kernelLosses[loss.kind] as KernelLoss<Loss>;
  plan.set("kind", enums.LossKind[row.kind]);
  if (losses[loss.kind].reads !== undefined) plan.set("population", lossIndex(loss, shape));
  if ("target" in loss) plan.set("target", loss.target);
  row.write(loss, target);
}

/**
 * Place of the loss's population in the kernel's order.
 *
 * @throws ConfigError if there is none, or several come into question
 */
export function lossIndex(loss: Loss, shape: Shape): number {
  const named = "population" in loss ? loss.population : undefined;
  if (named !== undefined) {
    const found = populationIndex(shape, named);
    if (found < 0)
      throw new ConfigError(`loss.population: expected the name of a population, got "${named}"`);
    return found;
  }
  if (shape.populations.length !== shape.spikingCount + 1)
    throw new ConfigError(
      "loss.population: expected a name, since the network has not exactly one li population",
    );
  return shape.spikingCount;
}

/** Elements of the loss's readout. */
export function readoutSize(loss: Loss, shape: Shape): number {
  if (!losses[loss.kind].classifies) return 0;
  return shape.populations[lossIndex(loss, shape)]!.population.size;
}

/** Lists of numbers, one behind the other; any number of spikes will do where there is no list. */
function writeNumbers(
  place: string,
  lists: readonly (ArrayLike<number> | undefined)[],
  { views, plan, numberCapacity }: LossTarget,
): void {
  const total = lists.reduce((sum, list) => sum + (list?.length ?? 0), 0);
  if (total > numberCapacity)
    throw new ConfigError(`${place}: expected at most ${numberCapacity} numbers, got ${total}`);
  const numbers = views.f64(plan.get("numbers"), total);
  const starts = views.u32(plan.get("starts"), lists.length);
  const counts = views.u32(plan.get("counts"), lists.length);
  let start = 0;
  lists.forEach((list, k) => {
    starts[k] = start;
    counts[k] = list?.length ?? enums.Count.any;
    numbers.set(list ?? [], start);
    start += list?.length ?? 0;
  });
}

/** Its terms of voltages are readings. */
function writeLinear({ spikeTimes = {} }: Linear, target: LossTarget): void {
  const spiking = target.shape.populations.slice(0, target.shape.spikingCount);
  const factors = spiking.map(({ population: { name } }) => spikeTimes[name]);
  writeNumbers("loss.spike_times", factors, target);
}
