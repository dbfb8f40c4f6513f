// What a training step costs in the systems that people would pick instead: forward pass, gradients of all weights, Adam.
//
//   npm run build && node bench/peers.mjs [--only NAME,NAME] [--variant NAME,NAME] [--case FOLDER] [--batch 32]
//     [--threads 1,2] [--dt 1,2,5] [--rounds 5] [--steps 2] [--venvs FOLDER] [-o FILE] [--page FILE]
//
// All systems of a setting run at once, each asked in turn while the others wait; figures are medians over the rounds. The
// first run makes virtual environments from PyPI. --case is a folder whose network is taken. Linux only: memory is read from
// /proc. Writes bench/results/peers_speed.json, where earlier rows of the same setting are replaced, and from that the
// tables of docs/side_by_side.md and docs/pictures/peers.svg; `--rounds 0` only writes those.
import { existsSync } from "node:fs";
import { access, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { version } from "../dist/index.js";
import { cacheFolder, interpreter, versionOf } from "./peers/environment.mjs";
import { writePage } from "./peers/page.mjs";
import { problem, taskBytes } from "./peers/problem.mjs";
import { Program } from "./peers/program.mjs";
import { systems } from "./peers/systems.mjs";

const own = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values } = parseArgs({
  options: {
    only: { type: "string", default: systems.map(({ name }) => name).join() },
    variant: { type: "string" },
    case: { type: "string" },
    batch: { type: "string", default: "32" },
    threads: { type: "string", default: "1,2" },
    dt: { type: "string", default: "1,2,5" },
    rounds: { type: "string", default: "5" },
    steps: { type: "string", default: "2" },
    venvs: { type: "string", default: cacheFolder() },
    out: { type: "string", short: "o", default: own("results/peers_speed.json") },
    page: { type: "string", default: own("../docs/side_by_side.md") },
  },
});
const batch = Number(values.batch);
await access(values.page);
const chosen = values.only.toLowerCase().split(",");
const variants = values.variant?.split(",");
const folder = await mkdtemp(join(tmpdir(), "goldspike-peers-"));
const task = join(folder, "task.npz");
const hidden = 256;
const idle = new Map();
try {
  if (Number(values.rounds) > 0) await writeFile(task, taskBytes(await problem(batch, values.case)));
  for (const threads of Number(values.rounds) > 0 ? numbers(values.threads) : [])
    for (const dt of numbers(values.dt)) await keep(await measured(dt, threads));
} finally {
  await rm(folder, { recursive: true });
}
await writePage(values.out, values.page);

function numbers(text) {
  return text.split(",").map(Number);
}

/** One row a system and variant. */
async function measured(dt, threads) {
  const rows = [];
  for (const system of systems.filter(({ name }) => chosen.includes(name.toLowerCase())))
    for (const variant of system.variants.filter((name) => variants?.includes(name) ?? true))
      rows.push(await started(system, variant, dt, threads));
  for (let round = 0; round < Number(values.rounds); round++)
    for (const row of rows) await askRow(row, Number(values.steps));
  return Promise.all(rows.map(finished));
}

/** A program that is ready, its compilation done. */
async function started(system, variant, dt, threads) {
  const row = { system: system.name, variant, dt, threads, batch, rounds: [] };
  try {
    const python = system.venv && (await interpreter(values.venvs, system.venv));
    row.version = python ? await versionOf(python, system.package) : version;
    const command = python || process.execPath;
    const args = [own(`peers/${system.program}`), task, "--variant", variant];
    row.idle_mib = await idleMemory(system.name, command, args);
    args.push("--dt", String(dt), "--threads", String(threads));
    row.process = new Program(command, args, threads);
    await row.process.answer();
    row.start_mib = await row.process.peak();
    await row.process.forgetPeak();
  } catch (error) {
    row.error = error.message.trim().split("\n").at(-1);
  }
  say(row, row.error ?? "ready");
  return row;
}

/** Of a process that has loaded all and computes nothing; by system. */
async function idleMemory(name, command, args) {
  if (!idle.has(name)) {
    const program = new Program(command, [...args, "--idle"], 1);
    await program.answer();
    idle.set(name, await program.peak());
    program.end();
  }
  return idle.get(name);
}

async function askRow(row, steps) {
  if (row.error) return;
  try {
    const answer = await row.process.ask(steps);
    row.rounds.push({
      cpu_ms: (1000 * answer.cpu) / steps / batch,
      wall_ms: (1000 * answer.wall) / steps / batch,
    });
    row.loss = answer.loss;
    row.spikes_per_neuron = answer.spikes / batch / hidden;
  } catch (error) {
    row.error = error.message;
  }
}

async function finished({ process: program, rounds, ...row }) {
  if (!program || row.error) return row;
  const peak = await program.peak();
  program.end();
  const figures = {
    cpu_ms: median(rounds.map(({ cpu_ms }) => cpu_ms)),
    wall_ms: median(rounds.map(({ wall_ms }) => wall_ms)),
    cpu_ms_rounds: rounds.map(({ cpu_ms }) => Number(cpu_ms.toFixed(3))),
    peak_mib: peak,
  };
  say(row, `${figures.cpu_ms.toFixed(2)} ms, ${peak.toFixed(0)} MiB`);
  return { ...row, ...figures };
}

function say({ system, variant, dt, threads }, text) {
  process.stderr.write(`${system} ${variant}, dt ${dt} ms, ${threads} threads: ${text}\n`);
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

/** Rows of the same setting are replaced. */
async function keep(rows) {
  const before = existsSync(values.out) ? JSON.parse(await readFile(values.out, "utf8")).rows : [];
  const key = ({ system, variant, dt, threads, batch }) => [system, variant, dt, threads, batch].join();
  const fresh = new Set(rows.map(key));
  const machine = cpus()[0].model;
  const about = { date: new Date().toISOString().slice(0, 10), machine, cores: cpus().length };
  Object.assign(about, {
    node: process.version,
    network: values.case ? "bench_shd_like" : "bench/speechLike.js",
  });
  const all = [...before.filter((row) => !fresh.has(key(row))), ...rows.map(rounded)];
  const text = all.map((row) => `  ${JSON.stringify(row)}`).join(",\n");
  await writeFile(values.out, `{"about": ${JSON.stringify(about)}, "rows": [\n${text}\n]}\n`);
}

function rounded(row) {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === "number" ? Number(value.toPrecision(5)) : value,
    ]),
  );
}
