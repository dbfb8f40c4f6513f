/** One entry of a gradient against differences of the loss. */
import type { Tensor } from "./tensors.ts";

export interface ComparedEntry {
  readonly place: string;
  readonly adjoint: number;
  readonly difference: number;
  /** |adjoint − difference| over the tensor's largest entry, or over what rounding lets differences resolve. */
  readonly error: number;
}

/** A place where the loss has no derivative, but another slope on either side. */
export interface Kink {
  readonly place: string;
  readonly adjoint: number;
  readonly below: number;
  readonly above: number;
}

/** The loss with another value as entry k; undefined where the set of spikes is another. */
type LossAt = (k: number, value: number) => number | undefined;

/** What an entry is compared by. */
export interface Comparison {
  readonly tensor: Tensor;
  readonly lossAt: LossAt;
  readonly lossHere: number;
  /** First step, in units of the entry. */
  readonly step: number;
  /** What an error is measured in. */
  readonly unit: number;
  readonly tolerance: number;
}

/** Rounding of the loss, relative to max(1, |loss|), that a difference of two losses has to live with. */
export const lossRounding = 1e-14;

/** Beyond the tolerance a smaller step is tried: close to grazing the error of order h² is what shows. */
const stepRatio = 10;
/** Steps that are tried in any case; more as long as rounding leaves them a meaning. */
const stepCount = 3;
const mostSteps = 10;
/** Of an entry: shorter steps would not change it, or not by what they are taken to. */
const shortestStep = 2 ** -40;

/** Of the tolerance: what rounding may do to a difference that is still looked at. */
const roundingShare = 0.1;

/** Of an entry's scale: what rounding may do to it on the way to the loss, however steep the loss is. */
const entryRounding = 4e-16;

/** Steps from the first on, each a tenth of the one before. */
function* stepsOf(k: number, { tensor, step, lossHere, unit, tolerance }: Comparison): Generator<number> {
  const shortest = Math.abs(tensor.values[k]!) * shortestStep;
  const rounding = Math.max(
    lossRounding * Math.max(1, Math.abs(lossHere)),
    entryRounding * unit * tensor.scale(k),
  );
  for (let n = 0, h = step; n < mostSteps; n++, h /= stepRatio) {
    if (n >= stepCount && !(rounding / h <= roundingShare * tolerance * unit)) return;
    yield Math.max(h, shortest);
    if (h <= shortest) return;
  }
}

/**
 * The best of several steps and their extrapolations; a kink where the slopes on both sides stay apart as steps shrink;
 * undefined where every step changes the set of spikes.
 */
export function compareEntry(k: number, comparison: Comparison): ComparedEntry | Kink | undefined {
  const { tensor, unit, tolerance } = comparison;
  const adjoint = tensor.gradient[k]!;
  let best: ComparedEntry | undefined;
  let before: { readonly found: number; readonly step: number } | undefined;
  for (const step of stepsOf(k, comparison)) {
    const difference = differenceAt(k, step, comparison);
    if (difference === undefined) continue;
    const tries = [difference];
    if (before !== undefined)
      tries.push(difference + (difference - before.found) / ((before.step / step) ** 2 - 1));
    before = { found: difference, step };
    for (const found of tries) {
      const distance = Math.abs(adjoint - found) / unit;
      const error = Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance;
      if (best === undefined || error < best.error)
        best = { place: tensor.place(k), adjoint, difference: found, error };
    }
    if (best !== undefined && best.error <= tolerance) return best;
  }
  return best && (kinkAt(k, comparison) ?? best);
}

/** Undefined where a perturbation changes the set of spikes, or no perturbation of this size is legal. */
function differenceAt(k: number, step: number, comparison: Comparison): number | undefined {
  const { tensor, lossAt } = comparison;
  const x = tensor.values[k]!;
  if (tensor.allows(k, x - step) && tensor.allows(k, x + step)) {
    const above = lossAt(k, x + step);
    const below = lossAt(k, x - step);
    return above === undefined || below === undefined ? undefined : (above - below) / (x + step - (x - step));
  }
  const h = tensor.allows(k, x + 2 * step) ? step : -step;
  return tensor.allows(k, x + 2 * h) ? slopeBeside(k, h, comparison) : undefined;
}

/** The derivative towards one side, right to order h². */
function slopeBeside(k: number, h: number, { tensor, lossAt, lossHere }: Comparison): number | undefined {
  const x = tensor.values[k]!;
  const near = lossAt(k, x + h);
  const far = lossAt(k, x + 2 * h);
  return near === undefined || far === undefined ? undefined : (-3 * lossHere + 4 * near - far) / (2 * h);
}

/** Of the distance between the slopes: at a smooth place it shrinks to 1 % from step to step. */
const kinkRest = 0.5;

/** Whether the slopes on both sides differ by far more than is tolerated, at the last two steps alike. */
function kinkAt(k: number, comparison: Comparison): Kink | undefined {
  const { tensor, unit, tolerance } = comparison;
  const found: Kink[] = [];
  const isPossible = (value: number) => tensor.emulates?.(k, value) ?? tensor.allows(k, value);
  for (const step of stepsOf(k, comparison)) {
    const x = tensor.values[k]!;
    if (!isPossible(x - 2 * step) || !isPossible(x + 2 * step)) continue;
    const below = slopeBeside(k, -step, comparison);
    const above = slopeBeside(k, step, comparison);
    if (below === undefined || above === undefined) continue;
    found.push({ place: tensor.place(k), adjoint: tensor.gradient[k]!, below, above });
  }
  const [earlier, last] = found.slice(-2);
  if (!earlier || !last) return undefined;
  const gap = ({ below, above }: Kink): number => above - below;
  const isWide = Math.abs(gap(last)) > 10 * tolerance * unit;
  return isWide && gap(last) / gap(earlier) > kinkRest ? last : undefined;
}
