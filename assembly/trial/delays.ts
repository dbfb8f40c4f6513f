/** Delayed deliveries: each event's rows of synapses on their way, one queue entry a row, in order of arrival. */

import { DelayKind, EventKind } from "../kinds";
import { addTo } from "../maths/double_double";
import { f64Of } from "../memory";
import { outgoing, populationAt, projectionAt } from "./network";
import { earliestPending, pop, push } from "./queue";
import { appendEvent, eventAt, instantOf } from "./record";
import { Trial } from "./trial";

/** Puts an event's delayed deliveries on their way. */
export function sendDelayed(trial: Trial, index: u32, hi: f64, lo: f64): void {
  const event = eventAt(trial.record, index);
  const range = outgoing(trial.network, event.group);
  for (let p = <u32>range; p < <u32>(range >> 32); p++) {
    const projection = projectionAt(trial.network, p);
    if (projection.delayKind != DelayKind.none) schedule(trial, index, p, 0, hi, lo);
  }
}

/** Queues synapse `next` and those behind it of a delayed delivery, unless it arrives after the trial. */
function schedule(trial: Trial, origin: u32, p: u32, next: u32, hi: f64, lo: f64): void {
  const projection = projectionAt(trial.network, p);
  let delay = projection.delay;
  if (projection.delayKind == DelayKind.own) {
    const row = eventAt(trial.record, origin).source * projection.stride;
    delay = f64Of(projection.delays, row + next);
  }
  const arrival = trial.time;
  addTo(arrival, hi, lo, delay);
  if (arrival.hi < trial.record.duration) push(trial.queue, arrival.hi, arrival.lo, origin, p, next);
}

/** Takes the earliest delivery from the queue as an event, and queues the row's next one. */
export function appendDelivery(trial: Trial): void {
  const pending = earliestPending(trial.queue);
  const origin = pending.origin;
  const p = pending.projection;
  const first = pending.next;
  const source = eventAt(trial.record, origin);
  const projection = projectionAt(trial.network, p);
  pop(trial.queue);
  const event = appendEvent(trial.record, EventKind.delivery, source.group, source.source);
  event.origin = origin;
  event.projection = p;
  event.first = first;
  event.count = 1;
  if (projection.delayKind == DelayKind.shared) return;
  const size = populationAt(trial.network, projection.target).size;
  const row = source.source * projection.stride;
  const delay = f64Of(projection.delays, row + first);
  while (first + event.count < size && f64Of(projection.delays, row + first + event.count) == delay)
    event.count++;
  if (first + event.count == size) return;
  const at = instantOf(trial.record, origin);
  schedule(trial, origin, p, first + event.count, at.hi, at.lo);
}
