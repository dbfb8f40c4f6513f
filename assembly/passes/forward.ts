/**
 * The exact forward pass: flow to the next arrival or crossing, whichever is first; jump; record; again.
 * [hybrid system: dynamics, transition, jump]
 */

import { Counter, EventKind, Phase, Status } from "../kinds";
import { addTo, difference, isBefore } from "../maths/double_double";
import { f64Of, realOf, u32Of } from "../memory";
import { coefficients } from "../neuron/coefficients";
import { slopeOf } from "../neuron/lif";
import { fromRest } from "../neuron/population";
import { enter, tally } from "../profile";
import { appendDelivery, sendDelayed } from "../trial/delays";
import { deliver } from "../trial/deliver";
import { Network, populationAt } from "../trial/network";
import { earliestPending } from "../trial/queue";
import { nextReading, read } from "../trial/readings";
import { appendEvent, appendInstant, Event, eventAt } from "../trial/record";
import { keepCheckpoint } from "../trial/replay";
import { earliestCrossing, firstReach, tiedAt } from "../trial/search";
import { flowAll, isFinite, resetSpiking, start } from "../trial/state";
import { Trial } from "../trial/trial";

/** `flowAll`, by which an interval begins. */
function advanceAll(network: Network, x: f64, horizon: f64): void {
  const outer = enter(Phase.flow);
  tally(Counter.intervals, 1);
  flowAll(network, x, horizon);
  enter(outer);
}

/** Time of the next arrival from outside or reading; at one time readings come first. */
function lookAhead(trial: Trial): void {
  const input = trial.input;
  let hi = trial.record.duration;
  let lo = 0.0;
  if (input.next < input.count) hi = f64Of(input.times, input.next);
  if (trial.queue.count > 0) {
    const pending = earliestPending(trial.queue);
    if (isBefore(pending.hi, pending.lo, hi, lo)) {
      hi = pending.hi;
      lo = pending.lo;
    }
  }
  const reading = nextReading(trial.readings);
  trial.nextIsReading = reading < hi || (reading == hi && lo >= 0) ? 1 : 0;
  trial.nextHi = trial.nextIsReading ? reading : hi;
  trial.nextLo = trial.nextIsReading ? 0.0 : lo;
}

/** Time from hi + lo to the next arrival or reading, ms. */
function waitFrom(trial: Trial, hi: f64, lo: f64): f64 {
  return max(difference(trial.nextHi, trial.nextLo, hi, lo), 0.0);
}

/** Records every arrival of the instant and sums what it brings. */
function appendArrivals(trial: Trial, hi: f64, lo: f64): Status {
  const outer = enter(Phase.record);
  const input = trial.input;
  const record = trial.record;
  const queue = trial.queue;
  while (input.next < input.count && lo == 0 && f64Of(input.times, input.next) == hi) {
    if (record.eventCount >= record.eventCapacity) return Status.eventsFull;
    const index = record.eventCount;
    const source = u32Of(input.sources, input.next++);
    deliver(trial.network, appendEvent(record, EventKind.input, 0, source));
    if (trial.network.hasDelays) sendDelayed(trial, index, hi, lo);
  }
  while (queue.count > 0 && earliestPending(queue).hi == hi && earliestPending(queue).lo == lo) {
    if (record.eventCount >= record.eventCapacity) return Status.eventsFull;
    const index = record.eventCount;
    appendDelivery(trial);
    deliver(trial.network, eventAt(record, index));
  }
  enter(outer);
  return Status.ok;
}

/** Records the spikes that cross now and prepares what they deliver; their voltages are reset after the flow. */
function appendSpikes(trial: Trial, x: f64): Status {
  const outer = enter(Phase.record);
  const record = trial.record;
  const first = record.eventCount;
  if (first + trial.search.tiedCount > record.eventCapacity) return Status.eventsFull;
  appendInstant(record, trial.time.hi, trial.time.lo);
  for (let k: u32 = 0; k < trial.search.tiedCount; k++) {
    const tied = tiedAt(trial.search, k);
    const event = appendEvent(record, EventKind.spike, 1 + tied.population, tied.neuron);
    recordSlope(trial.network, event, x);
    deliver(trial.network, event);
  }
  const hi = trial.time.hi;
  const lo = trial.time.lo;
  if (trial.network.hasDelays) {
    for (let e = first; e < record.eventCount; e++) sendDelayed(trial, e, hi, lo);
  }
  enter(outer);
  return Status.ok;
}

/** I and dV/dt at the crossing, x ms from the current state. */
function recordSlope(network: Network, event: Event, x: f64): void {
  const found = network.coefficients;
  const population = populationAt(network, event.group - 1);
  const j = event.source;
  const alpha = f64Of(population.alpha, j);
  coefficients(alpha, f64Of(population.beta, j), x, found);
  event.current = realOf(population.i, j) * found.current;
  event.slope = slopeOf(fromRest(population, j, f64Of(population.threshold, j)), event.current, alpha);
}

function begin(trial: Trial): void {
  trial.record.eventCount = 0;
  trial.record.instantCount = 0;
  trial.queue.count = 0;
  trial.input.next = 0;
  trial.readings.next = 0;
  trial.search.wait = trial.record.duration;
  start(trial.network);
}

/** Simulates one trial and records its events. */
export function forward(trial: Trial): Status {
  const network = trial.network;
  const record = trial.record;
  begin(trial);
  if (record.keepCheckpoints) keepCheckpoint(record, network);
  let hi = 0.0;
  let lo = 0.0;
  lookAhead(trial);
  advanceAll(network, 0, firstReach(trial.search, trial.nextHi));
  while (true) {
    const wait = waitFrom(trial, hi, lo);
    let x = earliestCrossing(trial.search, network, wait);
    const first = record.eventCount;
    addTo(trial.time, hi, lo, x);
    let reads = false;
    let status = Status.ok;
    if (x < wait && trial.time.hi < record.duration) {
      hi = trial.time.hi;
      lo = trial.time.lo;
      status = appendSpikes(trial, x);
    } else {
      reads = trial.nextIsReading != 0;
      if (!reads && trial.nextHi >= record.duration) return isFinite(network) ? Status.ok : Status.notFinite;
      x = wait;
      hi = trial.nextHi;
      lo = trial.nextLo;
      appendInstant(record, hi, lo);
      if (!reads) status = appendArrivals(trial, hi, lo);
    }
    if (status != Status.ok) return status;
    // A reading looks ahead only once it is made: what follows may be at the same time.
    if (reads) {
      advanceAll(network, x, 0);
      read(trial.readings, network);
      lookAhead(trial);
      advanceAll(network, 0, firstReach(trial.search, waitFrom(trial, hi, lo)));
    } else {
      lookAhead(trial);
      advanceAll(network, x, firstReach(trial.search, waitFrom(trial, hi, lo)));
      resetSpiking(network, record, first, record.eventCount);
    }
    if (record.keepCheckpoints) keepCheckpoint(record, network);
  }
}
