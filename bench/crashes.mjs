// Tiny runs, started and gone on with as a user would, and killed on the way.
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import { oneThread } from "../dist/engine/batch/threads.js";
import { loadExperiment } from "../dist/run/experiment.js";
import { RunFolder } from "../dist/run/runFolder.js";
import { trainRun } from "../dist/run/trainRun.js";
import { loadRunConfig } from "../dist/training/config/load.js";
import { Trainer } from "../dist/training/trainer.js";
import { everyState } from "../test/support/training/everyState.mjs";

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const main = path("dist/cli/main.js");
const preload = path("test/support/crash.mjs");

const common = {
  dataset: { kind: "yinyang", train: 40, test: 12 },
  split: { kind: "random", validation: 10 },
  duration: 30,
  loss: { kind: "integral_cross_entropy", weighting: "uniform" },
  batch_size: 16,
};
const weights = { input_hidden: { mean: 1.5, sd: 1.5 }, hidden_output: { mean: 0, sd: 1 } };

/** Few tensors. */
export const least = {
  ...common,
  network: { hidden: [{ size: 8, recurrent: false }], weights },
  optimizer: { kind: "adam", learning_rate: 0.02 },
  threads: 1,
};

/** Every kind of state that a run carries, in threads. */
export const most = {
  ...common,
  ...everyState,
  network: { ...everyState.network, weights },
  epochs: 5,
  threads: 2,
};

/** Makes a folder with the settings of a run that is not begun. */
export function settings(folder, content) {
  mkdirSync(folder);
  writeFileSync(join(folder, "settings.yaml"), stringify(content));
}

/**
 * What a user does in a folder whose run has not ended, whatever happened in it.
 *
 * @param moment when the process is killed: before the file operation `at`, or in the middle of it, or `after` milliseconds
 *   since the first one
 */
export function started(folder, moment) {
  const begun = existsSync(join(folder, "runs/run/config.yaml"));
  const args = begun ? ["resume", "runs/run"] : ["train", "settings.yaml", "-o", "runs/run"];
  const log = `${folder}.log`;
  const crash = { under: folder, at: moment?.at, half: moment?.half, log };
  const env = { ...process.env, GOLDSPIKE_DEBUG: "", GOLDSPIKE_CRASH: JSON.stringify(crash) };
  const watched = moment === undefined ? [] : ["--import", preload];
  return new Promise((resolve) => {
    const stdio = ["ignore", "ignore", "pipe"];
    const child = spawn(process.execPath, [...watched, main, ...args], { cwd: folder, env, stdio });
    let first;
    const look = () => {
      if (first === undefined && existsSync(log)) first = performance.now();
      if (performance.now() - first >= moment.after) child.kill("SIGKILL");
    };
    const timer = moment?.after === undefined ? undefined : setInterval(look, 1);
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    child.on("close", (code, signal) => {
      clearInterval(timer);
      const steps = existsSync(log) ? readFileSync(log, "utf8").split("\n").slice(0, -1) : [];
      rmSync(log, { force: true });
      const seconds = (performance.now() - first) / 1000;
      resolve({ code, wasKilled: signal === "SIGKILL", stderr, steps, moment, seconds });
    });
  });
}

/** Where a kill has hit, in words. */
export function placeOf({ steps, moment }) {
  const last = steps.at(-1)?.replaceAll(/(\.\*)+(\.tmp)?$/g, "$2");
  if (last === undefined) return "before the first operation";
  return moment.after !== undefined
    ? `some time after ${last}`
    : `${moment.half && last.startsWith("write") ? "within" : "before"} ${last}`;
}

/** A run that was never killed. */
export async function wholeRun(folder) {
  const { code, stderr } = await started(folder);
  if (code !== 0) throw new Error(stderr);
  const expected = contentOf(folder);
  const differencesOf = (other) => {
    const found = contentOf(other);
    const names = [...new Set([...Object.keys(expected), ...Object.keys(found)])];
    return names.flatMap((name) => {
      if (!(name in found)) return `${name} is missing`;
      if (!(name in expected)) return `${name} is left`;
      return found[name] === expected[name] ? [] : `${name} differs`;
    });
  };
  return { folder, differencesOf };
}

/** Of all files, without what a clock has measured. */
function contentOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return Object.fromEntries(
    paths.map((file) => {
      const text = readFileSync(file, "latin1");
      const isTimed = file.endsWith(".html") || file.endsWith(".jsonl");
      return [file.slice(folder.length + 1), isTimed ? untimed(file, text) : text];
    }),
  );
}

function untimed(file, text) {
  // How long a run took stands in its report.
  if (file.endsWith(".html")) return "";
  return text.replaceAll(/,"seconds":\{[^}]*\}/g, "");
}

/** A run that a signal has stopped in the middle of its last epoch. */
export async function interruptedRun(folder) {
  const { config, dataset } = await loadExperiment(await loadRunConfig(join(folder, "settings.yaml")));
  const trainer = await Trainer.create(config, dataset, oneThread);
  const run = await RunFolder.create(join(folder, "runs/run"), config);
  const stop = new AbortController();
  const onBatch = ({ epoch }) => epoch === config.epochs && stop.abort();
  try {
    await trainRun(trainer, { folder: run, listener: { onBatch }, signal: stop.signal });
  } finally {
    await run.close();
    trainer.engine.close();
  }
  return folder;
}

/** Spoils the newest checkpoint, as a bad disk does. */
export function cutShort(folder) {
  truncateSync(join(folder, "runs/run/last.safetensors"), 3000);
}
