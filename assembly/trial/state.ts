/** The state of a network: where it starts, how it flows between events, and its reset at spikes. */

import { EventKind } from "../kinds";
import { f64Of, setReal } from "../memory";
import { advance } from "../neuron/advance";
import { keepConstants } from "../neuron/short_flow";
import { takeArrived } from "./arrivals";
import { Network, populationAt } from "./network";
import { eventAt, Record } from "./record";

/** State at time 0. */
export function start(network: Network): void {
  for (let p: u32 = 0; p < network.simulatedCount; p++) {
    const population = populationAt(network, p);
    const bytes = <usize>population.stride * sizeof<real>();
    memory.copy(population.u, population.u0, bytes);
    memory.copy(population.i, population.i0, bytes);
    population.rowCount = 0;
    keepConstants(population);
  }
}

/** Flows every simulated population by x ms and adds what arrives; lists who may cross within the next `horizon` ms. */
export function flowAll(network: Network, x: f64, horizon: f64): void {
  for (let p: u32 = 0; p < network.simulatedCount; p++) {
    const population = populationAt(network, p);
    const row = takeArrived(population, network.zeros);
    advance(population, x, row, horizon, network.coefficients);
  }
}

/** Spikes set u to the reset; called after the flow to their instant. */
export function resetSpiking(network: Network, record: Record, first: u32, end: u32): void {
  for (let e = first; e < end; e++) {
    const event = eventAt(record, e);
    if (event.kind != EventKind.spike) continue;
    const population = populationAt(network, event.group - 1);
    setReal(population.u, event.source, f64Of(population.reset, event.source));
  }
}

/** Whether all currents and voltages are numbers: infinities and NaN stay once they are there. */
export function isFinite(network: Network): bool {
  const end = network.state + network.stateBytes;
  for (let at = network.state; at < end; at += sizeof<real>()) {
    const value = load<real>(at);
    if (!(abs(value) < Infinity)) return false;
  }
  return true;
}
