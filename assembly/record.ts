/** The record of a trial: instants in time order, each with its events, and checkpoints of the state. */
import { deliver } from "./deliver";
import { coefficients, loadCurrent } from "./coefficients";
import { EventKind } from "./kinds";
import { Event, Instant, Plan, eventAt, instantAt, populationAt } from "./plan";

export function appendInstant(plan: Plan, hi: f64, lo: f64): void {
  const instant = instantAt(plan, plan.instantCount++);
  instant.hi = hi;
  instant.lo = lo;
  instant.events = plan.eventCount;
}

export function appendEvent(plan: Plan, kind: EventKind, group: u32, source: u32): Event {
  assert(plan.eventCount < plan.eventCapacity);
  const event = eventAt(plan, plan.eventCount++);
  event.derivative = 0;
  event.kind = kind;
  event.group = group;
  event.source = source;
  return event;
}

/** The instant at which a recorded event happened. */
export function instantOf(plan: Plan, event: u32): Instant {
  let low: u32 = 0;
  let high = plan.instantCount;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (instantAt(plan, middle).events <= event) low = middle;
    else high = middle;
  }
  return instantAt(plan, low);
}

/** Copies the state at the start of each `segment`-th interval. */
export function keepCheckpoint(plan: Plan): void {
  if (plan.instantCount % plan.segment) return;
  const slot = <usize>(plan.instantCount / plan.segment) * plan.stateBytes;
  memory.copy(plan.checkpoints + slot, plan.state, plan.stateBytes);
}

/** Records the spikes that cross now and prepares what they deliver; their voltages are reset after the flow. */
export function appendSpikes(plan: Plan, x: f64): void {
  for (let k: u32 = 0; k < plan.tiedCount; k++) {
    const p = load<u32>(plan.tied + (<usize>k << 3), 0);
    const j = load<u32>(plan.tied + (<usize>k << 3), 4);
    const event = appendEvent(plan, EventKind.spike, 1 + p, j);
    recordSlope(plan, event, x);
    deliver(plan, event);
  }
}

/** I and dV/dt = α (I − threshold) at the crossing, x ms from the current state. */
function recordSlope(plan: Plan, event: Event, x: f64): void {
  const population = populationAt(plan, event.group - 1);
  const at = <usize>event.source << 3;
  const i = <f64>load<real>(population.i + <usize>event.source * sizeof<real>());
  const alpha = load<f64>(population.alpha + at);
  coefficients(alpha, load<f64>(population.beta + at), x, plan.scratch);
  event.current = i * loadCurrent(plan.scratch);
  event.slope = alpha * (event.current - load<f64>(population.threshold + at));
}
