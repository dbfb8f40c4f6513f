/** Jump: what one event adds to the currents of its targets. */

import { DelayKind, EventKind, Phase } from "../kinds";
import { realOf, u32Of } from "../memory";
import { enter } from "../profile";
import { arrive, arriveOne } from "./arrivals";
import { Network, orderOf, outgoing, populationAt, projectionAt, rowOf } from "./network";
import { Event } from "./record";

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
    arriveOne(population, neuron, realOf(row, neuron));
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
