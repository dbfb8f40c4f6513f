/**
 * The exact forward pass: flow to the next arrival or crossing, whichever is first; jump; record; again.
 * [hybrid system: dynamics, transition, jump]
 */
import { appendDelivery, sendDelayed } from "./delays";
import { deliver } from "./deliver";
import { earliestCrossing } from "./earliest";
import { prepareFlow } from "./coefficients";
import { flow } from "./flow";
import { EventKind, PopulationFlag, Status } from "./kinds";
import { Plan, eventAt, populationAt } from "./plan";
import { earliestPending } from "./queue";
import { appendEvent, appendInstant, appendSpikes, keepCheckpoint } from "./record";
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

/** Whether all currents and voltages are numbers: infinities and NaN stay once they are there. */
function isFinite(plan: Plan): bool {
  const end = plan.state + plan.stateBytes;
  for (let at = plan.state; at < end; at += sizeof<real>()) {
    const value = load<real>(at);
    if (!(abs(value) < Infinity)) return false;
  }
  return true;
}

/** Simulates one trial and records its events. */
export function forward(plan: Plan): Status {
  plan.eventCount = 0;
  plan.instantCount = 0;
  plan.pendingCount = 0;
  plan.nextInput = 0;
  plan.wait = plan.duration;
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
      if (plan.nextHi >= plan.duration) return isFinite(plan) ? Status.ok : Status.notFinite;
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
