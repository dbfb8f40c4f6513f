/** The membrane's transfer function against the reference program's, and where each place responds best. */
import { expect, test } from "vitest";
import { cochlea, goldenJson, hasGolden, missing } from "../support/cochlea.ts";

interface GoldenTransfer {
  readonly transfer: readonly { unit: number; f: number; v: [number, number] }[];
  readonly best_frequency_hz: readonly number[];
  readonly peak_gain: readonly number[];
}

const units = 700;
const { functions, heap } = cochlea();
const tapers = heap.take(32);
const out = heap.take(64);
const golden = test.skipIf(!hasGolden);
if (!hasGolden) test.skip(missing);

/** v of a unit at a frequency, Hz. */
function velocity(unit: number, frequency: number): [number, number] {
  heap.doubles(tapers, 4).fill(functions.taperAt(functions.placeOf(unit, units)));
  functions.respond(frequency, tapers, out);
  const [re, , im] = heap.doubles(out, 3);
  return [re!, im!];
}

golden("eight units at nineteen frequencies: within 1e-9, and in fact within 1e-12", () => {
  const { transfer } = goldenJson("transfer_function.json") as GoldenTransfer;
  expect(transfer).toHaveLength(8 * 19);
  for (const { unit, f, v } of transfer) {
    const [re, im] = velocity(unit, f);
    expect(Math.hypot(re - v[0], im - v[1]) / Math.hypot(...v), `unit ${unit} at ${f} Hz`).toBeLessThan(
      1e-12,
    );
  }
});

golden("best frequencies of all units are exact on the grid of 1 Hz, peak gains within 1e-9", () => {
  const { best_frequency_hz, peak_gain } = goldenJson("transfer_function.json") as GoldenTransfer;
  expect(best_frequency_hz).toHaveLength(units);
  for (const [unit, best] of best_frequency_hz.entries()) {
    const gain = (frequency: number) => Math.hypot(...velocity(unit, frequency));
    const peak = gain(best);
    expect(Math.abs(peak / peak_gain[unit]! - 1), `unit ${unit}`).toBeLessThan(1e-9);
    // Responses have one peak: neighbours and places far away are below it.
    const others = [best - 2, best - 1, best + 1, best + 2, 0.5 * best, 0.9 * best, 1.1 * best, 2 * best];
    const within = others.filter((frequency) => frequency >= 1 && frequency <= 24000);
    expect(Math.max(...within.map(gain)), `unit ${unit}`).toBeLessThan(peak);
  }
});
