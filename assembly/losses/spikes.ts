/** Spikes of a population, as losses of spike times go through them. */
import { Count, EventKind, Status } from "../kinds";
import { setU32, U32s, u32Of } from "../memory";
import { LossPlan } from "../trial/loss_plan";
import { Event } from "../trial/record";

/** Whether an event is a spike of population p. */
export function isSpikeOf(event: Event, p: u32): bool {
  return event.kind == EventKind.spike && event.group == 1 + p;
}

/** Raises entry k by one; its value before. */
export function countUp(found: U32s, k: u32): u32 {
  const before = u32Of(found, k);
  setU32(found, k, before + 1);
  return before;
}

/** Fails with the first k of [0, end) that has not spiked as often as the loss wants. */
export function compareCounts(loss: LossPlan, end: u32): Status {
  for (let k: u32 = 0; k < end; k++) {
    const wanted = u32Of(loss.counts, k);
    if (wanted == <u32>Count.any || wanted == u32Of(loss.found, k)) continue;
    loss.blamed = k;
    return Status.spikeCountDiffers;
  }
  return Status.ok;
}
