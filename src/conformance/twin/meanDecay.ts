/**
 * The mean of e^(−s) over s in [0, x]: (1 − e^(−x))/x for x ≥ 0, right to 1e-14; where that would cancel, the series up
 * to x⁵.
 *
 * @param exp the kernel's
 */
export function meanDecay(x: number, exp: (x: number) => number): number {
  if (x > 1e-2) return (1 - exp(-x)) / x;
  return 1 - (x / 2) * (1 - (x / 3) * (1 - (x / 4) * (1 - (x / 5) * (1 - x / 6))));
}
