/** L = ½ Σ (t_k − target_k)², the spikes and targets of each neuron paired in order. */
import { EventKind, Status } from "../kinds";
import { Plan, eventAt, eventsEnd, instantAt, populationAt } from "../plan";

/** Loss and the explicit ∂l/∂t; `lossScratch` counts each neuron's spikes. Fails where counts differ. */
export function spikeTimeMse(plan: Plan): Status {
  const size = populationAt(plan, plan.lossPopulation).size;
  memory.fill(plan.lossScratch, 0, <usize>size << 3);
  plan.loss = 0;
  for (let k: u32 = 0; k < plan.instantCount; k++) {
    const instant = instantAt(plan, k);
    for (let e = instant.events; e < eventsEnd(plan, k); e++) {
      const event = eventAt(plan, e);
      if (event.kind != EventKind.spike || event.group != 1 + plan.lossPopulation) continue;
      const counter = plan.lossScratch + (<usize>event.source << 3);
      const target = load<u32>(plan.targetOffsets + (<usize>event.source << 2)) + load<u32>(counter);
      store<u32>(counter, load<u32>(counter) + 1);
      if (target >= load<u32>(plan.targetOffsets + (<usize>(event.source + 1) << 2))) continue;
      const late = instant.hi - load<f64>(plan.targets + (<usize>target << 3)) + instant.lo;
      plan.loss += 0.5 * late * late;
      event.derivative += late;
    }
  }
  for (let j: u32 = 0; j < size; j++) {
    const offsets = plan.targetOffsets + (<usize>j << 2);
    if (load<u32>(plan.lossScratch + (<usize>j << 3)) != load<u32>(offsets, 4) - load<u32>(offsets)) return Status.spikeCountDiffers;
  }
  return Status.ok;
}
