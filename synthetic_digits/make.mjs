// Makes the synthetic spoken digits: speech of eSpeak NG's voices through goldspike's model of the inner ear. The same
// bytes every time:
//
//   npm run build && node synthetic_digits/make.mjs
import { fileURLToPath } from "node:url";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { writeShdFile } from "../dist/data/shd/writeShdFile.js";
import { Ear } from "../dist/ear/ear.js";
import { resampled } from "../dist/ear/resample.js";
import { speechOf } from "./speech.mjs";

const words = {
  en: ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
  de: ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"],
};

/**
 * Those voices of eSpeak NG that could be people: none by Klatt's synthesiser, without a voice or with an effect, a mean
 * pitch of 70 to 260 Hz, the first five formants within a quarter of the standard voice's. Of those that have no relatives
 * (as iven2 is of iven), every fourth in order of the names is for the test.
 */
const speakers = {
  train: (
    "Alex Andrea Gene Gene2 Mike anika antonio f1 f5 grandpa iven iven2 iven3 iven4 john m2 m3 m4 m6 m7 m8 norbert " +
    "pablo paul quincy rob robert"
  ).split(" "),
  test: "Nguyen f2 m1 m5 max pedro sandro".split(" "),
};

/** Of each word by each speaker. */
const renditions = 4;
const channels = 140;

const ear = await Ear.create({ channels });
for (const [part, names] of Object.entries(speakers)) {
  const trials = await Promise.all(
    trialsOf(names).map(async (trial) => ({ ...trial, spikes: await heard(trial) })),
  );
  await writeShdFile(fileURLToPath(new URL(`${part}.h5.gz`, import.meta.url)), {
    labels: trials.map(({ label }) => label),
    classes: Object.values(words).flat(),
    speakers: trials.map(({ speaker }) => speaker),
    speakerNames: names,
    spikes: trials.map(({ spikes }) => spikes),
  });
  console.log(`${part}: ${trials.length} recordings`);
}

function trialsOf(names) {
  return names.flatMap((name, speaker) =>
    Object.entries(words).flatMap(([language, list], group) =>
      list.flatMap((word, digit) =>
        Array.from({ length: renditions }, (_, rendition) => ({
          ...{ name, speaker, language, word, rendition },
          label: 10 * group + digit,
        })),
      ),
    ),
  );
}

/** The spikes of a word that a speaker says a little differently each time. */
async function heard({ name, language, word, rendition, label }) {
  const number = renditions * label + rendition;
  const random = xoroshiro128plus(hashOf(`${name} ${number}`));
  const between = (low, high) => low + (high - low) * uniformFloat64(random);
  const { samples, rate } = await speechOf(word, `${language}+${name}`, {
    // Words a minute, and eSpeak's scales from 0 to 99.
    rate: Math.round(between(130, 190)),
    pitch: Math.round(between(35, 65)),
    range: Math.round(between(30, 70)),
  });
  // A longer or shorter vocal tract: all frequencies lower or higher.
  const tract = between(0.94, 1.06);
  const sound = await resampled({ samples, rate: Math.round(rate * tract) }, ear.rate);
  return ear.hear(withNoise(sound, between(0.002, 0.02), between), hashOf(name), number);
}

/** Adds noise of a share of the sound's root mean square, nearly normal: a sum of four uniform numbers. */
function withNoise(sound, share, between) {
  const size = Math.sqrt(sound.reduce((sum, x) => sum + x * x, 0) / sound.length);
  const scale = share * size * Math.sqrt(3 / 4);
  return sound.map((x) => x + scale * (between(-1, 1) + between(-1, 1) + between(-1, 1) + between(-1, 1)));
}

/** FNV-1a of 32 bits. */
function hashOf(text) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
