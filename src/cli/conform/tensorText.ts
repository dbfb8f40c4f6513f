/** A tensor that is off, entry by entry. */
import type { WrongTensor } from "../../conformance/explain/explain.ts";

/** Entries of a tensor that are printed: all of a small one, of a larger one those that are off most. */
const mostEntries = 24;

/** The worst with its entries, the others by name. @param wrong worst first, at least one */
export function tensorText([worst, ...others]: readonly WrongTensor[]): string {
  const { name, message, expected, found } = worst!;
  const { shape, values } = expected;
  const error = (k: number) => Math.abs(found[k]! - values[k]!);
  const all = Array.from(values.keys());
  const shown =
    all.length <= mostEntries
      ? all
      : [...all]
          .sort((a, b) => error(b) - error(a))
          .slice(0, mostEntries)
          .sort((a, b) => a - b);
  const rows = [["", "expected", "found", "difference"]];
  for (const k of shown) {
    const numbers = [values[k]!, found[k]!, found[k]! - values[k]!].map((value) => value.toPrecision(8));
    rows.push([placeOf(k, shape), ...numbers]);
  }
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map(
    (row) => `  ${row.map((cell, column) => cell.padStart(widths[column]!)).join("  ")}`,
  );
  const left = all.length - shown.length;
  return [
    `${name} is off: ${message}`,
    ...lines.map((text) => text.trimEnd()),
    ...(left > 0 ? [`  and ${left} more that are off less`] : []),
    ...others.map((other) => `${other.name} is off too: ${other.message}`),
  ].join("\n");
}

function placeOf(k: number, shape: readonly number[]): string {
  const columns = shape[1];
  return columns === undefined ? `[${k}]` : `[${Math.floor(k / columns)}][${k % columns}]`;
}
