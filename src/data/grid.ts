/** Times on a grid: always the product k · step, so that times of the same k are the same number and coincide. */

/** The largest k with k · step ≤ time as both are rounded; time = k · step itself gives k. */
export function stepOf(time: number, step: number): number {
  const k = Math.floor(time / step);
  if (k * step > time) return k - 1;
  return (k + 1) * step <= time ? k + 1 : k;
}

/** n if `time` is n steps but for rounding, else undefined. */
export function wholeSteps(time: number, step: number): number | undefined {
  const n = Math.round(time / step);
  return Math.abs(n * step - time) <= time * 2 ** -50 ? n : undefined;
}
