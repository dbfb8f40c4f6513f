/** Time constants, thresholds, resets and initial states that are not the usual ones. */
import type { Solvable } from "./recipe.ts";
import { adversarial, chain, hidden, output, readout, recurrent } from "./small.ts";

export const constants: readonly Solvable[] = [
  adversarial("equal-taus", "tau_mem = tau_syn", "0/0 in tau_syn/(tau_mem - tau_syn)", {
    populations: [hidden(2, { tau_mem: 10, tau_syn: 10 }), output(2, { tau_mem: 7, tau_syn: 7 })],
  }),
  adversarial(
    "nearly-equal-taus",
    "tau_mem and tau_syn differ by 1e-12 of their value",
    "cancellation in exp(-t/tau_mem) - exp(-t/tau_syn)",
    {
      populations: [
        hidden(2, { tau_mem: 10, tau_syn: [10 * (1 + 1e-12), 10 * (1 - 1e-12)] }),
        output(2, { tau_mem: 10, tau_syn: 10 * (1 + 1e-12) }),
      ],
    },
  ),
  adversarial(
    "tau-ratio-1000",
    "tau_mem a thousand times tau_syn, and the other way round",
    "stiffness: a step as long as the shorter time constant",
    {
      populations: [hidden(2, { tau_mem: [100, 1], tau_syn: [0.1, 1000] }), output(2)],
      projections: chain([[900], [0.4]], readout),
    },
  ),
  adversarial("slow-synapses", "tau_syn above tau_mem", "tau_mem and tau_syn taken for each other", {
    populations: [hidden(2, { tau_mem: 4, tau_syn: 11 }), output(2, { tau_mem: 5, tau_syn: 9 })],
    projections: chain([[1.1], [1.4]], readout),
  }),
  adversarial(
    "thresholds-per-neuron",
    "every neuron has its own threshold and reset",
    "one threshold for a whole population, and theta where theta - reset belongs",
    {
      populations: [hidden(2, { threshold: [0.8, 1.3], reset: [-0.2, 0.3] }), output(2)],
      projections: recurrent(
        [
          [0.4, -0.3],
          [0.5, 0.2],
        ],
        1,
      ),
    },
  ),
  adversarial("reset-above-rest", "reset half-way to the threshold", "reset to 0 whatever the case says", {
    populations: [hidden(2, { reset: 0.5 }), output(2)],
  }),
  adversarial("reset-below-rest", "reset well below rest", "reset to 0 whatever the case says", {
    populations: [hidden(2, { reset: -0.6 }), output(2)],
    projections: chain([[6], [8]], readout),
  }),
  adversarial(
    "initial-state",
    "neurons start with voltage and current",
    "a trial that starts from rest whatever the case says",
    {
      populations: [
        hidden(2, { v0: [0.4, -0.3], i0: [1.5, 2.5] }),
        output(2, { v0: [0.2, -0.1], i0: [-0.2, 0.4] }),
      ],
    },
  ),
];
