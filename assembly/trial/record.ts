/** The record of a trial: instants in time order, each with its events, and checkpoints of the state. */

import { EventKind } from "../kinds";
import { difference } from "../maths/double_double";
import { entryOf, Reals, Table } from "../memory";

/** One input spike, network spike or delayed delivery. */
@unmanaged
export class Event {
  /** Total derivative ∂L/∂t of an input or spike, 1/ms. */
  derivative: f64;
  /** Current I of a spiking neuron just before its spike. */
  current: f64;
  /** dV/dt of a spiking neuron just before its spike, 1/ms. */
  slope: f64;
  /** Of `EventKind`. */
  kind: u32;
  /** Source group: 0 the input, 1 + p population p; and the channel or neuron in it. */
  group: u32;
  source: u32;
  /** Of a delivery: the event that it delivers, the projection, and the synapses [first, first + count) of `order`. */
  origin: u32;
  projection: u32;
  first: u32;
  count: u32;
}

/** A time at which something happens: the arrivals, the spikes, or nothing but that the loss looks at a voltage. */
@unmanaged
export class Instant {
  /** Time hi + lo in ms. */
  hi: f64;
  lo: f64;
  /** Its events are [events, those of the next instant). */
  events: u32;
  /** Whether none of them is anything but an input. */
  isInput: u32;
}

@unmanaged
export class Record {
  /** Trial length T in ms. */
  duration: f64;
  events: Table<Event>;
  eventCapacity: u32;
  eventCount: u32;
  instants: Table<Instant>;
  instantCount: u32;
  /** A copy of the state is kept at the start of every `segment`-th interval. */
  keepCheckpoints: u32;
  segment: u32;
  checkpoints: Reals;
  /** States at the start of the intervals of the segment that was recomputed last, and its first interval. */
  segmentStates: Reals;
  replayFirst: u32;
}

export function eventAt(record: Record, e: u32): Event {
  return entryOf<Event>(record.events, e);
}

export function instantAt(record: Record, k: u32): Instant {
  return entryOf<Instant>(record.instants, k);
}

/** First event after instant k's. */
export function eventsEnd(record: Record, k: u32): u32 {
  return k + 1 < record.instantCount ? instantAt(record, k + 1).events : record.eventCount;
}

/** Length of interval k: from instant k − 1 (or 0) to instant k (or T). */
export function intervalLength(record: Record, k: u32): f64 {
  let hi = record.duration;
  let lo = 0.0;
  if (k < record.instantCount) {
    hi = instantAt(record, k).hi;
    lo = instantAt(record, k).lo;
  }
  if (k == 0) return hi + lo;
  const start = instantAt(record, k - 1);
  return difference(hi, lo, start.hi, start.lo);
}

export function appendInstant(record: Record, hi: f64, lo: f64): void {
  const instant = instantAt(record, record.instantCount++);
  instant.hi = hi;
  instant.lo = lo;
  instant.events = record.eventCount;
  instant.isInput = 1;
}

export function appendEvent(record: Record, kind: EventKind, group: u32, source: u32): Event {
  assert(record.eventCount < record.eventCapacity);
  const event = eventAt(record, record.eventCount++);
  event.derivative = 0;
  event.kind = kind;
  event.group = group;
  event.source = source;
  if (kind != EventKind.input) instantAt(record, record.instantCount - 1).isInput = 0;
  return event;
}

/** The input or spike that an event comes from: itself, but for a delivery. */
export function originOf(record: Record, event: Event): Event {
  return event.kind == EventKind.delivery ? eventAt(record, event.origin) : event;
}

/** The instant at which a recorded event happened. */
export function instantOf(record: Record, event: u32): Instant {
  let low: u32 = 0;
  let high = record.instantCount;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (instantAt(record, middle).events <= event) low = middle;
    else high = middle;
  }
  return instantAt(record, low);
}
