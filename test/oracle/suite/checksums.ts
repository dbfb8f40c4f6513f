/** The suite's SHA256SUMS: a line a file, sorted by path, as `sha256sum` writes them. */
import { createHash } from "node:crypto";
import type { Files } from "../../../src/oracle/certify/goldenFiles.ts";

/** Paths from the suite's folder, and their sums. */
type Sums = ReadonlyMap<string, string>;

export function parseSums(text: string): Map<string, string> {
  const lines = text.split("\n").filter((line) => line !== "");
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}

export function sumsText(sums: Sums): string {
  const lines = [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, sum]) => `${sum}  ${path}\n`);
  return lines.join("");
}

/** Of one case's files. @param place GROUP/NAME */
export function sumsOf(place: string, files: Files): Map<string, string> {
  return new Map(
    Object.entries(files).map(([name, content]) => [
      `${place}/${name}`,
      createHash("sha256").update(content).digest("hex"),
    ]),
  );
}

/** The sums with those of one case in place of what they had of it. */
export function withCase(sums: Sums, place: string, files: Files): Map<string, string> {
  const others = [...sums].filter(([path]) => !path.startsWith(`${place}/`));
  return new Map([...others, ...sumsOf(place, files)]);
}
