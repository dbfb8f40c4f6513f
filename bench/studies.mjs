// What a study of many tiny points costs beside their trainings alone, and what becomes of it when it is killed.
// Ends with 1 if a table differs.
//
//   npm run build && node bench/studies.mjs             a sweep beside bare trainings, three times in turn
//   npm run build && node bench/studies.mjs --kills 20  killed at random moments, and gone on with
//   npm run build && node bench/studies.mjs --estimate  `sweep estimate` of twelve larger points beside the time they take
//
// --points 200, --seed 1: of the kills.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { stringify } from "yaml";
import { uniform } from "./damage.mjs";

const { values } = parseArgs({
  options: {
    points: { type: "string", default: "200" },
    kills: { type: "string" },
    estimate: { type: "boolean", default: false },
    seed: { type: "string", default: "1" },
  },
});
const points = Number(values.points);
const jobs = availableParallelism();
const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const main = path("dist/cli/main.js");
const folder = mkdtempSync(join(tmpdir(), "goldspike-studies-"));

/** Half a second to a second a point. */
const base = {
  dataset: { kind: "yinyang", train: 600, test: 60 },
  split: { kind: "random", validation: 60 },
  duration: 30,
  network: {
    hidden: [{ size: 8, recurrent: false }],
    weights: { input_hidden: { mean: 1.5, sd: 1.5 }, hidden_output: { mean: 0, sd: 1 } },
  },
  loss: { kind: "integral_cross_entropy", weighting: "uniform" },
  optimizer: { kind: "adam", learning_rate: 0.02 },
  batch_size: 32,
  epochs: 20,
  threads: 1,
};

const study = {
  base,
  axes: {
    "network.hidden.0.size": [16, 24, 32, 40],
    "optimizer.learning_rate": { log_uniform: [1e-3, 1e-1], count: 5 },
  },
  seeds: Array.from({ length: points / 20 }, (_, k) => k + 1),
};

/** Ends when the command has, with its code. */
function command(args) {
  const child = spawn(process.execPath, args, { cwd: folder, stdio: "ignore", detached: true });
  return { child, ended: new Promise((resolve) => child.on("close", resolve)) };
}

async function sweep(name) {
  const code = await command([main, "sweep", "study.yaml", "-o", name]).ended;
  if (code !== 0) throw new Error(`${name}: the sweep ends with ${code}`);
}

/** Twelve points of some ten seconds. */
const larger = {
  base: { ...base, dataset: { kind: "yinyang", train: 6000, test: 600 }, epochs: 30 },
  axes: { "network.hidden.0.size": [24, 48, 96], batch_size: [32, 64] },
  seeds: [1, 2],
};

async function estimated() {
  writeFileSync(join(folder, "larger.yaml"), stringify(larger));
  const line = execFileSync(process.execPath, [main, "sweep", "estimate", "larger.yaml"], { cwd: folder });
  const hours = Number(/core_hours=(\S+)/.exec(String(line))[1]);
  const args = [main, "sweep", "larger.yaml", "-o", "larger", "--jobs", "1", "--threads", "1"];
  const seconds = await secondsOf(() => command(args).ended);
  const found = { points: 12, estimate_s: (3600 * hours).toFixed(1), real_s: seconds.toFixed(1) };
  console.log({ ...found, ratio: ((3600 * hours) / seconds).toFixed(3) });
}

async function tableOf(name) {
  await command([main, "sweep", "table", name, "--csv", "-o", `${name}.csv`]).ended;
  return readFileSync(join(folder, `${name}.csv`), "utf8");
}

/** The same runs in as many processes, without claims, table and report of the study. */
async function bareTrainings(whole, name) {
  const configs = readdirSync(join(folder, whole, "points")).map((point) =>
    join(folder, whole, "points", point, "config.yaml"),
  );
  const parts = Array.from({ length: jobs }, (_, k) => configs.filter((__, n) => n % jobs === k));
  const program = path("bench/bareTrainings.mjs");
  const codes = await Promise.all(parts.map((part) => command([program, name, ...part]).ended));
  if (codes.some((code) => code !== 0)) throw new Error("a bare training fails");
}

async function secondsOf(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

async function overhead() {
  await sweep("whole");
  console.log("points jobs sweep_s bare_s ratio");
  for (let round = 0; round < 3; round++) {
    const swept = await secondsOf(() => sweep(`sweep${round}`));
    const bare = await secondsOf(() => bareTrainings("whole", `bare${round}`));
    console.log(points, jobs, swept.toFixed(1), bare.toFixed(1), (swept / bare).toFixed(3));
  }
}

/** The sweep alone, one of its workers, or all at once, as when the machine goes. */
const victims = ["sweep", "worker", "all"];

async function killedSweeps() {
  const whole = await secondsOf(() => sweep("whole"));
  const draw = uniform(Number(values.seed));
  const told = [];
  for (let kill = 0; kill < Number(values.kills); kill++) {
    const { child, ended } = command([main, "sweep", "study.yaml", "-o", "killed"]);
    await Promise.race([ended, setTimeout((1000 * 2 * draw() * whole) / Number(values.kills))]);
    const victim = victims[Math.floor(draw() * victims.length)];
    const workers = childrenOf(child.pid);
    const killed = { sweep: [child.pid], worker: workers.slice(0, 1), all: [child.pid, ...workers] }[victim];
    for (const pid of killed) endNow(pid);
    // A sweep begins a dead worker again.
    if (victim === "worker") {
      await setTimeout(300);
      endNow(child.pid);
    }
    await ended;
    told.push(victim);
  }
  await sweep("killed");
  const isSame = (await tableOf("killed")) === (await tableOf("whole"));
  console.log(`points=${points} kills=${told.length} (${told.join(" ")}) same_table=${isSame}`);
  if (!isSame) {
    process.exitCode = 1;
    cpSync(folder, `${folder}-kept`, { recursive: true });
  }
}

function childrenOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
      .trim()
      .split(" ")
      .filter(Boolean)
      .map(Number);
  } catch {
    return [];
  }
}

function endNow(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

try {
  writeFileSync(join(folder, "study.yaml"), stringify(study));
  if (values.estimate) await estimated();
  else await (values.kills === undefined ? overhead() : killedSweeps());
} finally {
  rmSync(folder, { recursive: true, force: true });
}
