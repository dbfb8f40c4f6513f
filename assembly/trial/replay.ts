/**
 * The states of a recorded trial, recomputed a segment at a time from the checkpoints of the forward pass: the same
 * operations as there, so the same bits, in memory that does not grow with the trial.
 */
import { Phase } from "../kinds";
import { Reals, realOf } from "../memory";
import { enter } from "../profile";
import { deliver } from "./deliver";
import { Network } from "./network";
import { eventAt, eventsEnd, instantAt, intervalLength, Record } from "./record";
import { flowAll, resetSpiking } from "./state";

/** Copies the state at the start of each `segment`-th interval. */
export function keepCheckpoint(record: Record, network: Network): void {
  if (record.instantCount % record.segment) return;
  const outer = enter(Phase.record);
  const slot = <usize>(record.instantCount / record.segment) * network.stateBytes;
  memory.copy(record.checkpoints + slot, network.state, network.stateBytes);
  enter(outer);
}

/** First interval of the segment that holds interval k. */
export function segmentStart(record: Record, k: u32): u32 {
  return k - (k % record.segment);
}

/** Recomputes the states at the start of intervals first … last, from the first of a segment to the next's at most. */
export function replay(record: Record, network: Network, first: u32, last: u32): void {
  assert(first % record.segment == 0 && last - first <= record.segment && record.keepCheckpoints != 0);
  record.replayFirst = first;
  const outer = enter(Phase.replay);
  const slot = <usize>(first / record.segment) * network.stateBytes;
  memory.copy(network.state, record.checkpoints + slot, network.stateBytes);
  memory.copy(record.segmentStates, network.state, network.stateBytes);
  for (let k = first; k < last; k++) {
    const events = instantAt(record, k).events;
    const end = eventsEnd(record, k);
    for (let e = events; e < end; e++) deliver(network, eventAt(record, e));
    flowAll(network, max(intervalLength(record, k), 0.0), 0);
    resetSpiking(network, record, events, end);
    memory.copy(
      record.segmentStates + <usize>(k + 1 - first) * network.stateBytes,
      network.state,
      network.stateBytes,
    );
  }
  enter(outer);
}

/** A state array as it was at the start of interval k, which `replay` has recomputed. */
export function replayed(record: Record, network: Network, state: Reals, k: u32): Reals {
  assert(k >= record.replayFirst && k - record.replayFirst <= record.segment);
  return (
    record.segmentStates + <usize>(k - record.replayFirst) * network.stateBytes + (state - network.state)
  );
}

/** State u or I of neuron j at the start of interval k, after `replay`. */
export function replayedAt(record: Record, network: Network, state: Reals, j: u32, k: u32): f64 {
  return realOf(replayed(record, network, state, k), j);
}
