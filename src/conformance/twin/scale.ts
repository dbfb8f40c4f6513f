/** By how much the gradient of a loss of voltages is off in scale, by convention. */
import type { Loss } from "../../model/losses.ts";

export const scalings = ["declared", "genn_eventprop", "mlgenn-2", "mlgenn-3"] as const;

/** Whose habits. */
export type Scaling = (typeof scalings)[number];

/**
 * The gradient of a convention over that of the declared loss. `tauMem` is the readout's own, so with several of them the
 * factor is none of the whole gradient.
 *
 * @param share 1 − e^(−dt/tau_mem): mlGeNN drives the adjoint for one step where a maximum's jump is meant
 */
export function scaleOf(
  scaling: Scaling,
  kind: Loss["kind"],
  { tauMem, duration, share }: { tauMem: number; duration: number; share: number },
): number {
  const peak = kind === "max_cross_entropy";
  const integral = kind === "integral_cross_entropy" || kind === "average_cross_entropy";
  switch (scaling) {
    case "declared":
      return 1;
    case "genn_eventprop":
      return peak ? 1 / duration : integral ? 1 / tauMem : 1;
    case "mlgenn-2":
      return peak ? share / duration : integral ? 1 / tauMem : 1;
    case "mlgenn-3":
      return peak ? (tauMem * share) / duration : 1;
  }
}
