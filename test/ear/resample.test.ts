/** A sound at another rate is the same sound, as long as before. */
import { expect, test } from "vitest";
import { resampled } from "../../src/ear/sound.ts";

function tone(rate: number, seconds: number, frequency: number): Float64Array {
  return Float64Array.from({ length: rate * seconds }, (_, n) =>
    Math.sin((2 * Math.PI * frequency * n) / rate),
  );
}

// Beyond some million samples the converter works in pieces, and must not keep the last one.
test.each([
  [8000, 1],
  [44100, 1],
  [192000, 1],
  [44100, 24],
  [192000, 6],
])("a tone at %i Hz for %i s, at 48 kHz", async (rate, seconds) => {
  const samples = await resampled({ samples: tone(rate, seconds, 440), rate }, 48000);
  const expected = tone(48000, seconds, 440);
  expect(samples.length).toBe(expected.length);
  let worst = 0;
  // Where a tone begins and ends it is no tone.
  for (let n = 4800; n < samples.length - 4800; n++) {
    worst = Math.max(worst, Math.abs(samples[n]! - expected[n]!));
  }
  expect(worst).toBeLessThan(1e-6);
});

test("at its own rate it is left as it is", async () => {
  const samples = tone(48000, 1, 440);
  expect(await resampled({ samples, rate: 48000 }, 48000)).toBe(samples);
});
