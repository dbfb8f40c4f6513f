/** Lines and numbers that people and programs can read. */

/** `name=value name=value` */
export function pairsLine(pairs: Readonly<Record<string, string | number>>): string {
  return Object.entries(pairs)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

/** Two digits: 0, 0.042, 230, 4.6e-13. */
export function twoDigits(value: number): string {
  return String(Number(value.toPrecision(2)));
}

/** A share with its sign of percent. */
export function percent(share: number): string {
  return `${twoDigits(100 * share)} %`;
}
