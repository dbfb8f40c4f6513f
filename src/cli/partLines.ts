/** Parts of a comparison as lines: name, status, error and what is granted, what is wrong. */
import type { Part } from "../conformance/verdict/verdict.ts";

export function partLines(parts: readonly Part[]): string {
  const width = Math.max(...parts.map(({ name }) => name.length));
  const number = (value: number | undefined) => (value === undefined ? "" : value.toExponential(1));
  return parts
    .map(({ name, status, error, tolerance, message = "" }) => {
      const errors = error === undefined ? "" : `${number(error)} of ${number(tolerance)}`;
      return `${name.padEnd(width)}  ${status.padEnd(11)}  ${errors.padEnd(19)}  ${message}`.trimEnd();
    })
    .join("\n");
}
