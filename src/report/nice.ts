/** Round numbers for axes. */

/** The least of 1, 2, 5 · 10ᵏ that is not below `least`. */
export function niceStep(least: number): number {
  const decade = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5].map((digit) => digit * decade).find((step) => step >= least) ?? 10 * decade;
}

/** Multiples of `step` from `from` to `to`, ends that rounding has moved included. */
export function multiples(step: number, from: number, to: number): number[] {
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => (first + k) * step);
}
