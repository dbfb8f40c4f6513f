// @ts-check
/**
 * Gradients of a network of one's own against central differences, tensor by tensor. Exact events make it a sharp test:
 * (L(p + h) − L(p − h))/2h is off by an order of h², and no time step blurs it.
 *
 *   node examples/gradient_check.mjs
 */
import { buildNetwork, Engine } from "goldspike";

const duration = 60; // ms
const input = { times: Float64Array.of(1, 4, 9, 15, 22), sources: Int32Array.of(0, 1, 0, 1, 0) };
/** @type {import("goldspike").Loss} */
const loss = { kind: "integral_cross_entropy", weighting: "exponential", target: 0 };

/** What is differentiated, by the names that results have: weights and delays [post][pre], times in ms. */
const values = {
  "projections[0].weight": [9, 2, 3, 8, 5, 5],
  "projections[1].weight": [0, 0.5, -0.4, 0.3, 0, 0.6, -0.5, 0.2, 0],
  "projections[1].delay": [1, 2, 3, 1.5, 2.5, 3.5, 2, 3, 4],
  "projections[2].weight": [1, -1, 0.5, -1, 1, 0.3],
  "populations.hidden.tau_mem": [20, 15, 25],
  "populations.output.tau_syn": [5, 6],
};
const names = /** @type {(keyof values)[]} */ (Object.keys(values));

/** @param {typeof values} at */
const networkAt = (at) =>
  buildNetwork({
    inputChannels: 2,
    populations: [
      { name: "hidden", size: 3, tauMem: at["populations.hidden.tau_mem"], tauSyn: 5 },
      { name: "output", size: 2, model: "li", tauMem: 20, tauSyn: at["populations.output.tau_syn"] },
    ],
    projections: [
      { from: "input", to: "hidden", weight: at["projections[0].weight"] },
      {
        ...{ from: "hidden", to: "hidden", weight: at["projections[1].weight"] },
        delay: at["projections[1].delay"],
      },
      { from: "hidden", to: "output", weight: at["projections[2].weight"] },
    ],
  });

const engine = await Engine.create(networkAt(values), { duration, maxInputSpikes: input.times.length });
const { spikes } = engine.solve(input, loss);
console.log(`${spikes.hidden?.times.length} spikes`);
const gradients = names.map((name) => engine.gradient(name));

/** L with one number moved. @type {(name: keyof values, k: number, by: number) => number} */
function lossAt(name, k, by) {
  const moved = values[name].map((value, j) => (j === k ? value + by : value));
  engine.setNetwork(networkAt({ ...values, [name]: moved }));
  return engine.evaluate(input, loss).loss;
}

const h = 1e-5;
for (const [n, name] of names.entries()) {
  const exact = Array.from(gradients[n] ?? []);
  const errors = exact.map((d, k) => Math.abs(d - (lossAt(name, k, h) - lossAt(name, k, -h)) / (2 * h)));
  const largest = Math.max(...exact.map(Math.abs));
  const off = Math.max(...errors) / largest;
  console.log(name.padEnd(28), "largest", largest.toExponential(3), "off by", off.toExponential(1));
  if (!(off < 1e-6)) process.exitCode = 1;
}
