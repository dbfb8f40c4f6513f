/** Bugs to put into whatever runs a batch trial by trial: a piece of its text, and what it becomes. */
import type { Mutant } from "./mutant.ts";

const batch = (name: string, find: string, replace: string, file = "solveBatch"): Mutant => ({
  of: "batch",
  file: `src/conformance/batch/${file}.ts`,
  name,
  find,
  replace,
});

const start = "for (const index of members) runs.push(await start(trialCase(batch, index, network)));";
const instead = (text: string) => `for (const index of members) { ${text} }`;
const sum = "const sum = runs.map((run) => run.gradients(network)).reduce(sumOf);";
const scaled = (by: string) =>
  `const whole = runs.map((run) => run.gradients(network)).reduce(sumOf);
   const sum = new Map([...whole].map(([n, t]) => [n, { ...t, values: t.values.map((x) => x * (${by})) }]));`;

export const batchMutants: readonly Mutant[] = [
  batch(
    "input spikes of a trial's last two milliseconds leak into the next trial",
    start,
    instead(`const own = trialCase(batch, index, network);
     const before = batch.trials[index - 1]?.input;
     const late = [...(before?.times.keys() ?? [])].filter((k) => before!.times[k]! > own.duration - 2);
     const times = Float64Array.from([...late.map(() => 0), ...own.input.times]);
     const sources = Int32Array.from([...late.map((k) => before!.sources[k]!), ...own.input.sources]);
     runs.push(await start({ ...own, input: { times, sources } }));`),
  ),
  batch(
    "a trial's last current carried into the next",
    start,
    instead(`const own = trialCase(batch, index, network);
     const carried = index === 0 ? 0 : 1e-3;
     const populations = own.network.populations.map((p) => ({ ...p, i0: p.i0.map((i) => i + carried) }));
     runs.push(await start({ ...own, network: { ...own.network, populations } }));`),
  ),
  batch("the mean over the batch for the sum", sum, scaled("1 / runs.length")),
  batch("a last batch scaled as if it were full", sum, scaled("runs.length / batch.batchSize")),
  batch(
    "the last batch's backward pass never made",
    "learn(stale ? waiting : runs);",
    "if (members.at(-1)! < batch.trials.length - 1) learn(stale ? waiting : runs);",
  ),
  batch(
    "stale weights: no step of descent",
    "network = descended(network, sum, batch.learningRate);",
    "network = descended(network, sum, 0);",
  ),
  batch("a step of descent one batch late", "stale = false,", "stale = true,"),
  batch("a step of descent in the wrong direction", "w - rate * values[k]!", "w + rate * values[k]!"),
  batch(
    "a step of descent by the mean over the batch",
    "network = descended(network, sum, batch.learningRate);",
    "network = descended(network, sum, batch.learningRate / runs.length);",
  ),
  batch(
    "weights moved after every trial too",
    start,
    instead(`runs.push(await start(trialCase(batch, index, network)));
     network = descended(network, runs.at(-1)!.gradients(network), batch.learningRate);`),
  ),
  batch(
    "gradients not cleared between batches",
    "batches.push(gradientResult(runs[0]!.result, sum));",
    `const last = batches.at(-1)?.gradients.tensors;
     batches.push(gradientResult(runs[0]!.result, last ? sumOf(sum, last) : sum));`,
  ),
  batch(
    "the first trial's label for all",
    'loss: { ...problem.loss, target } as Case["loss"]',
    "loss: problem.loss",
    "batch",
  ),
  batch(
    "the first trial's input for all",
    "return { ...problem, network, input,",
    "return { ...problem, network,",
    "batch",
  ),
];
