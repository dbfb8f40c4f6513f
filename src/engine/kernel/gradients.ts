/** The kernel's gradient arrays as tensors of the network's own shapes and parameters. */
import type { PopulationGradient, ProjectionGradient } from "../../model/solution.ts";
import type { PopulationField } from "./layout.ts";
import type { ShapedPopulation, ShapedProjection } from "./shape.ts";
import type { Slot } from "./slot.ts";
import type { Views } from "./writer.ts";

/** [pre][stride] in the kernel to [post][pre]. */
function transposed(views: Views, at: number, { pre, post, stride }: ShapedProjection): Float64Array {
  const rows = views.real(at, pre * stride);
  const tensor = new Float64Array(post * pre);
  for (let j = 0; j < post; j++) {
    for (let i = 0; i < pre; i++) tensor[j * pre + i] = rows[i * stride + j]!;
  }
  return tensor;
}

/** In the network's order. */
export function readProjectionGradients({ views, shape, layout }: Slot): ProjectionGradient[] {
  const gradients: ProjectionGradient[] = [];
  shape.projections.forEach((shaped, p) => {
    const at = layout.projections[p]!;
    gradients[shaped.index] = {
      weight: transposed(views, at.dWeight, shaped),
      delay: transposed(views, at.dDelay, shaped),
    };
  });
  return gradients;
}

/** In the network's order. The kernel differentiates by the rates α = 1/τ: dL/dτ = −dL/dα / τ². */
export function readPopulationGradients({ views, shape, layout }: Slot): PopulationGradient[] {
  const gradients: PopulationGradient[] = [];
  shape.populations.forEach((shaped, p) => {
    gradients[shaped.index] = readPopulationGradient(views, shaped, layout.populations[p]!);
  });
  return gradients;
}

function readPopulationGradient(
  views: Views,
  { population }: ShapedPopulation,
  at: Readonly<Record<PopulationField, number>>,
): PopulationGradient {
  const read = (field: PopulationField) => Float64Array.from(views.real(at[field], population.size));
  const byTau = (field: PopulationField, tau: Float64Array) =>
    read(field).map((d, j) => -d / (tau[j]! * tau[j]!));
  const spiking = population.model === "lif" ? { threshold: read("dThreshold"), reset: read("dReset") } : {};
  return {
    tauMem: byTau("dAlpha", population.tauMem),
    tauSyn: byTau("dBeta", population.tauSyn),
    ...spiking,
    bias: read("dBias"),
    v0: read("dV0"),
    i0: read("dI0"),
  };
}
