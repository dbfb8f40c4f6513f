/** The model of the inner ear as the package embeds it, with room of its own, and its golden recordings if they are here. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { embedded } from "../../src/base/embedded.ts";
import { cochleaBytes } from "../../src/ear/cochleaBytes.ts";
import { type CochleaFunctions, Heap } from "../../src/ear/cochleaModule.ts";

/** What only tests call. */
export interface CochleaScalars {
  sin(x: number): number;
  cos(x: number): number;
  atan2(y: number, x: number): number;
  sinTurn(k: bigint, n: bigint): number;
  cosTurn(k: bigint, n: bigint): number;
  hankel(order: 0 | 1, re: number, im: number, out: number): void;
}

export function cochlea(): { functions: CochleaFunctions & CochleaScalars; heap: Heap } {
  const module = new WebAssembly.Module(embedded(cochleaBytes));
  const { exports } = new WebAssembly.Instance(module, {});
  const functions = exports as unknown as CochleaFunctions & CochleaScalars;
  return { functions, heap: new Heap(functions) };
}

const data = process.env.GOLDSPIKE_DATA ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));
const golden = join(data, "cochlea_golden");
export const hasGolden = existsSync(golden);
export const missing = "skipped: GOLDSPIKE_DATA and ../shared/data hold no cochlea_golden";

/** Units whose traces the golden recordings hold. */
export const goldenUnits = [0, 100, 200, 300, 400, 500, 600, 699] as const;
export const goldenNames = [
  "hd_spoken_digit",
  "0_george_0",
  "3_jackson_1",
  "5_lucas_2",
  "7_nicolas_3",
  "9_theo_0",
] as const;

export interface GoldenRecording {
  readonly sound: Float64Array;
  readonly samples: number;
  readonly lifSpikes: Readonly<Record<"500" | "600", number[]>>;
}

export function goldenJson(name: string): unknown {
  return JSON.parse(readFileSync(join(golden, name), "utf8"));
}

export function goldenRecording(name: string): GoldenRecording {
  const meta = goldenJson(`${name}/meta.json`) as {
    output_samples: number;
    lif_spike_samples: GoldenRecording["lifSpikes"];
  };
  const wav = readFileSync(join(golden, name, "input_48k.wav"));
  const from = wav.indexOf("data") + 8;
  const sound = Float64Array.from({ length: (wav.length - from) / 2 }, (_, n) => {
    return wav.readInt16LE(from + 2 * n) / 32768;
  });
  return { sound, samples: meta.output_samples, lifSpikes: meta.lif_spike_samples };
}

export function goldenDoubles(path: string): Float64Array {
  return new Float64Array(Uint8Array.from(readFileSync(join(golden, path))).buffer);
}

/** Releases per sample of the 40 fibres of a unit. */
export function goldenCounts(name: string, unit: 500 | 600): Uint8Array {
  const bits = readFileSync(join(golden, name, `release_ch${unit}.bits`));
  const counts = new Uint8Array(bits.length / 5);
  for (const [k, byte] of bits.entries()) {
    for (let rest = byte; rest > 0; rest &= rest - 1) counts[Math.floor(k / 5)]!++;
  }
  return counts;
}

/** ‖actual − expected‖ / ‖expected‖ */
export function relativeError(actual: Float64Array, expected: Float64Array): number {
  let error = 0;
  let size = 0;
  for (const [j, x] of expected.entries()) {
    error += (actual[j]! - x) ** 2;
    size += x * x;
  }
  return Math.sqrt(error / size);
}
