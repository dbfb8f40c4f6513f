/** What the host must not say: a kind that the kernel does not know traps, and is never taken for another. */
import { expect, test } from "vitest";
import { KernelMemory } from "../../src/engine/kernel/memory.ts";
import { Trial } from "../../src/engine/trial.ts";
import { buildNetwork } from "../../src/model/buildNetwork.ts";
import type { Loss } from "../../src/model/losses.ts";
import { bytesOf } from "../support/kernel/kernels.ts";

const module = new WebAssembly.Module(bytesOf("f64"));
const network = buildNetwork({
  inputChannels: 1,
  populations: [
    { name: "hidden", size: 1, tauMem: 20, tauSyn: 5 },
    { name: "output", size: 2, model: "li", tauMem: 20, tauSyn: 5 },
  ],
  projections: [
    { from: "input", to: "hidden", weight: [9] },
    { from: "hidden", to: "output", weight: [1, 1] },
  ],
});
const integral: Loss = { kind: "integral_cross_entropy", weighting: "uniform", target: 0 };
const firstSpike: Loss = {
  kind: "first_spike",
  population: "hidden",
  target: 0,
  tau0: 1,
  alpha: 0.1,
  phantomSpikes: false,
};
const pass = { neurons: true, delays: true, inputTimes: true, checkpoints: true };

/** A trial of one spike with a loss, ready to be run. */
function trialOf(loss: Loss): Trial {
  const sizes = { duration: 20, maxInputSpikes: 1, maxEvents: 100, maxReadings: 0 };
  const room = { slots: 1, lanes: 1, replay: false, numbers: true, delayGradients: true };
  const memory = new KernelMemory(module, network, {
    ...sizes,
    ...room,
    ownThresholds: false,
    precision: "f64",
  });
  const trial = new Trial(memory, memory.layouts[0]!, { ...sizes, precision: "f64" });
  trial.prepare(loss, pass);
  trial.setInput({ times: Float64Array.of(1), sources: Int32Array.of(0) });
  return trial;
}

test.each([
  ["loss", integral, "kind"],
  ["weighting", integral, "weighting"],
  ["penalty", firstSpike, "penalty"],
] as const)("%s", (_, loss, field) => {
  const trial = trialOf(loss);
  trial.evaluate();
  trial.differentiate();
  trial.part("loss", "LossPlan").set(field, 99);
  expect(() => trial.evaluate()).toThrow(WebAssembly.RuntimeError);
});
