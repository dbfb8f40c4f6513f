// How the cost of a trial grows with the size of everything: neurons, input channels, spikes a neuron, length, batch and
// threads, one at a time around the size of a spoken digit. Exponents are slopes of log cost over log size, fitted; of one
// trial the cost is the best of several passes, of a batch the median. Writes bench/results/scaling.json and the picture.
//
//   npm run build && node bench/scaling.mjs [--rounds N]
import { writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { buildNetwork, Engine } from "../dist/index.js";
import { createTraining, samplesOf, workerThreads } from "../dist/training.js";
import { scalingPicture } from "./scalingPicture.mjs";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "5" } } });
const rounds = Number(values.rounds);
const usual = { neurons: 256, channels: 700, drive: 1, duration: 1000 };
const loss = { kind: "integral_cross_entropy", weighting: "exponential", target: 3 };

/** A trial of about 14 spikes a neuron where it is usual; the input's spikes grow with its channels and the length. */
function trialOf({ neurons, channels, drive, duration }) {
  const generator = xoroshiro128plus(7);
  const draw = () => uniformFloat64(generator);
  const normal = () => Array.from({ length: 12 }, draw).reduce((sum, x) => sum + x, -6);
  const weights = (count, mean, sd) => Float64Array.from({ length: count }, () => mean + sd * normal());
  // As many channels more, as much less does each count, so that neurons spike as often.
  const share = 700 / channels;
  const network = buildNetwork({
    inputChannels: channels,
    populations: [
      { name: "hidden", size: neurons, tauMem: 20, tauSyn: 5 },
      { name: "output", size: 20, model: "li", tauMem: 20, tauSyn: 5 },
    ],
    projections: [
      {
        from: "input",
        to: "hidden",
        weight: weights(channels * neurons, 0.021 * share * drive, 0.08 * share),
      },
      { from: "hidden", to: "hidden", weight: weights(neurons ** 2, 0, 0.02 * Math.sqrt(256 / neurons)) },
      { from: "hidden", to: "output", weight: weights(20 * neurons, 0, 0.03) },
    ],
  });
  const count = Math.round((8000 * channels * duration) / (700 * 1000));
  const times = Float64Array.from({ length: count }, () => Math.floor(draw() * duration * 1.5) / 1.5).sort();
  const sources = Int32Array.from({ length: count }, () => Math.floor(channels * draw()));
  return { network, input: { times, sources }, duration };
}

async function costOf(size) {
  const { network, input, duration } = trialOf(size);
  const engine = await Engine.create(network, {
    precision: "f32",
    duration,
    maxInputSpikes: input.times.length,
  });
  const found = engine.time(input, loss, { repetitions: 3 * rounds, gradients: "weights" });
  return { ...size, spikes: found.spikes / size.neurons, ms: found.forwardMs + found.adjointMs };
}

/** ms a trial of a training step. */
async function costOfBatch(batch, threads) {
  const { network, input, duration } = trialOf(usual);
  const trials = Array.from({ length: batch }, (_, k) => ({ ...input, label: k % 20 }));
  const training = await createTraining({
    ...{ network, duration, batchSize: batch, precision: "f32" },
    data: { train: samplesOf(trials, { channels: usual.channels, classes: 20, duration }) },
    loss: { kind: "integral_cross_entropy", weighting: "exponential" },
    // So small that activity stays as it is.
    optimizer: { learningRate: 1e-9 },
    threads: workerThreads(threads),
  });
  const ms = [];
  for (let n = 0; n <= rounds; n++) {
    const start = performance.now();
    await training.epoch();
    if (n > 0) ms.push((performance.now() - start) / batch);
  }
  training.close();
  return { batch, threads, ms: ms.toSorted((a, b) => a - b)[rounds >> 1] };
}

/** Slope of log cost over log size. */
function exponentOf(rows) {
  const points = rows.map((row) => [Math.log(row.size), Math.log(row.ms)]);
  const mean = (k) => points.reduce((sum, point) => sum + point[k], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const covariance = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return covariance / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}

const axes = [
  ["neurons", [64, 128, 256, 512, 1024], (row) => row.neurons],
  ["channels", [70, 350, 700, 2100, 7700], (row) => row.channels],
  ["drive", [0.7, 0.85, 1, 1.4, 2], (row) => row.spikes],
  ["duration", [100, 300, 1000, 3000, 10000], (row) => row.duration],
];
const series = [];
for (const [axis, sizes, size] of axes) {
  const rows = [];
  for (const value of sizes) {
    const row = await costOf({ ...usual, [axis]: value });
    rows.push({ size: size(row), ...row });
  }
  series.push({ axis: axis === "drive" ? "spikes a neuron" : axis, rows, exponent: exponentOf(rows) });
}
for (const threads of [1, 2]) {
  const rows = [];
  for (const batch of [1, 4, 16, 64, 256]) rows.push({ size: batch, ...(await costOfBatch(batch, threads)) });
  series.push({
    axis: `batch, ${threads} thread${threads > 1 ? "s" : ""}`,
    rows,
    exponent: exponentOf(rows),
  });
}
for (const { axis, rows, exponent } of series) {
  console.log(`${axis}: ms ∝ size^${exponent.toFixed(2)}`);
  for (const row of rows) {
    console.log(
      `  ${String(Number(row.size.toFixed(1))).padStart(8)}  ${row.ms.toFixed(3).padStart(9)} ms` +
        (row.spikes ? `  ${row.spikes.toFixed(1)} spikes a neuron` : ""),
    );
  }
}
const machine = { cpu: cpus()[0].model, cores: cpus().length, node: process.version };
const command = "node bench/scaling.mjs";
await writeFile(
  new URL("./results/scaling.json", import.meta.url),
  `${JSON.stringify({ command, machine, series }, null, 2)}\n`,
);
await writeFile(new URL("../docs/pictures/scaling.svg", import.meta.url), await scalingPicture(series));
