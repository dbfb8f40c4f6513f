/** Errors and bounds as people read them. */

/** Two digits: 0, 0.042, 230, 4.6e-13. */
export function twoDigits(value: number): string {
  return String(Number(value.toPrecision(2)));
}

/** A share with its sign of percent. */
export function percent(share: number): string {
  return `${twoDigits(100 * share)} %`;
}
