// @ts-check
/**
 * Yin-Yang from scratch: points of a disc in three classes as spikes, a network, its training, its score.
 *
 *   node examples/yinyang.mjs [training points] [epochs]
 */
import { createTraining, drawNetwork, samplesOf, workerThreads } from "goldspike/training";

const [points, epochs] = [Number(process.argv[2] ?? 5000), Number(process.argv[3] ?? 10)];
const duration = 30; // ms

let state = 1;
/** Uniform in [0, 1), the same everywhere (Park and Miller). */
function random() {
  state = (48271 * state) % 2147483647;
  return state / 2147483647;
}

/** 0 yin, 1 yang, 2 dot: of a point of the unit disc. @type {(x: number, y: number) => number} */
function classOf(x, y) {
  const [left, right] = [(x + 0.5) ** 2 + y * y, (x - 0.5) ** 2 + y * y];
  if (left < 0.04 || right < 0.04) return 2;
  return right <= 0.25 || (left > 0.25 && y <= 0) ? 1 : 0;
}

/** A point of a class that is drawn first; x, y, 1 − x, 1 − y and a bias spike at times in proportion. */
function trial() {
  for (const label = Math.floor(3 * random()); ; ) {
    const [x, y] = [2 * random() - 1, 2 * random() - 1];
    if (x * x + y * y > 1 || classOf(x, y) !== label) continue;
    const values = [(1 + x) / 2, (1 + y) / 2, (1 - x) / 2, (1 - y) / 2, 0];
    const spikes = values.map((value, source) => ({ time: 0.2 + 29.6 * value, source }));
    spikes.sort((a, b) => a.time - b.time);
    return { times: spikes.map(({ time }) => time), sources: spikes.map(({ source }) => source), label };
  }
}

/** @param {number} count */
const samples = (count) =>
  samplesOf(Array.from({ length: count }, trial), { channels: 5, classes: 3, duration });
const [train, test] = [samples(points), samples(1000)];
const network = drawNetwork({
  inputChannels: 5,
  populations: [
    { name: "hidden", size: 120, tauMem: 20, tauSyn: 5 },
    { name: "output", size: 3, model: "li", tauMem: 20, tauSyn: 5 },
  ],
  projections: [
    { from: "input", to: "hidden", weight: { mean: 1.5, sd: 1.5 } },
    { from: "hidden", to: "output", weight: { mean: 0, sd: 0.7 } },
  ],
});
const training = await createTraining({
  ...{ network, data: { train }, duration, batchSize: 16, threads: workerThreads() },
  loss: { kind: "integral_cross_entropy", weighting: "uniform" },
  optimizer: { learningRate: 0.02, beta2: 0.99, decay: 0.9 },
});
for (let epoch = 1; epoch <= epochs; epoch++) console.log(epoch, (await training.epoch())?.train);
console.log("test accuracy", (await training.evaluate(test)).score.accuracy);
training.close();
