/** A parameter of a run, as the optimiser moves it in the kernel's memory and as checkpoints hold it. */
import type { Batch } from "../engine/batch/batch.ts";
import type { OptimizedTensor } from "../engine/batch/optimizer.ts";
import type { Layout } from "../engine/kernel/layout.ts";

/** One parameter: neurons [size], synapses [post][pre]. Its name is that of result files. */
export interface ParameterTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** What the optimiser moves; absent if the parameter is not trained. */
  readonly optimized: OptimizedTensor | undefined;
  /** An array in the kernel's arrangement, e.g. of the values or of a moment, as one of `shape`; and back. */
  arranged(values: ArrayLike<number>): Float64Array<ArrayBuffer>;
  spread(values: ArrayLike<number>, into: Float64Array | Float32Array): void;
  /** The values, exactly. */
  read(): Float64Array<ArrayBuffer>;
  write(values: ArrayLike<number>): void;
  /** Makes the gradient from what the passes have left, where they do not give it as it is. */
  prepareGradient?(): void;
  /** Keeps the moved values in their range, and tells the kernel what depends on them. */
  publish?(): void;
}

/** Takes moved values back into their range. */
export function clamp(
  values: Float64Array | Float32Array,
  { min, max }: { readonly min: number; readonly max: number },
): void {
  for (let k = 0; k < values.length; k++) values[k] = Math.min(max, Math.max(min, values[k]!));
}

/** Where the lanes' gradients of one kind lie. */
export function laneGradients(
  { memory: { layouts }, lanes }: Batch,
  addressOf: (layout: Layout) => number,
): { gradient: number; laneBytes: number; lanes: number } {
  const addresses = [...new Set(layouts.map(addressOf))];
  const [gradient = 0, second = gradient] = addresses;
  const laneBytes = second - gradient;
  if (addresses.length !== lanes || addresses.some((at, lane) => at !== gradient + lane * laneBytes))
    throw new Error("lanes are not evenly spaced");
  return { gradient, laneBytes, lanes };
}
