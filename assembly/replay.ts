/**
 * The states of a recorded trial, recomputed a segment at a time from the checkpoints of the forward pass: the same
 * operations as there, so the same bits, in memory that does not grow with the trial.
 */
import { deliver } from "./deliver";
import { advanceReplay, resetSpiking } from "./forward";
import { Plan, eventAt, eventsEnd, instantAt, intervalLength } from "./plan";

/** First interval of the segment that holds interval k. */
export function segmentStart(plan: Plan, k: u32): u32 {
  return k - (k % plan.segment);
}

/** Recomputes the states at the start of intervals first … last, from the first of a segment to the next's at most. */
export function replay(plan: Plan, first: u32, last: u32): void {
  assert(first % plan.segment == 0 && last - first <= plan.segment && plan.keepCheckpoints != 0);
  plan.replayFirst = first;
  const slot = <usize>(first / plan.segment) * plan.stateBytes;
  memory.copy(plan.state, plan.checkpoints + slot, plan.stateBytes);
  memory.copy(plan.segmentStates, plan.state, plan.stateBytes);
  for (let k = first; k < last; k++) {
    const events = instantAt(plan, k).events;
    const end = eventsEnd(plan, k);
    for (let e = events; e < end; e++) deliver(plan, eventAt(plan, e));
    advanceReplay(plan, max(intervalLength(plan, k), 0.0), false);
    resetSpiking(plan, events, end);
    memory.copy(plan.segmentStates + <usize>(k + 1 - first) * plan.stateBytes, plan.state, plan.stateBytes);
  }
}

/** A state array as it was at the start of interval k, which `replay` has recomputed. */
export function replayed(plan: Plan, state: usize, k: u32): usize {
  assert(k >= plan.replayFirst && k - plan.replayFirst <= plan.segment);
  return plan.segmentStates + <usize>(k - plan.replayFirst) * plan.stateBytes + (state - plan.state);
}
