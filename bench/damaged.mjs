// What the commands do with damaged files of every kind that they read: each must end within 10 s (--seconds) and 1 GiB,
// with exit code 0, 2, or 1 where a damaged case spikes without end, and say at most one line if it refuses. Ends with 1 if one does not; --keep FOLDER keeps those files.
//
//   npm run build && node bench/damaged.mjs [--kind h5] [--count 400] [--seed 1] [--keep FOLDER]
//
// Memory is the highest resident set that Linux saw of the whole process; elsewhere it is not known.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import { damaged, uniform } from "./damage.mjs";

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const main = path("dist/cli/main.js");
const { values } = parseArgs({
  options: {
    kind: { type: "string" },
    count: { type: "string", default: "400" },
    seed: { type: "string", default: "1" },
    seconds: { type: "string", default: "10" },
    keep: { type: "string" },
  },
});
const mostSeconds = Number(values.seconds);
const mostBytes = 2 ** 30;
const work = mkdtempSync(join(tmpdir(), "goldspike-damaged-"));

/** A vowel of a tenth of a second. */
function sound() {
  const bytes = Buffer.alloc(44 + 3200);
  bytes.write("RIFF....WAVEfmt ");
  bytes.writeUInt32LE(bytes.length - 8, 4);
  for (const [at, value] of [
    [16, 16],
    [24, 16000],
    [28, 32000],
    [40, 3200],
  ])
    bytes.writeUInt32LE(value, at);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ])
    bytes.writeUInt16LE(value, at);
  bytes.write("data", 36);
  for (let n = 0; n < 1600; n++)
    bytes.writeInt16LE(Math.round(9000 * (Math.sin(n / 8) + Math.sin(n / 2.3))), 44 + 2 * n);
  return bytes;
}

const settings = (dataset) => `dataset: ${dataset}
duration: 40
network:
  hidden:
    - { size: 8, tau_mem: 20, tau_syn: 5, recurrent: true }
  output: { tau_mem: 20, tau_syn: 5 }
loss: { kind: max_cross_entropy }
optimizer: { kind: adam, learning_rate: 0.01 }
batch_size: 16
epochs: 2
seed: 3
`;

/** A run of a network on points, whose checkpoint is damaged. */
function trainedRun() {
  const folder = join(work, "run");
  const points = "{ kind: yinyang, train: 32, test: 16, train_seed: 1, test_seed: 2 }";
  writeFileSync(join(work, "run.yaml"), settings(points));
  execFileSync(process.execPath, [main, "train", join(work, "run.yaml"), "-o", folder], { stdio: "pipe" });
  return folder;
}

const unpacked = (name) => gunzipSync(readFileSync(path(`test/fixtures/${name}.gz`)));
const recordings = () => [
  readFileSync(path("test/fixtures/shd.h5")),
  unpacked("shd_names.h5"),
  unpacked("shd_f64_big_endian.h5"),
  unpacked("shd_real_size.h5"),
];

/** Of each kind the whole files, and what is done with a damaged one in a folder of its own. */
const kinds = {
  h5: {
    whole: recordings,
    command: (folder, write) => ["data", "info", write(join(folder, "words.h5"))],
  },
  "h5.gz": {
    whole: recordings,
    // As often inside as outside.
    damage: (bytes, draw) => (draw() < 0.5 ? gzipSync(damaged(bytes, draw)) : damaged(gzipSync(bytes), draw)),
    command: (folder, write) => ["data", "info", write(join(folder, "words.h5.gz"))],
  },
  wav: {
    whole: () => [sound()],
    command: (folder, write) => {
      const output = join(folder, "out.h5");
      return ["encode", write(join(folder, "a.wav")), "-o", output, "--channels", "8"];
    },
  },
  json: {
    isText: true,
    whole: () =>
      ["recurrence", "first-spikes"].map((name) => readFileSync(path(`suite/smoke/${name}/case.json`))),
    command: (folder, write) => ["solve", write(join(folder, "case.json"))],
  },
  yaml: {
    isText: true,
    // Its data are not there: how long it would train is not the question.
    whole: () => [Buffer.from(settings("{ kind: shd, train: a.h5, test: b.h5, channels: 70 }"))],
    command: (folder, write) => ["train", write(join(folder, "run.yaml")), "-o", join(folder, "run")],
  },
  csv: {
    isText: true,
    whole: () => [Buffer.from(`file,label,speaker\n"a.wav",fünf,1\nb.wav,"ei,ns",2\n`)],
    command: (folder, write) => {
      writeFileSync(join(folder, "a.wav"), sound());
      const labels = write(join(folder, "labels.csv"));
      const output = join(folder, "out.h5");
      return ["encode", join(folder, "a.wav"), "--labels", labels, "-o", output, "--channels", "4"];
    },
  },
  nir: {
    whole: () => ["norse", "snntorch_100"].map((name) => unpacked(`nir/${name}.nir`)),
    command: (folder, write) => {
      const said = ["--time-unit", "s", "--any-times", "-o", join(folder, "net.json")];
      return ["nir", "import", write(join(folder, "a.nir")), ...said];
    },
  },
  npz: {
    prepare: () => {
      const file = join(work, "whole.npz");
      execFileSync(process.execPath, [main, "export", "smoke/recurrence", "-o", file], { stdio: "pipe" });
      return file;
    },
    whole: (file) => [readFileSync(file)],
    command: (folder, write) => ["export", write(join(folder, "a.npz")), "-o", join(folder, "net.json")],
  },
  safetensors: {
    prepare: trainedRun,
    whole: (run) => [readFileSync(join(run, "last.safetensors"))],
    command: (folder, write, run) => {
      cpSync(run, join(folder, "run"), { recursive: true });
      write(join(folder, "run", "last.safetensors"));
      return ["evaluate", join(folder, "run"), "--checkpoint", "last", "--threads", "1"];
    },
  },
};

