// How much faster training is with two threads than with one, in one process and alternating, batch by batch:
//
//   npm run build && node bench/throughput.mjs [CONFIG] [--data FOLDER] [--batches N] [--threads N]
//
// Prints the seconds that an epoch of all training trials takes, and the median ratio. Both runs must end with the same
// bits, or nothing is printed.
import { parseArgs } from "node:util";
import { workerThreads } from "../dist/engine/batch/workerThreads.js";
import { loadExperiment } from "../dist/run/experiment.js";
import { loadRunConfig } from "../dist/training/config/load.js";
import { Trainer } from "../dist/training/trainer.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: "string" },
    batches: { type: "string", default: "60" },
    threads: { type: "string", default: "2" },
  },
});
const [path = "configs/fsdd.yaml"] = positionals;
const config = await loadRunConfig(path, { data: values.data });
const counts = [1, Number(values.threads)];
const { config: resolved, dataset } = await loadExperiment(config);
const trainers = await Promise.all(
  counts.map((threads) => Trainer.create(resolved, dataset, workerThreads(threads))),
);
const times = counts.map(() => []);
for (const trainer of trainers) trainer.trainBatch();
for (let n = 1; n < Math.min(Number(values.batches), trainers[0].batchCount); n++) {
  for (const [k, trainer] of trainers.entries()) {
    const start = performance.now();
    trainer.trainBatch();
    times[k].push(performance.now() - start);
  }
}
const bits = trainers.map(({ parameters }) => JSON.stringify(parameters.map((tensor) => [...tensor.read()])));
for (const { engine } of trainers) engine.close();
if (bits.some((text) => text !== bits[0])) throw new Error("the runs differ");
const trials = dataset.train.labels.length;
for (const [k, threads] of counts.entries()) {
  const epoch = (median(times[k]) * trials) / config.batch_size / 1000;
  console.log(`threads=${threads} batch_ms=${median(times[k]).toFixed(1)} epoch_s=${epoch.toFixed(2)}`);
}
console.log(`ratio=${median(times[0].map((time, n) => time / times[1][n])).toFixed(2)}`);

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
}
