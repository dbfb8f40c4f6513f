/**
 * A backend for goldspike's conformance kit: fill in forward and backward. The rest reads and writes.
 *
 *   node backend.mjs CASE_DIR RESULT_DIR    one case; exit codes: 0 solved, 77 not supported, 2 refused
 *   node backend.mjs --serve                requests, of goldspike conform run --worker -- node backend.mjs --serve
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { load, Refused, saveResult, serve, Unsupported } from "./goldspike.mjs";

/** The precision of your numbers: f64 or f32. */
const about = { backend: "mine 0.1", precision: "f64" };

/**
 * { spikes, kept } of one trial: spikes by spiking population, silent ones too, as { hidden: { times, neurons } }, times in ms
 * and ascending; and whatever else backward is to get.
 *
 *   tau_mem dV/dt = -V + I + bias     tau_syn dI/dt = -I     V reaches threshold: spike, V <- reset     arrival: I <- I + w
 *
 * @param problem as case.json has it: { duration, input: { channels, times, sources }, populations, projections, loss }, arrays
 *   of numbers in a Float64Array; every parameter of a population is an array of its size, every delay one of [post][pre]
 */
function forward(problem) {
  throw new Unsupported("forward is not written yet");
}

/**
 * { loss, readout, gradients }: the loss; what it looks at (S, M or first spikes; left out for losses without); and gradients
 * as in result.json. gradients.projections has an entry each, in the case's order: { weight: [post][pre] }, and delay if you
 * have it; populations, input_times and spike_times may stand beside it. What you do not have, leave out.
 */
function backward(problem, spikes, kept) {
  throw new Unsupported("backward is not written yet");
}

const defaults = { threshold: 1, reset: 0, bias: 0, v0: 0, i0: 0 };

/** The case with an array where the file may have one number for all. */
function readCase(folder) {
  const problem = load(folder);
  if (problem.format !== "goldspike/case@1") throw new Refused(`format: expected goldspike/case@1`);
  for (const population of problem.populations)
    for (const key of ["tau_mem", "tau_syn", ...Object.keys(defaults)]) {
      const value = population[key] ?? defaults[key];
      population[key] = typeof value === "number" ? new Float64Array(population.size).fill(value) : value;
    }
  for (const projection of problem.projections) {
    const { weight, delay = 0 } = projection;
    projection.delay = typeof delay === "number" ? weight.map((row) => row.map(() => delay)) : delay;
  }
  return problem;
}

function solve(caseDir, resultDir) {
  if (existsSync(join(caseDir, "batch.json"))) throw new Unsupported("batches");
  const problem = readCase(caseDir);
  const { spikes, kept } = forward(problem);
  const { gradients, ...parts } = problem.loss.kind === "none" ? {} : backward(problem, spikes, kept);
  const named = gradients && {
    ...gradients,
    projections: problem.projections.map(({ from, to }, k) => ({ from, to, ...gradients.projections[k] })),
  };
  saveResult(resultDir, { case: problem.name, ...about, spikes, ...parts, gradients: named });
}

const [first, second] = process.argv.slice(2);
if (first === "--serve") await serve(solve);
else
  try {
    solve(first, second);
  } catch (error) {
    console.error(String(error.message).replaceAll(/\s+/g, " "));
    process.exitCode = error instanceof Unsupported ? 77 : 2;
  }
