// Words spoken by eSpeak NG.
import load from "@echogarden/espeak-ng-emscripten";

// The synthesiser seeds the noise of breath by the clock, which would make every run another.
Date.now = () => 0;
const module = await load();
const worker = await new module.eSpeakNGWorker();
const rate = worker.get_samplerate();

/** A word without the silence around it: samples of full scale 1, and their rate in Hz. */
export async function speechOf(word, voice, settings) {
  if (worker.set_voice(voice) !== 0) throw new Error(`eSpeak NG has no voice ${voice}`);
  worker.set_rate(settings.rate);
  worker.set_pitch(settings.pitch);
  worker.set_range(settings.range);
  const pieces = [];
  worker.synthesize(word, (audio) => {
    if (audio) pieces.push(Float64Array.from(audio, (x) => x / 32768));
    return false;
  });
  return { samples: trimmed(Float64Array.from(pieces.flatMap((piece) => [...piece]))), rate };
}

/** From 20 ms before the first sample of a hundredth of the loudest to 20 ms after the last. */
function trimmed(samples) {
  const loud = 0.01 * samples.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const margin = Math.round(0.02 * rate);
  const first = samples.findIndex((x) => Math.abs(x) > loud);
  const last = samples.findLastIndex((x) => Math.abs(x) > loud);
  return samples.slice(Math.max(0, first - margin), last + margin);
}
