// goldspike as the other programs of this folder: see task.py for what is asked and answered.
//
//   node bench/peers/goldspike.mjs --batch 32 --threads 1 --variant f32|f64 [--case FOLDER] [--idle]
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { createTraining, workerThreads } from "../../dist/training.js";
import { problem } from "./problem.mjs";

const { values } = parseArgs({
  options: {
    batch: { type: "string", default: "32" },
    threads: { type: "string", default: "1" },
    variant: { type: "string", default: "f32" },
    case: { type: "string" },
    idle: { type: "boolean", default: false },
  },
});
const say = (fields) => console.log(JSON.stringify(fields));
const training = values.idle ? undefined : await start();
say({ ready: true });
for await (const line of createInterface({ input: process.stdin })) say(await timed(Number(line)));
training?.close();

/** An epoch has one batch: a training step. The learning rate is so small that activity stays as it is. */
async function start() {
  const batch = Number(values.batch);
  const { network, duration, train } = await problem(batch, values.case);
  const made = await createTraining({
    network,
    data: { train },
    duration,
    loss: { kind: "integral_cross_entropy", weighting: "uniform" },
    optimizer: { learningRate: 1e-6 },
    batchSize: batch,
    precision: values.variant,
    threads: workerThreads(Number(values.threads)),
  });
  for (let k = 0; k < 2; k++) await made.epoch();
  return made;
}

async function timed(steps) {
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  let record;
  for (let k = 0; k < steps; k++) record = await training.epoch();
  const { user, system } = process.cpuUsage(cpu);
  const spikes = record.hiddenSpikes * Number(values.batch);
  const seconds = { wall: (performance.now() - wall) / 1000, cpu: (user + system) / 1e6 };
  return { ...seconds, loss: record.train.loss, spikes };
}
