// Held-out accuracy against time and epochs: the same network, initial weights, batch size, loss and optimiser, trained with
// exact gradients by goldspike and by backpropagation through time in PyTorch (bench/peers/accuracy_bptt.py), one thread each:
//
//   npm run build && node bench/accuracy_for_time.mjs [--data FOLDER] [--seeds 1,2,3] [--epochs 12] [--sharpness 25] [--venvs FOLDER]
//
// The settings are those of bench/accuracy_for_time.yaml; the order of the trials is each system's own, and the surrogate's
// sharpness is PyTorch's, at which it learned best. Writes
// bench/results/accuracy_for_time.json and docs/pictures/accuracy_for_time.svg; without seeds (`--seeds ""`) the picture only.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { workerThreads } from "../dist/engine/batch/workerThreads.js";
import { loadExperiment } from "../dist/run/experiment.js";
import { loadRunConfig } from "../dist/training/config/load.js";
import { Trainer } from "../dist/training/trainer.js";
import { accuracyPicture } from "./peers/accuracyPicture.mjs";
import { cacheFolder, interpreter, versionOf } from "./peers/environment.mjs";
import { taskBytes } from "./peers/problem.mjs";
import { Program } from "./peers/program.mjs";

const own = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values } = parseArgs({
  options: {
    data: { type: "string" },
    seeds: { type: "string", default: "1,2,3" },
    epochs: { type: "string" },
    dt: { type: "string", default: "1" },
    sharpness: { type: "string", default: "25" },
    venvs: { type: "string", default: cacheFolder() },
  },
});
const results = own("results/accuracy_for_time.json");
const seeds = values.seeds === "" ? [] : values.seeds.split(",").map(Number);
const runs = [];
for (const seed of seeds) {
  const { config, dataset } = await experiment(seed);
  const trainer = await Trainer.create(config, dataset, workerThreads(1));
  const network = trainer.network();
  runs.push({ system: "goldspike", seed, epochs: await exact(trainer, dataset.test) });
  runs.push({ system: "PyTorch BPTT", seed, epochs: await throughTime(config, dataset, network, seed) });
  await save();
}
const kept = JSON.parse(await readFile(results, "utf8"));
await writeFile(own("../docs/pictures/accuracy_for_time.svg"), await accuracyPicture(kept.runs));

async function save() {
  const python = await interpreter(values.venvs, "torch");
  const about = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0].model}, ${cpus().length} cores, Node ${process.versions.node}`,
    torch: await versionOf(python, "torch"),
    dt: Number(values.dt),
    sharpness: Number(values.sharpness),
  };
  const text = runs.map((run) => `  ${JSON.stringify(run)}`).join(",\n");
  await writeFile(results, `{"about": ${JSON.stringify(about)}, "runs": [\n${text}\n]}\n`);
}

async function experiment(seed) {
  const loaded = await loadRunConfig(own("accuracy_for_time.yaml"), { seed, data: values.data });
  const epochs = values.epochs ? Number(values.epochs) : loaded.epochs;
  return loadExperiment({ ...loaded, epochs, threads: 1 });
}

/** Epoch by epoch: CPU and wall seconds of training so far, and the test part's accuracy, whose time is left out. */
async function exact(trainer, test) {
  const spent = { cpu: 0, wall: 0 };
  const scored = async () => (await trainer.evaluate(test, "test")).score.accuracy;
  const course = [{ epoch: 0, ...spent, accuracy: await scored() }];
  while (trainer.stopReason === undefined) {
    const [wall, cpu] = [performance.now(), process.cpuUsage()];
    while (trainer.state.batch < trainer.batchCount) trainer.trainBatch();
    const { epoch, train, hiddenSpikes } = trainer.endEpoch(undefined);
    const { user, system } = process.cpuUsage(cpu);
    spent.cpu += (user + system) / 1e6;
    spent.wall += (performance.now() - wall) / 1000;
    course.push({ epoch, ...spent, loss: train.loss, hidden_spikes: hiddenSpikes, accuracy: await scored() });
    tell("goldspike", course.at(-1));
  }
  trainer.engine.close();
  return course.map(rounded);
}

async function throughTime(config, dataset, network, seed) {
  const folder = await mkdtemp(join(tmpdir(), "goldspike-accuracy-"));
  try {
    const paths = ["train", "test"].map((part) => join(folder, `${part}.npz`));
    for (const [k, part] of ["train", "test"].entries())
      await writeFile(paths[k], taskBytes({ network, duration: config.duration, train: dataset[part] }));
    const { learning_rate, decay, groups } = config.optimizer;
    const { epochs, batch_size, loss } = config;
    const settings = {
      ...{ seed, epochs, batch: batch_size, lr: learning_rate, decay, dt: Number(values.dt) },
      sharpness: Number(values.sharpness),
      readout_factor: groups["projections[2].weight"].rate_factor,
      weighting: loss.weighting,
    };
    const python = await interpreter(values.venvs, "torch");
    const script = own("peers/accuracy_bptt.py");
    const program = new Program(python, [script, ...paths, JSON.stringify(settings)], 1);
    const course = [];
    while (course.length <= epochs) {
      course.push(await program.answer());
      tell("PyTorch BPTT", course.at(-1));
    }
    program.end();
    return course.map(rounded);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function tell(system, { epoch, cpu, accuracy }) {
  process.stderr.write(
    `${system} epoch ${epoch}: ${(100 * accuracy).toFixed(1)} %, ${cpu.toFixed(0)} s of CPU time\n`,
  );
}

function rounded(entry) {
  return Object.fromEntries(Object.entries(entry).map(([key, value]) => [key, Number(value.toPrecision(5))]));
}
