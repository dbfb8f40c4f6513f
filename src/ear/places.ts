/** The places of the membrane, four at a time, with what is known of each four: their band and their responses. */
import type { CochleaFunctions, Heap } from "./cochleaModule.ts";

/** How velocities are found, and with what error; see `Ear`. */
export interface Method {
  /** Points of a band at which responses are tabulated; 0 if each is computed directly. */
  readonly entries: number;
  /** Responses below are left out, cm/s per unit of pressure; the peak of every place is 76 at least. */
  readonly negligible: number;
  /** Points of the grid that make one sample. */
  readonly taps: number;
}

export interface Places {
  /** Four times e^(−αc/2), 8 bytes each. */
  readonly tapers: number;
  /** Hz; above it none of the four responds. */
  readonly cutoff: number;
  /** Address of the tabulated responses; 0 if there are none. */
  readonly table: number;
  /** Between the table's frequencies, Hz. */
  readonly spacing: number;
}

/** Those of `units` places for sounds of frequencies up to `highest`, Hz, from the base to the apex; the last is repeated. */
export function placesOf(
  functions: CochleaFunctions,
  heap: Heap,
  units: number,
  highest: number,
  method: Method,
): Places[] {
  const fours = Math.ceil(units / 4);
  const tapers = heap.take(fours * 32);
  const table = heap.take(fours * method.entries * 64);
  const scratch = heap.take(64);
  const values = heap.doubles(tapers, fours * 4);
  for (let n = 0; n < values.length; n++) {
    values[n] = functions.taperAt(functions.placeOf(Math.min(n, units - 1), units));
  }
  return Array.from({ length: fours }, (_, four) => {
    const its = tapers + four * 32;
    const magnitude = (frequency: number) => {
      functions.respond(frequency, its, scratch);
      const [re, , im] = heap.doubles(scratch, 4);
      return Math.sqrt(re! * re! + im! * im!);
    };
    const cutoff = cutoffOf(
      functions.resonance(values[four * 4]!),
      highest,
      (f) => magnitude(f) < method.negligible,
    );
    if (method.entries === 0) return { tapers: its, cutoff, table: 0, spacing: 0 };
    const spacing = (cutoff - 1) / (method.entries - 1);
    const at = table + four * method.entries * 64;
    functions.fillResponses(at, method.entries, spacing, its);
    return { tapers: its, cutoff, table: at, spacing };
  });
}

/** From the resonance of a place upwards. */
function cutoffOf(resonance: number, highest: number, negligible: (frequency: number) => boolean): number {
  // √ of a negative number, where nothing resonates, is NaN.
  let frequency = resonance > 1 ? resonance : 1;
  while (frequency < highest && !negligible(frequency)) frequency *= 1.02;
  return Math.min(frequency, highest);
}
