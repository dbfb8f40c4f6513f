/** Readings of single neurons at given times: their state there, and what the loss makes of the voltage. */
import { addReal, entryOf, f64Of, realOf, Table } from "../memory";
import { Network, populationAt } from "./network";

/** One neuron at one time; at an event's own time, just before the event. */
@unmanaged
export class Reading {
  /** ms, in (0, T] */
  time: f64;
  population: u32;
  neuron: u32;
  /** V and I. */
  v: f64;
  i: f64;
  /** ∂l/∂V, that the loss is to charge. */
  factor: f64;
  /** ∂L/∂V and ∂L/∂I just after it, hence without the reading's own factor; a loss of integrals adds its own. */
  gv: f64;
  gi: f64;
}

@unmanaged
export class Readings {
  /** In order of time. */
  readings: Table<Reading>;
  count: u32;
  /** The first that lies ahead. */
  next: u32;
}

export function readingAt(readings: Readings, k: u32): Reading {
  return entryOf<Reading>(readings.readings, k);
}

/** Time of the next reading; +∞ if none is left. */
export function nextReading(readings: Readings): f64 {
  return readings.next < readings.count ? readingAt(readings, readings.next).time : Infinity;
}

/** The first reading at a time or after it. */
export function firstReading(readings: Readings, time: f64): u32 {
  let low: u32 = 0;
  let high = readings.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (readingAt(readings, middle).time < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Reads the state that has been reached; all readings of one time are made together. */
export function read(readings: Readings, network: Network): void {
  const time = nextReading(readings);
  for (; nextReading(readings) == time; readings.next++) {
    const reading = readingAt(readings, readings.next);
    const population = populationAt(network, reading.population);
    reading.v = f64Of(population.origin, reading.neuron) + realOf(population.u, reading.neuron);
    reading.i = realOf(population.i, reading.neuron);
    reading.gv = 0;
    reading.gi = 0;
  }
}

/** Reverse of `read`, at an instant of this time: takes down the sensitivities, and charges the factors. */
export function unread(readings: Readings, network: Network, time: f64): void {
  const end = readings.next;
  while (readings.next > 0 && readingAt(readings, readings.next - 1).time == time) readings.next--;
  for (let k = readings.next; k < end; k++) {
    const reading = readingAt(readings, k);
    const population = populationAt(network, reading.population);
    reading.gv += realOf(population.gu, reading.neuron);
    reading.gi += realOf(population.gi, reading.neuron);
  }
  for (let k = readings.next; k < end; k++) {
    const reading = readingAt(readings, k);
    const population = populationAt(network, reading.population);
    addReal(population.gu, reading.neuron, reading.factor);
  }
}
