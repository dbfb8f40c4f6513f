/** Delayed deliveries: each event's rows of synapses on their way, one queue entry a row, in order of arrival. */
import { DelayKind, EventKind } from "./kinds";
import { Plan, eventAt, outgoing, populationAt, projectionAt } from "./plan";
import { earliestPending, pop, push } from "./queue";
import { appendEvent, instantOf } from "./record";

/** Puts an event's delayed deliveries on their way. */
export function sendDelayed(plan: Plan, index: u32, hi: f64, lo: f64): void {
  const event = eventAt(plan, index);
  const range = outgoing(plan, event.group);
  for (let p = <u32>range; p < <u32>(range >> 32); p++) {
    const projection = projectionAt(plan, p);
    if (projection.delayKind != DelayKind.none) schedule(plan, index, p, 0, hi, lo);
  }
}

/** Queues synapse `next` and those behind it of a delayed delivery, unless it arrives after the trial. */
function schedule(plan: Plan, origin: u32, p: u32, next: u32, hi: f64, lo: f64): void {
  const projection = projectionAt(plan, p);
  let delay = projection.delay;
  if (projection.delayKind == DelayKind.own) {
    const row = <usize>eventAt(plan, origin).source * projection.stride;
    delay = load<f64>(projection.delays + ((row + next) << 3));
  }
  const sum = hi + delay;
  const part = sum - hi;
  const error = hi - (sum - part) + (delay - part) + lo;
  const arrival = sum + error;
  if (arrival < plan.duration) push(plan, arrival, error - (arrival - sum), origin, p, next);
}

/** Takes the earliest delivery from the queue as an event, and queues the row's next one. */
export function appendDelivery(plan: Plan): void {
  const pending = earliestPending(plan);
  const origin = pending.origin;
  const p = pending.projection;
  const first = pending.next;
  const source = eventAt(plan, origin);
  const projection = projectionAt(plan, p);
  pop(plan);
  const event = appendEvent(plan, EventKind.delivery, source.group, source.source);
  event.origin = origin;
  event.projection = p;
  event.first = first;
  event.count = 1;
  if (projection.delayKind == DelayKind.shared) return;
  const size = populationAt(plan, projection.target).size;
  const delays = projection.delays + ((<usize>source.source * projection.stride) << 3);
  const delay = load<f64>(delays + (<usize>first << 3));
  while (first + event.count < size && load<f64>(delays + (<usize>(first + event.count) << 3)) == delay) event.count++;
  if (first + event.count == size) return;
  const at = instantOf(plan, origin);
  schedule(plan, origin, p, first + event.count, at.hi, at.lo);
}
