// A network and input of the size of spoken-digit recordings, from a seed: 700 channels → n recurrent neurons → 20.
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { buildNetwork } from "../dist/index.js";

function uniforms(seed) {
  const generator = xoroshiro128plus(seed);
  return () => (generator.next() >>> 0) / 2 ** 32;
}

/** Sum of twelve uniforms: mean 0, standard deviation 1. */
function normal(draw) {
  let sum = -6;
  for (let k = 0; k < 12; k++) sum += draw();
  return sum;
}

/** About 14 spikes per hidden neuron in 1000 ms. */
export function speechLike(hidden, inputSpikes = 8000, seed = 1) {
  const draw = uniforms(seed);
  const weights = (count, mean, sd) => Float64Array.from({ length: count }, () => mean + sd * normal(draw));
  const network = buildNetwork({
    inputChannels: 700,
    populations: [
      { name: "hidden", size: hidden, tauMem: 20, tauSyn: 5 },
      { name: "output", size: 20, model: "li", tauMem: 20, tauSyn: 5 },
    ],
    projections: [
      { from: "input", to: "hidden", weight: weights(700 * hidden, 0.021, 0.08) },
      { from: "hidden", to: "hidden", weight: weights(hidden * hidden, 0, 0.02) },
      { from: "hidden", to: "output", weight: weights(20 * hidden, 0, 0.03) },
    ],
  });
  const instants = Float64Array.from({ length: 1500 }, () => 1000 * draw()).sort();
  const times = Float64Array.from({ length: inputSpikes }, () => instants[Math.floor(1500 * draw())]).sort();
  const sources = Int32Array.from({ length: inputSpikes }, () => Math.floor(700 * draw()));
  return { network, input: { times, sources }, duration: 1000 };
}
