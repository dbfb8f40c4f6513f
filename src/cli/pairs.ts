/** Lines that people and programs can read: `name=value name=value`. */
export function pairsLine(pairs: Readonly<Record<string, string | number>>): string {
  return Object.entries(pairs)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}
