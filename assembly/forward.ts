/**
 * The exact forward pass: flow to the next arrival or crossing, whichever is first; jump; record; again.
 * [hybrid system: dynamics, transition, jump]
 */
import { deliver } from "./deliver";
import { earliestCrossing } from "./earliest";
import { coefficients, flow, loadCurrent, prepareFlow } from "./flow";
import {
  DelayKind, Event, EventKind, Instant, Plan, Population, PopulationFlag, Status,
  eventAt, instantAt, outgoing, populationAt, projectionAt,
} from "./plan";
import { earliestPending, pop, push } from "./queue";
import { flagAll, flowAndTest } from "./tangent_test";

/** State at time 0. */
export function start(plan: Plan): void {
  for (let p: u32 = 0; p < plan.simulatedCount; p++) {
    const population = populationAt(plan, p);
    const bytes = <usize>population.stride * sizeof<real>();
    memory.copy(population.u, population.u0, bytes);
    memory.copy(population.i, population.i0, bytes);
    population.row = 0;
  }
}

/** Flows every simulated population by x ms and adds what arrives; lists who may cross within `horizon` ms. */
function advance(plan: Plan, x: f64, horizon: f64): void {
  for (let p: u32 = 0; p < plan.simulatedCount; p++) {
    const population = populationAt(plan, p);
    const row = population.row == 0 ? plan.zeros : population.row;
    population.row = 0;
    prepareFlow(population, x, false, plan.scratch);
    const flags = population.flags;
    if (p < plan.spikingCount && flags & PopulationFlag.uniform && flags & PopulationFlag.aboveRest) {
      flowAndTest(population, row, horizon);
    } else {
      flow(population, row);
      flagAll(population);
    }
  }
}

/** Flow and arrivals alone, for replaying a recorded trial: the same operations, so the same bits. */
export function advanceReplay(plan: Plan, x: f64, derivatives: bool): void {
  for (let p: u32 = 0; p < plan.simulatedCount; p++) {
    const population = populationAt(plan, p);
    prepareFlow(population, x, derivatives, plan.scratch);
    flow(population, population.row == 0 ? plan.zeros : population.row);
    population.row = 0;
  }
}

function appendInstant(plan: Plan, hi: f64, lo: f64): void {
  const instant = instantAt(plan, plan.instantCount++);
  instant.hi = hi;
  instant.lo = lo;
  instant.events = plan.eventCount;
}

function appendEvent(plan: Plan, kind: EventKind, group: u32, source: u32): Event {
  const event = eventAt(plan, plan.eventCount++);
  event.derivative = 0;
  event.kind = kind;
  event.group = group;
  event.source = source;
  return event;
}

/** Puts an event's delayed deliveries on their way. */
function sendDelayed(plan: Plan, index: u32, hi: f64, lo: f64): void {
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
function appendDelivery(plan: Plan): void {
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
function keepCheckpoint(plan: Plan): void {
  if (plan.instantCount % plan.segment) return;
  const slot = <usize>(plan.instantCount / plan.segment) * plan.stateBytes;
  memory.copy(plan.checkpoints + slot, plan.state, plan.stateBytes);
}

/** Records the spikes that cross now and prepares what they deliver; their voltages are reset after the flow. */
function appendSpikes(plan: Plan, x: f64): void {
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

/** Spikes set u to the reset; called after the flow to their instant. */
export function resetSpiking(plan: Plan, first: u32, end: u32): void {
  for (let e = first; e < end; e++) {
    const event = eventAt(plan, e);
    if (event.kind != EventKind.spike) return;
    const population = populationAt(plan, event.group - 1);
    const reset = load<f64>(population.reset + (<usize>event.source << 3));
    store<real>(population.u + <usize>event.source * sizeof<real>(), <real>reset);
  }
}

/** Time of the next arrival from outside. */
function lookAhead(plan: Plan): void {
  let hi = plan.duration;
  let lo = 0.0;
  if (plan.nextInput < plan.inputCount) hi = load<f64>(plan.inputTimes + (<usize>plan.nextInput << 3));
  if (plan.pendingCount > 0) {
    const pending = earliestPending(plan);
    if (pending.hi < hi || (pending.hi == hi && pending.lo < lo)) {
      hi = pending.hi;
      lo = pending.lo;
    }
  }
  plan.nextHi = hi;
  plan.nextLo = lo;
}

/** Records every arrival of the instant (nextHi, nextLo) and sums what it brings. */
function appendArrivals(plan: Plan, hi: f64, lo: f64): Status {
  while (plan.nextInput < plan.inputCount && lo == 0 && load<f64>(plan.inputTimes + (<usize>plan.nextInput << 3)) == hi) {
    if (plan.eventCount >= plan.eventCapacity) return Status.eventsFull;
    const index = plan.eventCount;
    const source = load<u32>(plan.inputSources + (<usize>plan.nextInput << 2));
    plan.nextInput++;
    deliver(plan, appendEvent(plan, EventKind.input, 0, source));
    sendDelayed(plan, index, hi, lo);
  }
  while (plan.pendingCount > 0 && earliestPending(plan).hi == hi && earliestPending(plan).lo == lo) {
    if (plan.eventCount >= plan.eventCapacity) return Status.eventsFull;
    const index = plan.eventCount;
    appendDelivery(plan);
    deliver(plan, eventAt(plan, index));
  }
  return Status.ok;
}

/** Simulates one trial and records its events. */
export function forward(plan: Plan): Status {
  plan.eventCount = 0;
  plan.instantCount = 0;
  plan.pendingCount = 0;
  plan.nextInput = 0;
  start(plan);
  if (plan.keepCheckpoints) keepCheckpoint(plan);
  let hi = 0.0;
  let lo = 0.0;
  lookAhead(plan);
  advance(plan, 0, plan.nextHi);
  while (true) {
    const wait = max(plan.nextHi - hi + (plan.nextLo - lo), 0.0);
    let x = earliestCrossing(plan, wait);
    // hi + lo + x, exactly, as a new pair.
    const sum = hi + x;
    const part = sum - hi;
    const error = hi - (sum - part) + (x - part) + lo;
    const spikeHi = sum + error;
    const first = plan.eventCount;
    if (x < wait && spikeHi < plan.duration) {
      hi = spikeHi;
      lo = error - (spikeHi - sum);
      if (first + plan.tiedCount > plan.eventCapacity) return Status.eventsFull;
      appendInstant(plan, hi, lo);
      appendSpikes(plan, x);
      for (let e = first; e < plan.eventCount; e++) sendDelayed(plan, e, hi, lo);
    } else {
      if (plan.nextHi >= plan.duration) return Status.ok;
      x = wait;
      hi = plan.nextHi;
      lo = plan.nextLo;
      appendInstant(plan, hi, lo);
      const status = appendArrivals(plan, hi, lo);
      if (status != Status.ok) return status;
    }
    lookAhead(plan);
    advance(plan, x, max(plan.nextHi - hi + (plan.nextLo - lo), 0.0));
    resetSpiking(plan, first, plan.eventCount);
    if (plan.keepCheckpoints) keepCheckpoint(plan);
  }
}
