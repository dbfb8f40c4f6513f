// What becomes of runs that are killed: each must go on by the command that a user would give, end with the bits of one that
// was never killed, and leave no file that is not its own. Ends with 1 if one does not.
//
//   npm run build && node bench/kills.mjs [--count 300] [--seed 1]   kills at random moments, in chains of starts and resumes
//   npm run build && node bench/kills.mjs --every                    a kill before every file operation, and within writes
//
// Moments are file operations (test/support/crash.mjs), or milliseconds since the first one.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cutShort, interruptedRun, least, most, placeOf, settings, started, wholeRun } from "./crashes.mjs";
import { uniform } from "./damage.mjs";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "300" },
    seed: { type: "string", default: "1" },
    every: { type: "boolean", default: false },
  },
});
const seed = Number(values.seed);
const work = mkdtempSync(join(tmpdir(), "goldspike-kills-"));

/** As many at a time as there are cores, in the order of the list. */
async function all(list, one) {
  let next = 0;
  const worker = async () => {
    while (next < list.length) await one(list[next++]);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

/** What came of the runs of a kind. */
class Tally {
  runs = 0;
  kills = 0;
  same = 0;
  hands = 0;
  places = new Map();

  killed(place) {
    this.kills++;
    this.places.set(place, (this.places.get(place) ?? 0) + 1);
  }

  /** @param complaints of the run's end, none if all is well */
  ended(name, complaints) {
    this.runs++;
    if (complaints.length === 0) this.same++;
    else {
      this.hands++;
      console.log(`${name}: ${complaints.join("; ")}`);
    }
  }

  print(name) {
    const row = [this.runs, this.kills, this.same, this.hands];
    console.log([name.padEnd(12), ...row.map((cell) => String(cell).padStart(9))].join(" "));
    if (this.hands > 0) process.exitCode = 1;
  }
}

function printHead() {
  const columns = ["runs", "kills", "same_bits", "hands"];
  console.log(["kind".padEnd(12), ...columns.map((name) => name.padStart(9))].join(" "));
}

let folders = 0;
/** A folder of its own for one run, with settings, or as another one is. */
function folderFrom(origin) {
  const folder = join(work, `${folders++}`);
  if (typeof origin === "string") cpSync(origin, folder, { recursive: true });
  else settings(folder, origin);
  return folder;
}

/** A run that is killed at each of these moments, one after another, and then goes on to its end. */
async function chain(name, origin, moments, whole, tally) {
  const folder = folderFrom(origin);
  for (const moment of moments) {
    const run = await started(folder, moment);
    if (run.wasKilled) tally.killed(placeOf(run));
    else if (run.code !== 0) return tally.ended(name, [`exit code ${run.code}: ${run.stderr}`]);
  }
  const run = await started(folder);
  const complaints = run.code === 0 ? whole.differencesOf(folder) : [`exit code ${run.code}: ${run.stderr}`];
  tally.ended(name, complaints);
  rmSync(folder, { recursive: true });
}

/** Starts have one epoch and resumes another, which go through all that a run of many does. */
async function every() {
  const two = folderFrom({ ...least, epochs: 2 });
  const interrupted = await interruptedRun(folderFrom(two));
  const [shorter, whole] = await Promise.all([wholeRun(folderFrom({ ...least, epochs: 1 })), wholeRun(two)]);
  const resumed = await wholeRun(folderFrom(interrupted));
  const differences = whole.differencesOf(resumed.folder);
  // The checkpoint before the last is that of the interruption.
  if (differences.join() !== "runs/run/previous.safetensors differs") throw new Error(differences.join("; "));
  const damaged = folderFrom(whole.folder);
  cutShort(damaged);
  printHead();
  await everyOf("start", { ...least, epochs: 1 }, shorter);
  await everyOf("resume", interrupted, resumed);
  // From the lock to where the run goes on as any other.
  const isOwn = (_, k, steps) =>
    k >= steps.findIndex((step) => !/lock|sync/.test(step)) &&
    k <= steps.indexOf("open runs/run/metrics.jsonl");
  await everyOf("restart", await crashedRun({ ...least, epochs: 1 }), shorter, isOwn);
  await everyOf("mend", damaged, whole, isOwn);
}

/** One that was killed when all of its first epoch but the checkpoint was there. */
async function crashedRun(origin) {
  const { steps } = await started(folderFrom(origin), { at: 0 });
  const at = 1 + steps.indexOf("open runs/run/last.safetensors.*.tmp");
  const folder = folderFrom(origin);
  await started(folder, { at });
  return folder;
}

async function everyOf(name, origin, whole, isTried) {
  const { steps } = await started(folderFrom(origin), { at: 0 });
  const single = steps.flatMap((step, k) => ((isTried?.(step, k, steps) ?? true) ? { at: k + 1 } : []));
  // Of a file that is written in pieces the last one.
  const isLast = ({ at }) => steps[at - 1].startsWith("write ") && steps[at - 1] !== steps[at];
  const half = single.filter(isLast).map((moment) => ({ ...moment, half: true }));
  const draw = uniform(seed);
  const drawn = () => single[Math.floor(draw() * single.length)];
  const twice = Array.from({ length: isTried ? 0 : 4 }, () => [drawn(), drawn()]);
  const chains = [...[...single, ...half].map((moment) => [moment]), ...twice];
  const tally = new Tally();
  await all(chains, (moments) => chain(`${name} ${JSON.stringify(moments)}`, origin, moments, whole, tally));
  tally.print(name);
}

async function random() {
  const whole = await wholeRun(folderFrom(most));
  const { steps, seconds } = await started(folderFrom(most), { after: Number.POSITIVE_INFINITY });
  const draw = uniform(seed);
  const moment = () =>
    draw() < 0.5
      ? { at: 1 + Math.floor(draw() * steps.length), half: draw() < 0.3 }
      : { after: draw() * 1000 * seconds };
  const tally = new Tally();
  const chains = Array.from({ length: Number(values.count) }, (_, k) => ({
    name: `chain ${k}`,
    moments: Array.from({ length: 1 + Math.floor(draw() * 5) }, moment),
  }));
  await all(chains, ({ name, moments }) =>
    tally.kills >= Number(values.count) ? undefined : chain(name, most, moments, whole, tally),
  );
  printHead();
  tally.print("random");
  for (const [place, count] of [...tally.places].sort(([, a], [, b]) => b - a))
    console.log(`${String(count).padStart(6)} ${place}`);
}

try {
  await (values.every ? every() : random());
} finally {
  rmSync(work, { recursive: true, force: true });
}
