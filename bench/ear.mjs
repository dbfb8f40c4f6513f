// Seconds that the inner ear takes per second of sound at 48 kHz, 700 channels, one thread: the median of some rounds, after
// one to warm up.
//
//   npm run build && node bench/ear.mjs [SECONDS] [ROUNDS]
import { Ear } from "../dist/ear/ear.js";

const [seconds = 1, rounds = 7] = process.argv.slice(2).map(Number);
// A tone of 150 Hz and its harmonics that swells four times a second, as syllables do.
const sound = Float64Array.from({ length: Math.round(48000 * seconds) }, (_, n) => {
  const time = n / 48000;
  let sum = 0;
  for (let k = 1; k <= 30; k++) sum += Math.sin(2 * Math.PI * 150 * k * time + k * k) / k;
  return sum * Math.sin(4 * Math.PI * time) ** 2;
});

const start = performance.now();
const ear = await Ear.create();
console.log(`create_s=${((performance.now() - start) / 1000).toFixed(3)}`);
const times = Array.from({ length: rounds + 1 }, (_, round) => {
  const begin = performance.now();
  const { times: spikes } = ear.hear(sound, round);
  return { took: (performance.now() - begin) / 1000 / seconds, spikes: spikes.length };
}).slice(1);
times.sort((a, b) => a.took - b.took);
const { took, spikes } = times[rounds >> 1];
console.log(`hear_s_per_s=${took.toFixed(3)} spikes=${spikes}`);
