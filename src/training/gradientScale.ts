/** By how much the code of [NTK25] multiplies the exact gradient of a loss. */
import type { RunConfig } from "./config/run.ts";

/** 1 unless `gradient_scale` asks for that code's: 1/tau_mem of the output, 1/T for maxima, 1 for spike times. */
export function gradientScale({ gradient_scale, loss, network, duration }: RunConfig): number {
  if (gradient_scale.kind === "exact" || loss.kind === "first_spike") return 1;
  return loss.kind === "max_cross_entropy" ? 1 / duration : 1 / network.output.tau_mem;
}
