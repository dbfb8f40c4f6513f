// How many events a second do the passes process, by size and precision? npm run bench
// Each engine must agree with a central difference of its own forward pass before it is timed.
import { writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import b from "benny";
import { Engine } from "../dist/index.js";
import { speechLike } from "./speechLike.js";

const loss = { kind: "integral_cross_entropy", weighting: "exponential", target: 3 };

async function engineFor({ network, duration, input }, precision) {
  return Engine.create(network, { precision, duration, maxInputSpikes: input.times.length });
}

/** Refuses an engine whose gradient of an output weight is wrong: the loss is smooth in those. */
async function verify(problem) {
  const engine = await engineFor(problem, "f64");
  const { weight, weightGradient } = engine.projections[2];
  engine.accumulateWeightGradient(problem.input, loss);
  const h = 1e-5;
  const start = weight[0];
  const at = (w) => {
    weight[0] = w;
    return engine.evaluate(problem.input, loss).loss;
  };
  const difference = (at(start + h) - at(start - h)) / (2 * h);
  if (Math.abs(difference - weightGradient[0]) > 1e-7 * Math.max(1, Math.abs(difference)))
    throw new Error(`gradient ${weightGradient[0]} is not the difference ${difference}`);
}

const rows = [];
for (const hidden of [64, 256, 512]) {
  const problem = speechLike(hidden);
  await verify(problem);
  for (const precision of ["f64", "f32"]) {
    const engine = await engineFor(problem, precision);
    const { spikes } = engine.time(problem.input, loss, { repetitions: 1, gradients: "weights" });
    rows.push({
      name: `${hidden} neurons ${precision}`,
      events: problem.input.times.length + spikes,
      engine,
      problem,
    });
  }
}

const summary = await b.suite(
  "forward, loss and adjoint of one trial",
  ...rows.map(({ name, engine, problem }) =>
    b.add(name, () => engine.accumulateWeightGradient(problem.input, loss)),
  ),
  b.complete(),
);
const results = summary.results.map(({ name, ops, margin }, k) => ({
  name,
  eventsPerTrial: rows[k].events,
  millisecondsPerTrial: 1000 / ops,
  millionEventsPerSecond: (ops * rows[k].events) / 1e6,
  marginPercent: margin,
}));
console.table(results);
const machine = { cpu: cpus()[0].model, cores: cpus().length, node: process.version };
await writeFile(
  new URL("./results/events.json", import.meta.url),
  `${JSON.stringify({ command: "npm run bench", machine, results }, null, 2)}\n`,
);
