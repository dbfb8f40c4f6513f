/** Random pieces of a case, from a seed, in decimal digits few enough to read. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Only + − × ÷ and rounding, so that every machine draws the same. */
export interface Draw {
  /** Uniform in [low, high), to 4 decimals. */
  between(low: number, high: number): number;
  list(count: number, low: number, high: number): number[];
  /** [rows][columns] */
  matrix(rows: number, columns: number, low: number, high: number): number[][];
  /** `count` input spikes of random channels, in order of time. */
  input(channels: number, count: number, from: number, to: number): CaseInput;
}

interface CaseInput {
  channels: number;
  times: number[];
  sources: number[];
}

export function createDraw(seed: number): Draw {
  const generator = xoroshiro128plus(seed);
  const between = (low: number, high: number): number =>
    Math.round((low + (high - low) * uniformFloat64(generator)) * 1e4) / 1e4;
  const list = (count: number, low: number, high: number): number[] =>
    Array.from({ length: count }, () => between(low, high));
  const matrix = (rows: number, columns: number, low: number, high: number): number[][] =>
    Array.from({ length: rows }, () => list(columns, low, high));
  const input = (channels: number, count: number, from: number, to: number): CaseInput => ({
    channels,
    times: list(count, from, to).sort((x, y) => x - y),
    sources: list(count, 0, channels).map((x) => Math.min(Math.floor(x), channels - 1)),
  });
  return { between, list, matrix, input };
}
