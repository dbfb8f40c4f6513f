/**
 * A table for people: columns as wide as what stands in them, two spaces between, a line each.
 *
 * @param left number of columns, the first ones, that begin where the column does; numbers end where it does
 */
export function alignedTable(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  left = 0,
): string {
  const widths = heading.map((name, k) => Math.max(name.length, ...rows.map((row) => row[k]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((text, k) => (k < left ? text.padEnd(widths[k]!) : text.padStart(widths[k] ?? 0)))
      .join("  ")
      .trimEnd();
  return `${[heading, ...rows].map(line).join("\n")}\n`;
}
