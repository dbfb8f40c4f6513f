/** Bugs to put into the time-stepped implementation: a piece of its text, and what it becomes. */
import type { Mutant } from "./mutant.ts";

const twin = (file: string, name: string, find: string, replace: string): Mutant => ({
  of: "step",
  file: `src/conformance/twin/${file}.ts`,
  name,
  find,
  replace,
});

export const stepMutants: readonly Mutant[] = [
  twin(
    "backward",
    "adjoint looked at one step late",
    "const { v, i } = past[at % past.length]!;",
    "const { v, i } = past[(at + past.length - 1) % past.length]!;",
  ),
  twin(
    "backward",
    "tau_mem for tau_syn in the gradient",
    "const { tauSyn } = grid",
    "const { tauMem: tauSyn } = grid",
  ),
  twin(
    "backward",
    "lambda_V advanced before lambda_I",
    "    i[n] = its + decayI[n]! * (i[n]! - its) + adjointFromV[n]! * (v[n]! - its);\n    v[n] = to + decayV[n]! * (v[n]! - to);\n",
    "    v[n] = to + decayV[n]! * (v[n]! - to);\n    i[n] = its + decayI[n]! * (i[n]! - its) + adjointFromV[n]! * (v[n]! - its);\n",
  ),
  twin(
    "backward",
    "jump applied before the step is undone",
    "(height * v[n]! + back",
    "((height * v[n]!) / 0.995 + back",
  ),
  twin(
    "backward",
    "spikes of the last step dropped",
    "if (at >= grid.steps) continue;",
    "if (at >= grid.steps - 1) continue;",
  ),
  twin("grid", "delays cut to whole steps instead of rounded", "Math.round(ms / dt)", "Math.floor(ms / dt)"),
  twin(
    "grid",
    "input spikes a step too late",
    "Math.ceil(time / dt - 1e-9) + late",
    "Math.ceil(time / dt - 1e-9) + late + 1",
  ),
  twin(
    "grid",
    "input spikes in the step before their time",
    "Math.ceil(time / dt - 1e-9) + late",
    "Math.floor(time / dt) + late",
  ),
  twin("grid", "taus exchanged in the adjoint", "tm * spread", "ts * spread"),
  twin("membrane", "cancellation at nearly equal taus", "if (x > 1e-2) return", "if (x > 0) return"),
  twin(
    "convention",
    "I after its decay in I - V",
    'slopeCurrent: "start",\n  slopeVoltage: "reached"',
    'slopeCurrent: "end",\n  slopeVoltage: "reached"',
  ),
  twin(
    "convention",
    "a backward pass with the weights of the next batch",
    'jump: "threshold",\n  staleBackward: false',
    'jump: "threshold",\n  staleBackward: true',
  ),
  twin("convention", "currents kept through the last step", "zeroOut: true", "zeroOut: false"),
  twin("convention", "gradient of another scale", 'scale: "genn_eventprop",', 'scale: "declared",'),
  twin(
    "forward",
    "voltage of the last step carried over a reset",
    "v[n] = reset[n]!;",
    "v[n] = reset[n]! + margin;",
  ),
  twin(
    "forward",
    "spikes arrive in the step in which they happen",
    "send(grid, states, p, neurons[k]!, n + 1);",
    "send(grid, states, p, neurons[k]!, n);",
  ),
  twin(
    "losses/voltageLosses",
    "weighting at the start of the step in the backward pass",
    "this.#weight((step + 1) * dt)",
    "this.#weight(step * dt)",
  ),
  twin("losses/linear", "voltages looked at a step late", "this.looksBefore ? ending - 1 : ending", "ending"),
];
