// What a call of `Engine.solve` costs beside the kernel's own passes, all gradients, in a loop on one engine:
//   npm run build && node bench/solve.mjs CASE [REPETITIONS]

import { loadCase } from "../dist/format/loadCase.js";
import { Engine } from "../dist/index.js";

const [path, repetitions = "40"] = process.argv.slice(2);
if (!path) {
  console.error("usage: node bench/solve.mjs CASE [REPETITIONS]");
  process.exit(2);
}
const { network, duration, input, loss } = await loadCase(path);

/** ms of processor time that each of some calls takes. */
function cost(call) {
  const { user, system } = process.cpuUsage();
  call();
  const used = process.cpuUsage({ user, system });
  return (used.user + used.system) / 1000 / Number(repetitions);
}

for (const precision of ["f64", "f32"]) {
  const engine = await Engine.create(network, { precision, duration, maxInputSpikes: input.times.length });
  for (let n = 0; n < 10; n++) engine.solve(input, loss);
  const solve = cost(() => {
    for (let n = 0; n < Number(repetitions); n++) engine.solve(input, loss);
  });
  const kernel = cost(() => engine.time(input, loss, { repetitions: Number(repetitions), gradients: "all" }));
  const ratio = (solve / kernel).toFixed(2);
  console.log(
    `${precision}: solve ${solve.toFixed(1)} ms, kernel ${kernel.toFixed(1)} ms of processor time, ratio ${ratio}`,
  );
}
