/** Jump: what one event adds to the currents of its targets. Rows that arrive at one instant are summed first. */

import { DelayKind, EventKind, Phase } from "../kinds";
import { addTo } from "../maths/lanes";
import { Reals, u32Of } from "../memory";
import { coefficientStride } from "../neuron/coefficients";
import { Population } from "../neuron/population";
import { enter } from "../profile";
import { Network, orderOf, outgoing, populationAt, projectionAt, rowOf } from "./network";
import { Event } from "./record";

/** Adds a row to what arrives at a population at this instant. */
function arrive(population: Population, row: Reals): void {
  if (population.row == 0) {
    population.row = row;
    return;
  }
  addTo(population.drive, population.row, row, coefficientStride(population));
  population.row = population.drive;
}

function arriveOne(population: Population, neuron: u32, weight: real): void {
  const bytes = <usize>population.stride * sizeof<real>();
  if (population.row == 0) memory.fill(population.drive, 0, bytes);
  else if (population.row != population.drive) memory.copy(population.drive, population.row, bytes);
  population.row = population.drive;
  const at = population.drive + <usize>neuron * sizeof<real>();
  store<real>(at, load<real>(at) + weight);
}

/** Deliveries of an event that happen at its own instant. */
export function deliver(network: Network, event: Event): void {
  const outer = enter(Phase.jumps);
  if (event.kind == EventKind.delivery) deliverDelayed(network, event);
  else deliverAtOnce(network, event);
  enter(outer);
}

function deliverAtOnce(network: Network, event: Event): void {
  const range = outgoing(network, event.group);
  for (let p = <u32>range; p < <u32>(range >> 32); p++) {
    const projection = projectionAt(network, p);
    if (projection.delayKind != DelayKind.none || projection.target >= network.simulatedCount) continue;
    arrive(populationAt(network, projection.target), rowOf(projection.weight, projection, event.source));
  }
}

function deliverDelayed(network: Network, event: Event): void {
  const projection = projectionAt(network, event.projection);
  if (projection.target >= network.simulatedCount) return;
  const population = populationAt(network, projection.target);
  const row = rowOf(projection.weight, projection, event.source);
  if (projection.delayKind == DelayKind.shared) {
    arrive(population, row);
    return;
  }
  const order = orderOf(projection, event.source);
  for (let k = event.first; k < event.first + event.count; k++) {
    const neuron = u32Of(order, k);
    arriveOne(population, neuron, load<real>(row + <usize>neuron * sizeof<real>()));
  }
}

/** Whether an event reaches neuron j of a population over projection p at its own instant. */
export function reaches(network: Network, event: Event, p: u32, target: u32, j: u32): bool {
  const projection = projectionAt(network, p);
  if (projection.target != target) return false;
  if (event.kind != EventKind.delivery) return projection.delayKind == DelayKind.none;
  if (projection.delayKind != DelayKind.own) return true;
  const order = orderOf(projection, event.source);
  for (let n = event.first; n < event.first + event.count; n++) {
    if (u32Of(order, n) == j) return true;
  }
  return false;
}
