/** Vowels and the WAV files that hold them. */
import { writeFile } from "node:fs/promises";
import wavefile from "wavefile";

/** The first two formants of the vowels of "father" and "see", Hz. */
export const formants = { ah: [700, 1200], ee: [300, 2300] } as const;

export interface Vowel {
  /** Hz; harmonics are its multiples up to 2400 Hz. */
  readonly pitch?: number;
  readonly formants?: readonly [number, number];
}

/** A quarter of a second at a rate in Hz, of amplitude 0.5 or so. */
export function vowel(
  rate: number,
  { pitch = 120, formants: [f1, f2] = formants.ah }: Vowel = {},
): Float64Array {
  const harmonics = Math.floor(2400 / pitch);
  return Float64Array.from({ length: Math.round(rate / 4) }, (_, n) => {
    let sum = 0;
    for (let k = 1; k <= harmonics; k++) {
      const frequency = pitch * k;
      const loud = 1 / (1 + ((frequency - f1) / 150) ** 2) + 1 / (1 + ((frequency - f2) / 200) ** 2);
      sum += loud * Math.sin((2 * Math.PI * frequency * n) / rate);
    }
    return sum / 8;
  });
}

/** Writes a WAV file of a depth such as "16" or "32f"; integers are scaled from full scale 1. */
export async function writeWav(
  path: string,
  rate: number,
  depth: string,
  channels: readonly Float64Array[],
): Promise<void> {
  const file = new wavefile.WaveFile();
  const floating = depth === "32f" || depth === "64";
  const scale = floating ? 1 : 2 ** (Number(depth) - 1) - 1;
  const middle = depth === "8" ? 128 : 0;
  const coded = channels.map((samples) =>
    samples.map((x) => (floating ? x : Math.round(scale * x) + middle)),
  );
  file.fromScratch(channels.length, rate, depth, coded.length === 1 ? coded[0]! : coded);
  await writeFile(path, file.toBuffer());
}
