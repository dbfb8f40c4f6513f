/**
 * L = Σ a_k t_k + Σ c_m V_m, a number for each spike and for each reading: the cotangent of any loss that sees spike times
 * and voltages. What readings see is charged in the adjoint pass, by `unread`.
 */
import { Count, EventKind, Status } from "../kinds";
import { f64Of, u32Of } from "../memory";
import { readingAt } from "../trial/readings";
import { eventAt, eventsEnd, instantAt } from "../trial/record";
import { Trial } from "../trial/trial";
import { compareCounts, countUp } from "./spikes";

/** Loss and the explicit ∂l/∂t. Fails where a population has not as many spikes as it has factors. */
export function linear(trial: Trial): Status {
  const loss = trial.loss;
  const record = trial.record;
  const found = loss.found;
  memory.fill(found, 0, (<usize>trial.network.spikingCount) << 2);
  loss.value = 0;
  for (let k: u32 = 0; k < record.instantCount; k++) {
    const instant = instantAt(record, k);
    for (let e = instant.events; e < eventsEnd(record, k); e++) {
      const event = eventAt(record, e);
      if (event.kind != EventKind.spike) continue;
      const p = event.group - 1;
      const nth = countUp(found, p);
      if (u32Of(loss.counts, p) == <u32>Count.any || nth >= u32Of(loss.counts, p)) continue;
      const factor = f64Of(loss.numbers, u32Of(loss.starts, p) + nth);
      loss.value += factor * instant.hi + factor * instant.lo;
      event.derivative += factor;
    }
  }
  for (let k: u32 = 0; k < trial.readings.count; k++) {
    const reading = readingAt(trial.readings, k);
    loss.value += reading.factor * reading.v;
  }
  return compareCounts(loss, trial.network.spikingCount);
}
