/**
 * What programs mean by the NIR that they write. As NIR defines it, spikes are pulses of unit area, so that a spike of
 * weight W adds w_in W/tau_syn to I, and a constant input b drives I to w_in b. Programs with time steps of dt fill the
 * fields so that their own readers find what they had; what a spike does to V there is known from their equations.
 */
import { fieldComplaint, type PlacedNode } from "./graph.ts";
import type { Wording } from "./wording.ts";

/** Whose conventions a file follows; `nir` is the definition's own. */
export type NirDialect = "nir" | "norse" | "snntorch" | "jaxsnn" | "spyx" | "rockpool";

export const dialects = [
  "nir",
  "norse",
  "snntorch",
  "jaxsnn",
  "spyx",
  "rockpool",
] as const satisfies readonly NirDialect[];

/** One neuron's fields, times in the file's unit. */
interface Constants {
  readonly tauMem: number;
  readonly tauSyn: number;
  readonly r: number;
  readonly wIn: number;
}

/** What inputs do to a neuron's current, which is r I of NIR. */
export interface Gains {
  /** Its jump at a spike of weight 1. */
  readonly spike: number;
  /** What a constant input of 1 drives it to; undefined where that depends on a time step that nobody knows. */
  readonly constant: number | undefined;
}

export interface Convention {
  readonly dialect: NirDialect;
  /** The program's time step in the file's unit, where the user says it. */
  readonly step: number | undefined;
  /** s in the file's unit. */
  readonly second: number;
  readonly exp: (x: number) => number;
  readonly wording: Wording;
}

/** Of snnTorch's exporter, s. */
const snnTorchStep = 1e-4;

/** How far fields may be from what a program would have written: rounding to f32. */
const near = 1e-3;

/**
 * @param at the neuron's index
 * @throws ConfigError the fields are not those that this program writes
 */
export function gainsOf(
  node: PlacedNode,
  at: number,
  { tauMem, tauSyn, r, wIn }: Constants,
  { dialect, step, second, exp, wording }: Convention,
): Gains {
  switch (dialect) {
    case "nir":
      return { spike: (r * wIn) / tauSyn, constant: r * wIn };
    case "norse":
    case "jaxsnn":
      // A spike adds W to I, and a constant is added once a time step.
      return { spike: r * wIn, constant: step === undefined ? undefined : (r * wIn * tauSyn) / step };
    case "snntorch": {
      const dt = step ?? snnTorchStep * second;
      requireNear(node, ["r", at], r, tauMem / dt, { dt, wording });
      requireNear(node, ["w_in", at], wIn, tauSyn / dt, { dt, wording });
      return { spike: (r * wIn * dt) / tauSyn, constant: r * wIn };
    }
    case "spyx": {
      // r is beta = 1 - dt/tau_mem; a spike adds W to I, and I to V once a step.
      if (!(r > 0 && r < 1))
        throw fieldComplaint(node, ["r", at], "expected a decay factor in (0, 1), as spyx writes it", r);
      const perStep = 1 / (1 - r);
      return { spike: perStep, constant: (perStep * tauSyn * perStep) / tauMem };
    }
    case "rockpool": {
      if (!(r > 0)) throw fieldComplaint(node, ["r", at], "expected a number > 0, as Rockpool writes it", r);
      const steps = rockpoolSteps(r, exp);
      return { spike: steps, constant: (steps * steps * tauSyn) / tauMem };
    }
  }
}

function requireNear(
  node: PlacedNode,
  path: readonly ["r" | "w_in", number],
  found: number,
  expected: number,
  { dt, wording }: { readonly dt: number; readonly wording: Wording },
): void {
  if (Math.abs(found - expected) <= near * expected) return;
  const tau = path[0] === "r" ? "tau_mem" : "tau_syn";
  throw fieldComplaint(
    node,
    path,
    `expected ${tau}/dt = ${expected} with dt = ${dt}, as snnTorch writes it (${wording("step")} says another dt)`,
    found,
  );
}

/** tau_mem/dt of r = x exp(−1/x), x = tau_mem/dt. Newton; r + 1 is near for all but the shortest tau_mem. */
function rockpoolSteps(r: number, exp: (x: number) => number): number {
  let x = r + 1;
  for (let k = 0; k < 30; k++) {
    const decay = exp(-1 / x);
    x -= (x * decay - r) / (decay * (1 + 1 / x));
  }
  return x;
}
