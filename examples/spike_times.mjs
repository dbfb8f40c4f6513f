// @ts-check
/**
 * Spikes at wanted times, by a loss of one's own and plain gradient descent: neuron k is to spike first at `targets[k]`.
 * A neuron that does not spike has no spike time to differentiate; its voltage at the wanted time is pulled up instead.
 *
 *   node examples/spike_times.mjs [steps]
 */
import { buildNetwork, Engine } from "goldspike";

const steps = Number(process.argv[2] ?? 300);
const targets = [12, 20, 28, 36]; // ms
const channels = 20;
const duration = 50; // ms
const rate = 0.02; // and the most by which a step moves a weight: near a graze slopes are steep

/** [post][pre]; the first neuron starts silent. */
const weight = Float64Array.from({ length: targets.length * channels }, (_, k) => (k < channels ? 0.1 : 0.5));
const network = buildNetwork({
  inputChannels: channels,
  populations: [{ name: "neurons", size: targets.length, tauMem: 20, tauSyn: 5 }],
  projections: [{ from: "input", to: "neurons", weight }],
});
/** Channel i spikes once, at 2 (i + 1) ms. */
const input = {
  times: Float64Array.from({ length: channels }, (_, i) => 2 * (i + 1)),
  sources: Int32Array.from({ length: channels }, (_, i) => i),
};

const none = { times: new Float64Array(0), neurons: new Int32Array(0) };

/** @type {import("goldspike").OwnLoss} */
const loss = {
  kind: "own",
  voltages: targets.map((time, neuron) => ({ population: "neurons", neuron, time })),
  evaluate({ spikes, voltages }) {
    const { times, neurons } = spikes.neurons ?? none;
    const [byTime, byVoltage] = [new Float64Array(times.length), new Float64Array(targets.length)];
    let sum = 0;
    for (const [k, target] of targets.entries()) {
      const first = neurons.indexOf(k);
      const distance = first >= 0 ? (times[first] ?? 0) - target : 0;
      if (first >= 0)
        byTime[first] = distance; // of ½ (t − target)²
      else byVoltage[k] = -10; // of 10 (1 − V)
      sum += first >= 0 ? distance ** 2 / 2 : 10 * (1 - (voltages[k] ?? 0));
    }
    return { loss: sum, spikeTimes: { neurons: byTime }, voltages: byVoltage };
  },
};

const engine = await Engine.create(network, { duration, maxInputSpikes: channels });
for (let step = 0; step <= steps; step++) {
  const solution = engine.solve(input, loss);
  const { times, neurons } = solution.spikes.neurons ?? none;
  const first = targets.map((_, k) => times[neurons.indexOf(k)]?.toFixed(3) ?? "silent");
  if (step % Math.ceil(steps / 10) === 0 || step === steps)
    console.log(step, solution.loss.toExponential(2), ...first);
  const gradient = engine.gradient("projections[0].weight");
  engine.setWeight(
    0,
    engine.weight(0).map((w, k) => w - rate * Math.max(-1, Math.min(1, gradient[k] ?? 0))),
  );
}
