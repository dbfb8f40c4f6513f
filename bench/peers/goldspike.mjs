// goldspike as the other programs of this folder: see task.py for what is asked and answered. It has no time step.
//
//   node bench/peers/goldspike.mjs TASK.npz [--threads 1] [--variant f32|f64] [--idle]
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { createTraining, workerThreads } from "../../dist/training.js";
import { taskOf } from "./problem.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dt: { type: "string" },
    threads: { type: "string", default: "1" },
    variant: { type: "string", default: "f32" },
    idle: { type: "boolean", default: false },
  },
});
const say = (fields) => console.log(JSON.stringify(fields));
if (values.idle) await idle();
const { network, duration, train } = taskOf(await readFile(positionals[0]));
const batch = train.labels.length;
const training = await createTraining({
  network,
  data: { train },
  duration,
  loss: { kind: "integral_cross_entropy", weighting: "uniform" },
  // So small that activity stays as it is.
  optimizer: { learningRate: 1e-9 },
  batchSize: batch,
  precision: values.variant,
  threads: workerThreads(Number(values.threads)),
});
// An epoch has one batch: a training step.
for (let k = 0; k < 2; k++) await training.epoch();
say({ ready: true });
for await (const line of createInterface({ input: process.stdin })) say(await timed(Number(line)));
training.close();

async function idle() {
  say({ ready: true });
  for await (const _ of process.stdin);
  process.exit();
}

async function timed(steps) {
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  let record;
  for (let k = 0; k < steps; k++) record = await training.epoch();
  const { user, system } = process.cpuUsage(cpu);
  const seconds = { wall: (performance.now() - wall) / 1000, cpu: (user + system) / 1e6 };
  return { ...seconds, loss: record.train.loss, spikes: record.hiddenSpikes * batch };
}
