// What a case costs as it is, and with time constants of their own for all neurons (drawn within 20 % of the case's), with the
// gradients of the weights and with all: alternating rounds, the best of each, beside the first.
//
//   npm run build && node bench/variants.mjs CASE [ROUNDS]
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { loadCase } from "../dist/format/loadCase.js";
import { Engine } from "../dist/index.js";

const [path, rounds = "7"] = process.argv.slice(2);
if (!path) {
  console.error("usage: node bench/variants.mjs CASE [ROUNDS]");
  process.exit(2);
}
const { network, duration, input, loss } = await loadCase(path);
const generator = xoroshiro128plus(1);
const drawn = (tau) => Float64Array.from(tau, (value) => value * (0.8 + 0.4 * uniformFloat64(generator)));
const own = {
  ...network,
  populations: network.populations.map((population) => ({
    ...population,
    tauMem: drawn(population.tauMem),
    tauSyn: drawn(population.tauSyn),
  })),
};

const rows = [];
for (const precision of ["f32", "f64"]) {
  for (const [name, its] of [
    ["the case's time constants", network],
    ["own time constants", own],
  ]) {
    const engine = await Engine.create(its, { precision, duration, maxInputSpikes: input.times.length });
    for (const gradients of ["weights", "all"])
      rows.push({ precision, name, gradients, engine, ms: Infinity });
  }
}
for (let round = 0; round < Number(rounds); round++) {
  for (const row of rows) {
    const { spikes, forwardMs, adjointMs } = row.engine.time(input, loss, {
      repetitions: 15,
      gradients: row.gradients,
    });
    row.spikes = spikes;
    row.ms = Math.min(row.ms, forwardMs + adjointMs);
  }
}
for (const { precision, name, gradients, ms, spikes } of rows) {
  const first = rows.find((row) => row.precision === precision);
  console.log(
    `${precision}  ${name.padEnd(26)}${gradients.padEnd(8)}${ms.toFixed(2).padStart(7)} ms  ${(ms / first.ms).toFixed(2)} ×  ${spikes} spikes`,
  );
}