/** One command, watched from outside. */
function watched(args) {
  return new Promise((resolve) => {
    const start = performance.now();
    const env = { ...process.env, GOLDSPIKE_DEBUG: "" };
    const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "ignore", "pipe"], env });
    let [stderr, bytes] = ["", 0];
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    const look = () => {
      try {
        const status = readFileSync(`/proc/${child.pid}/status`, "latin1");
        bytes = Math.max(bytes, 1024 * Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0));
      } catch {}
      if (performance.now() - start > 6000 * mostSeconds) child.kill("SIGKILL");
    };
    const timer = setInterval(look, 20);
    child.on("close", (code) => {
      clearInterval(timer);
      resolve({ code, stderr, bytes, seconds: (performance.now() - start) / 1000 });
    });
  });
}

function violationsOf({ code, stderr, bytes, seconds }) {
  const lines = stderr.split("\n").length - 1;
  return [
    seconds > mostSeconds && `${seconds.toFixed(1)} s`,
    bytes > mostBytes && `${(bytes / 2 ** 20).toFixed(0)} MiB`,
    ![0, 1, 2].includes(code) && `exit code ${code}`,
    code !== 0 && lines !== 1 && `${lines} lines`,
    (/\n\s+at /.test(stderr) || /^Aborted|bug in goldspike/m.test(stderr)) && "a stack or a bare word",
  ].filter(Boolean);
}

async function tried(name, count, seed) {
  const kind = kinds[name];
  const prepared = kind.prepare?.();
  const whole = kind.whole(prepared);
  const summary = { refused: 0, read: 0, seconds: 0, bytes: 0, violations: 0 };
  const one = async (k) => {
    const draw = uniform(seed * 1_000_003 + k);
    const bytes = whole[k % whole.length];
    const content = kind.damage ? kind.damage(bytes, draw) : damaged(bytes, draw, kind.isText);
    const folder = join(work, `${name}-${k}`);
    mkdirSync(folder);
    const write = (file) => {
      writeFileSync(file, content);
      return file;
    };
    const run = await watched(kind.command(folder, write, prepared));
    summary[run.code === 0 ? "read" : "refused"]++;
    summary.seconds = Math.max(summary.seconds, run.seconds);
    summary.bytes = Math.max(summary.bytes, run.bytes);
    const violations = violationsOf(run);
    if (violations.length > 0) {
      summary.violations++;
      console.log(`${name} ${k}: ${violations.join(", ")}: ${JSON.stringify(run.stderr.slice(0, 300))}`);
      if (values.keep) cpSync(folder, join(values.keep, `${name}-${k}`), { recursive: true });
    }
    rmSync(folder, { recursive: true });
  };
  let next = 0;
  const worker = async () => {
    while (next < count) await one(next++);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return summary;
}

const columns = ["count", "refused", "read", "worst_s", "worst_MiB", "violations"];
console.log(["kind".padEnd(12), ...columns.map((name) => name.padStart(10))].join(" "));
try {
  for (const name of values.kind ? [values.kind] : Object.keys(kinds)) {
    const { refused, read, seconds, bytes, violations } = await tried(
      name,
      Number(values.count),
      Number(values.seed),
    );
    const row = [values.count, refused, read, seconds.toFixed(1), (bytes / 2 ** 20).toFixed(0), violations];
    console.log([name.padEnd(12), ...row.map((cell) => String(cell).padStart(10))].join(" "));
    if (violations > 0) process.exitCode = 1;
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
